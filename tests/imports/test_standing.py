"""Where imported ideas stand: stages, decisions, answers, support; drafts and merged ideas."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import select

from forum.core.db import db
from forum.discussion.models import Comment
from forum.ideas.imports.fields import Refused, moment_of
from forum.ideas.imports.records import understand
from forum.ideas.models import Answer, Idea, StageChange, Vote
from forum.ideas.queries import tags_of
from tests.imports.files import line, load, write
from tests.support import make


def ideas() -> dict[str, Idea]:
    return {str(idea.source_id): idea for idea in db.session.scalars(select(Idea))}


def test_a_voter_written_in_two_ways_supports_once(app, tmp_path) -> None:
    make.person(app, email="anna@example.org", login="t-100")
    votes = ["Carl Cole", "CARL COLE", "anna@example.org", "Anna@Example.org", "T-100"]

    load(app, write(tmp_path, line(votes=[{"person": each} for each in votes])))

    with app.app_context():
        idea = ideas()["1"]
        assert len(db.session.scalars(select(Vote.person_id)).all()) == 2
        assert (idea.vote_count, idea.support) == (2, 2)


def test_a_decision_that_no_longer_stands_is_kept_as_a_comment(app, tmp_path, sign_in) -> None:
    decision = {"by": "Boss", "reason": "Not this year.", "at": "2024-06-01"}

    load(app, write(tmp_path, line(stage="review", decision=decision)))

    with app.app_context():
        number = ideas()["1"].id
        assert ideas()["1"].comment_count == 1
    page = sign_in().page(f"/ideas/{number}")
    assert page.one("article", data_idea=number)["data-stage"] == "review"
    assert "Not this year." in page.text


@pytest.mark.parametrize(("kind", "stage"), [("accept", "accepted"), ("decline", "declined")])
def test_a_decision_tells_the_stage_where_none_is_given(app, tmp_path, kind, stage) -> None:
    decision = {"by": "Boss", "decision": kind, "reason": "So be it.", "at": "2024-06-01"}

    load(app, write(tmp_path, line(decision=decision)))

    with app.app_context():
        assert ideas()["1"].stage_kind == stage


def test_a_draft_stays_its_authors(app, tmp_path, sign_in) -> None:
    anna = make.person(app, email="anna@example.org")
    load(app, write(tmp_path, line(stage="draft", author="anna@example.org")))
    with app.app_context():
        number = ideas()["1"].id

    assert sign_in(anna).get(f"/ideas/{number}").status_code == 200
    assert sign_in(make.moderator(app)).get(f"/ideas/{number}").status_code == 404


def test_a_merged_idea_comes_after_the_one_it_leads_to(app, tmp_path) -> None:
    lines = [
        line(1, stage="merged", merged_into="3"),
        line(2, stage="merged"),
        line(3),
        line(4, stage="merged", merged_into="3"),
        line(5, merged_into="3"),
    ]

    first = load(app, write(tmp_path, *lines))
    again = load(app, write(tmp_path, *lines))

    assert [number for number, _reason in first.refused] == [1, 2, 5]
    assert again.summary == "created 1, unchanged 2, updated 0, refused 2"
    with app.app_context():
        here = ideas()
        assert here["4"].merged_into_id == here["1"].merged_into_id == here["3"].id


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "draft"},
        {"stage": "draft", "author": "a", "comments": [{"body": "x"}]},
        {"stage": "accepted", "decision": {"decision": "decline"}},
        {"decision": {"decision": "perhaps"}},
        {"answers": [{"department": "it", "answer": "harms"}]},
        {"answers": [{"department": "it", "answer": "maybe"}]},
        {"answers": [{"answer": "helps"}]},
        {"answers": [{"department": "it"}, {"department": "IT"}]},
        {"steps": [{"stage": "review"}], "stage": "open"},
        {"stage": "merged", "merged_into": "1"},
        {"stage": "elsewhere"},
        {"hidden": "perhaps"},
    ],
)
def test_what_contradicts_itself_is_refused_in_a_sentence(context, fields) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        understand(line(**fields), "digest")


def answered(**fields: Any) -> dict[str, Any]:
    answer = {"department": "it", "answer": "helps", "by": "Ida", "at": "2024-05-07", **fields}
    return line(answers=[answer], created_at="2024-05-06")


def test_answers_follow_the_file_until_the_department_answers_here(app, tmp_path) -> None:
    it = make.department(app, slug="it")
    boris = make.person(app, department=it)
    make.represent(app, boris, it)
    load(app, write(tmp_path, answered()))
    load(app, write(tmp_path, answered(answer="no_effect")))
    with app.app_context():
        idea_id = ideas()["1"].id
        assert db.session.scalars(select(Answer.answer)).one() == "no_effect"
    make.answer(app, idea_id, it, boris, "harms", "It slows us down.")

    load(app, write(tmp_path, answered(answer="helps", at="2024-05-09")))

    with app.app_context():
        slot = db.session.scalars(select(Answer)).one()
        assert (slot.answer, slot.by_id) == ("harms", boris)


def test_a_decision_has_an_owner_and_a_day_and_steps_lead_to_it(app, tmp_path, sign_in) -> None:
    make.department(app, name="Information Technology", slug="it", code="IT")
    decision = {"by": "Boss", "reason": "Good.", "at": "2024-06-01", "owner": "IT"}
    steps = [
        {"stage": "review", "by": "Mo", "at": "2024-05-20"},
        {"stage": "accepted", "by": "Boss", "at": "2024-06-01"},
    ]

    load(app, write(tmp_path, line(decision={**decision, "due": "2024-07-31"}, steps=steps)))

    with app.app_context():
        idea = ideas()["1"]
        ways = db.session.execute(select(StageChange.from_kind, StageChange.to_kind)).all()
        assert [tuple(way) for way in ways] == [("open", "review"), ("review", "accepted")]
        assert str(idea.due_on) == "2024-07-31"
        number = idea.id
    assert "Information Technology" in sign_in().page(f"/ideas/{number}").text


def test_an_idea_without_departments_waits_for_a_moderator_to_choose(
    app, tmp_path, sign_in
) -> None:
    make.department(app, slug="it")
    load(app, write(tmp_path, line(1), line(2, departments=["it"])))

    with app.app_context():
        assert (ideas()["1"].unsure, ideas()["2"].unsure) == (True, False)
        number = ideas()["1"].id
    queue = sign_in(make.moderator(app)).get("/moderation?queue=untagged")
    assert f"/ideas/{number}" in queue.text


def test_labels_and_tags_of_trackers_and_petitions_are_kept(app, tmp_path) -> None:
    issue = {"id": "i", "title": "T", "markdown": "M", "label": "feature"}
    petition = {"id": "p", "title": "T", "text": "X", "status": "open", "tags": ["roads", "snow"]}

    load(app, write(tmp_path, issue, petition))

    with app.app_context():
        here = ideas()
        assert [name for name, _slug in tags_of(here["i"].id)] == ["feature"]
        assert [name for name, _slug in tags_of(here["p"].id)] == ["roads", "snow"]


def test_a_moment_may_name_universal_time() -> None:
    assert str(moment_of("2012-10-30 00:46:30 UTC")) == "2012-10-30 00:46:30+00:00"


def test_a_very_deep_chain_of_replies_hangs_on_its_top_and_costs_no_more(app, tmp_path) -> None:
    chain = [
        {"id": str(n), "body": "x", "parent": str(n - 1) if n else None} for n in range(20_000)
    ]

    began = time.process_time()
    idea = understand(line(comments=chain[::-1]), "digest")

    assert time.process_time() - began < 3
    assert {comment.parent for comment in idea.comments} == {None, "0"}
    load(app, write(tmp_path, line(comments=chain[:150])))
    with app.app_context():
        assert db.session.scalars(select(Comment.parent_id).distinct()).all().count(None) == 1
