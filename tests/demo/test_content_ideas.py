"""The ideas of the demo company keep their promises."""

import re
from collections import Counter

from tests.demo.company import (
    BY_ID,
    DECIDED,
    DEPARTMENTS,
    IDEAS,
    PEOPLE,
    STAGES,
    Row,
    active_members,
    answerers,
    each_idea,
    moderates,
    texts,
    touches,
)


def test_there_are_enough_ideas_in_both_languages_and_every_stage():
    stages = Counter(idea["stage"] for idea in IDEAS)
    russian = sum(idea["lang"] == "ru" for idea in IDEAS)

    assert len(IDEAS) >= 150
    assert russian / len(IDEAS) >= 0.4
    assert set(stages) == set(STAGES)
    assert min(stages.values()) >= 3
    assert stages.most_common(1)[0][0] == "open"


def test_no_two_ideas_or_comments_are_alike():
    problems = Counter(idea["problem"].casefold() for idea in IDEAS)
    titles = Counter(idea["title"].casefold() for idea in IDEAS if idea["title"])
    bodies = Counter(c["body"].casefold() for idea in IDEAS for c in idea["comments"])

    assert len(BY_ID) == len(IDEAS)
    assert max(problems.values()) == max(titles.values()) == max(bodies.values()) == 1


def test_no_two_ideas_share_most_of_their_words():
    words = [set(re.findall(r"\w{4,}", idea["problem"].casefold())) for idea in IDEAS]

    for n, one in enumerate(words):
        for other in words[:n]:
            assert len(one & other) < 0.5 * max(len(one | other), 1)


def test_ideas_are_as_varied_as_people_write_them():
    lengths = [len(idea["problem"] + (idea["proposal"] or "")) for idea in IDEAS]

    assert min(lengths) < 120
    assert max(lengths) > 1_200
    assert sum(idea["title"] is None for idea in IDEAS) >= 3
    assert sum(not idea["departments"] for idea in IDEAS if idea["stage"] != "draft") >= 2
    assert any("\n|" in text for text in texts())
    assert any("```" in text for text in texts())


@each_idea()
def test_an_idea_fits_the_limits_and_names_only_what_exists(idea):
    assert idea["lang"] in {"en", "ru"}
    assert idea["stage"] in STAGES
    assert 0 < len(idea["problem"]) <= 20_000
    assert len(idea["title"] or "") <= 200
    assert set(idea["departments"]) <= DEPARTMENTS.keys()
    assert len(idea["departments"]) <= 4
    assert len(idea["tags"]) <= 4
    assert all(0 < len(tag) <= 40 for tag in idea["tags"])
    assert idea["author"] in PEOPLE
    assert idea["days_ago"] >= 0
    cyrillic = len(re.findall("[а-яё]", idea["problem"].casefold()))
    assert (cyrillic > len(re.findall("[a-z]", idea["problem"].casefold()))) == (
        idea["lang"] == "ru"
    )


@each_idea()
def test_a_stage_has_what_it_needs_and_nothing_else(idea):
    stage, decision = idea["stage"], idea["decision"]

    assert bool(decision) == (stage in DECIDED)
    assert bool(idea["outcome"]) == (stage == "done")
    assert bool(idea["merged"]) == (stage == "merged")
    assert bool(idea["withdrawn"]) == (stage == "withdrawn")
    assert (idea["review_days_ago"] is not None) == (stage in DECIDED | {"review"})


@each_idea("draft")
def test_a_draft_has_been_seen_by_nobody(idea):
    assert not idea["answers"]
    assert not idea["comments"]
    assert not idea["votes"]["by_department"]


@each_idea(*sorted(DECIDED))
def test_a_decision_is_public_reasoned_and_not_on_ones_own_idea(idea):
    decision = idea["decision"]
    accepted = decision["decision"] == "accept"

    assert accepted == (idea["stage"] != "declined")
    assert moderates(decision["by"])
    assert decision["by"] != idea["author"]
    assert 0 < len(decision["reason"]) <= 2_000
    assert decision["owner"] is None or (accepted and decision["owner"] in DEPARTMENTS)
    assert (decision["due_in_days"] is None) == (decision["owner"] is None)
    assert bool(decision["revisit"]) != accepted
    assert idea["days_ago"] >= idea["review_days_ago"] >= decision["days_ago"]
    assert not idea["outcome"] or decision["days_ago"] >= idea["outcome"]["days_ago"]


def test_some_accepted_ideas_are_overdue_and_some_are_not():
    accepted = [idea["decision"] for idea in IDEAS if idea["stage"] == "accepted"]
    due = [each["due_in_days"] for each in accepted if each["owner"]]

    assert 1 <= len(accepted) - len(due) <= 2, "somebody's turn, nobody's work"

    assert min(due) < 0 < max(due)


@each_idea("merged")
def test_a_merge_leads_to_another_living_idea(idea):
    target = BY_ID[idea["merged"]["into"]]

    assert target is not idea
    assert target["stage"] not in {"draft", "merged", "withdrawn"}
    assert moderates(idea["merged"]["by"])
    assert idea["days_ago"] >= idea["merged"]["days_ago"] <= target["days_ago"]


@each_idea()
def test_only_representatives_answer_and_before_the_decision(idea):
    decided = idea["decision"]["days_ago"] if idea["decision"] else 0

    for slug, answer in idea["answers"].items():
        assert slug in idea["departments"]
        assert answer["by"] in answerers(slug)
        assert answer["answer"] in {"helps", "no_effect", "needs_change", "harms"}
        assert answer["reason"] or answer["answer"] in {"helps", "no_effect"}
        assert idea["days_ago"] >= answer["days_ago"] >= decided


def test_every_kind_of_answer_is_given_and_some_are_awaited():
    given = Counter(a["answer"] for idea in IDEAS for a in idea["answers"].values())
    waiting = [idea for idea in IDEAS if idea["stage"] in {"open", "review"}]

    assert set(given) == {"helps", "no_effect", "needs_change", "harms"}
    assert sum(bool(set(i["departments"]) - i["answers"].keys()) for i in waiting) >= 20
    for_boris = [i for i in waiting if "it" in i["departments"] and "it" not in i["answers"]]
    assert len(for_boris) >= 5


@each_idea()
def test_votes_fit_the_people_there_are(idea):
    for slug, count in idea["votes"]["by_department"].items():
        assert 0 < count <= len(active_members(slug) - {idea["author"]})


def test_support_ranges_from_nobody_to_nearly_everyone():
    posted = [idea for idea in IDEAS if idea["stage"] != "draft"]
    support = [sum(idea["votes"]["by_department"].values()) for idea in posted]
    everyone = sum(len(active_members(slug)) for slug in DEPARTMENTS)

    assert support.count(0) >= 3
    assert max(support) >= 0.9 * everyone


@each_idea()
def test_comments_come_after_the_idea_and_replies_after_comments(idea):
    seen: dict[str, Row] = {}
    for comment in idea["comments"]:
        assert comment["key"] not in seen
        assert comment["author"] in PEOPLE
        assert 0 < len(comment["body"]) <= 10_000
        assert idea["days_ago"] >= comment["days_ago"] >= 0
        if comment["parent"]:
            parent = seen[comment["parent"]]
            assert parent["parent"] is None
            assert parent["days_ago"] >= comment["days_ago"]
        seen[comment["key"]] = comment


def test_there_is_a_lively_thread_silence_and_much_between():
    counts = [len(idea["comments"]) for idea in IDEAS if idea["stage"] != "draft"]

    assert sum(counts) >= 250
    assert max(counts) >= 25
    assert counts.count(0) >= 5
    assert sum(bool(c["parent"]) for idea in IDEAS for c in idea["comments"]) >= 30


def test_mentions_name_people_and_departments_that_exist():
    named = [name for text in texts() for name in re.findall(r"@\{([^}]*)\}", text)]

    assert len(named) >= 15
    assert {"anna", "boris", "it"} <= set(named) <= PEOPLE.keys() | DEPARTMENTS.keys()


def test_at_least_a_hundred_ideas_are_hidden_from_the_consultant():
    attached = PEOPLE["consultant"]["attached"]
    posted = [idea for idea in IDEAS if idea["stage"] != "draft"]

    seen = sum(touches(idea, attached) for idea in posted)

    assert len(posted) - seen >= 100
    assert seen >= 10


@each_idea()
def test_consultants_speak_only_where_they_may_read(idea):
    for name in {idea["author"], *(comment["author"] for comment in idea["comments"])}:
        if attached := PEOPLE[name]["attached"]:
            assert touches(idea, attached)
