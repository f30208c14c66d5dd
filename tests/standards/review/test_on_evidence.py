"""Reviews that open themselves: what is enough, what is not, and what the page then shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core import readers
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.discussion.models import Comment, Question
from forum.ideas.models import Idea
from forum.standards.review import evidence, kinds, opening
from forum.standards.review.evidence import Evidence, Kind, Told
from forum.standards.review.models import Review
from tests.notifications.inboxes import catch_up, news_of
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

RULE = "## Purpose\n\nWhy.\n\n## Steps\n\nHow."


def look(app: Flask) -> None:
    """Follow the log, then look for evidence about everything."""
    with app.app_context():
        readers.catch_up()
        opening.sweep()


def opened(app: Flask, number: str) -> list[str]:
    """The kinds of evidence that opened the review of a standard."""
    with app.app_context():
        standard = standards.by_number(number)
        query = db.session.query(Review).filter_by(standard_id=standard.id, closed_at=None)
        found = query.one_or_none()
        return found.evidence["kinds"] if found is not None else []


def later(app: Flask) -> None:
    """Let a day pass for the search for evidence."""
    from forum.standards.review.models import Care

    with app.app_context(), transaction():
        for care in db.session.query(Care):
            care.looked_on = today() - timedelta(days=1)


def ideas_about(app: Flask, number: str, clause: int, many: int) -> list[int]:
    link = f"It is about [this](/standards/{number}#clause-{clause})."
    return [make.idea(app, problem=link) for _each in range(many)]


@pytest.mark.parametrize(("many", "kinds_found"), [(2, []), (3, ["touched"])])
def test_three_ideas_about_one_clause_open_a_review(
    app: Flask, many: int, kinds_found: list[str]
) -> None:
    number = standards.in_force(app, body=RULE)
    ideas_about(app, number, 2, many)

    look(app)

    assert opened(app, number) == kinds_found


def test_ideas_ticked_as_about_a_clause_count_with_those_that_name_it(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=RULE)
    named = ideas_about(app, number, 2, 1)
    look(app)
    ticked = [tick(sign_in(), f"{number}:2", "Too slow.")]
    look(app)
    assert opened(app, number) == []

    ticked.append(tick(sign_in(), f"{number}:2", f"See [this](/standards/{number}#clause-2)."))
    look(app)

    assert opened(app, number) == ["touched"]
    page = sign_in(make.moderator(app)).page(f"/standards/{number}/review")
    assert "3 ideas or questions are about “2 Steps”" in " ".join(page.text.split())
    shown = {e["href"] for e in page.all("a")}
    assert shown >= {f"/ideas/{idea}" for idea in named + ticked}


def test_an_idea_that_is_ticked_and_names_its_clause_is_one(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=RULE)
    for _each in range(2):
        tick(sign_in(), f"{number}:2", f"See [this](/standards/{number}#clause-2).")

    look(app)

    assert opened(app, number) == []


def tick(browser: Browser, about: str, problem: str) -> int:
    """Post an idea that is about a clause; its id."""
    fields = {"problem": problem, "about": about, "about-shown": "1", "action": "post"}
    return int(browser.post("/ideas/new", fields).headers["Location"].rsplit("/", 1)[1])


def test_ideas_about_different_clauses_do_not_add_up(app: Flask) -> None:
    number = standards.in_force(app, body=RULE)
    ideas_about(app, number, 1, 2)
    ideas_about(app, number, 2, 2)

    look(app)

    assert opened(app, number) == []


def test_open_questions_count_with_ideas_and_resolved_ones_do_not(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=RULE)
    ideas_about(app, number, 2, 1)
    asker = sign_in()
    for _each in range(2):
        body = f"What does [this](/standards/{number}#clause-2) mean?"
        asker.post(f"/standards/{number}/comments", {"body": body})
    _mark(app, Question.RESOLVED)
    look(app)
    assert opened(app, number) == []

    _mark(app, Question.OPEN)
    later(app)
    look(app)

    assert opened(app, number) == ["touched"]


def _mark(app: Flask, question: str) -> None:
    with app.app_context(), transaction():
        for comment in db.session.query(Comment):
            comment.question = question


def test_hidden_and_withdrawn_ideas_do_not_count(app: Flask) -> None:
    number = standards.in_force(app, body=RULE)
    [first, second, _third] = ideas_about(app, number, 2, 3)
    with app.app_context(), transaction():
        db.session.get_one(Idea, first).hidden_at = now()
        db.session.get_one(Idea, second).stage_kind = "withdrawn"

    look(app)

    assert opened(app, number) == []


def test_what_a_review_has_seen_does_not_open_the_next(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=RULE)
    ideas_about(app, number, 2, 3)
    look(app)
    moderator = sign_in(make.moderator(app))
    due = moderator.page(f"/standards/{number}/review").one("input", name="due")["value"]
    moderator.post(f"/standards/{number}/review", {"due": due, "outcome": "valid"})
    later(app)

    look(app)

    assert opened(app, number) == []


def test_a_standard_it_refers_to_changed(app: Flask) -> None:
    target = standards.in_force(app)
    number = standards.in_force(app, body=f"## Steps\n\nAs in [it](/standards/{target}).")
    look(app)
    assert opened(app, number) == []

    standards.rewrite(app, target, body="## Purpose\n\nAnew.")
    look(app)

    assert opened(app, number) == ["changed"]
    assert opened(app, target) == []


def test_a_standard_it_names_in_words_was_retired(app: Flask) -> None:
    target = standards.in_force(app)
    number = standards.in_force(app, body=f"## Steps\n\nAs {target} says.")
    look(app)

    standards.retire(app, target)
    look(app)

    assert opened(app, number) == ["changed"]


@pytest.fixture
def awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month has gone by, and yesterday was the day to confirm."""
    monkeypatch.setattr(kinds, "due_on", lambda _asked_at: today() + timedelta(days=29))
    later = today() + timedelta(days=30)
    monkeypatch.setattr(kinds, "company_day", lambda at=None: at.date() if at else later)


@pytest.mark.parametrize(("readers_of_five", "kinds_found"), [(3, ["confirmations"]), (4, [])])
@pytest.mark.usefixtures("awaited")
def test_too_few_confirmations_by_their_day_open_a_review(
    app: Flask, sign_in, readers_of_five: int, kinds_found: list[str]
) -> None:
    department = make.department(app)
    people = [make.person(app, department=department) for _each in range(5)]
    number = standards.in_force(app, departments=[department])
    for each in people[:readers_of_five]:
        sign_in(each).post(f"/standards/{number}/acknowledge", {"version": "1"})

    look(app)

    assert opened(app, number) == kinds_found


def test_before_their_day_few_confirmations_open_nothing_but_are_shown(app: Flask, sign_in) -> None:
    department = make.department(app)
    make.person(app, department=department)
    number = standards.in_force(app, departments=[department])

    look(app)

    assert opened(app, number) == []
    page = sign_in(make.moderator(app)).page(f"/standards/{number}/review")
    assert "0 of 1 person has confirmed the version in force" in page.text


def test_the_owner_hears_and_the_day_is_brought_forward(app: Flask, sign_in) -> None:
    owner = make.person(app)
    number = standards.in_force(app, body=RULE, owner=owner)
    ideas_about(app, number, 2, 3)

    look(app)
    catch_up(app)

    assert "review-opened" in news_of(app, owner)
    with app.app_context():
        assert standards.by_number(number).review_on == today() + timedelta(days=30)
    assert "Opened by: Ideas and questions" in sign_in(owner).page(f"/standards/{number}").text


def test_the_page_of_a_review_comes_filled_with_what_speaks_for_it(app: Flask, sign_in) -> None:
    owner = make.person(app)
    number = standards.in_force(app, body=RULE, owner=owner)
    ideas = ideas_about(app, number, 2, 3)
    with app.app_context(), transaction():
        db.session.get_one(Idea, ideas[0]).hidden_at = now()
    look(app)

    page = sign_in(owner).page(f"/standards/{number}/review")

    assert "2 ideas or questions are about “2 Steps”" in " ".join(page.text.split())
    shown = [e["href"] for e in page.all("a") if e.get("href", "").startswith("/ideas/")]
    assert set(shown) >= {f"/ideas/{ideas[1]}", f"/ideas/{ideas[2]}"}
    assert f"/ideas/{ideas[0]}" not in shown


def test_another_feature_may_bring_evidence_of_its_own(app: Flask, sign_in, monkeypatch) -> None:
    number = standards.in_force(app)
    known = {
        "broken": Kind(
            "broken",
            "Promises broken",
            lambda all_of: [Evidence("broken", each.id, True, 7) for each in all_of],
            lambda _reader, _one, found: [Told(f"Broken {found[0].amount} times")],
        )
    }
    monkeypatch.setattr(evidence, "_KINDS", known)

    look(app)

    assert opened(app, number) == ["broken"]
    page = sign_in(make.moderator(app)).page(f"/standards/{number}/review")
    assert "Broken 7 times" in page.text


@pytest.mark.parametrize("many", [1, 6])
def test_looking_costs_the_same_however_many_standards(app: Flask, queries, many: int) -> None:
    for _each in range(many):
        target = standards.in_force(app, body=RULE)
        ideas_about(app, target, 2, 1)
        standards.in_force(app, body=f"## A\n\n[x](/standards/{target})")
    with app.app_context():
        readers.catch_up()
        opening.look(today())
    later(app)

    # Who waits, settings, what is in force, ideas, references, promises; then a row for each.
    with queries(6 + 2 * many), app.app_context():
        opening.look(today())


def test_a_person_who_may_not_review_sees_no_evidence(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=RULE)
    ideas_about(app, number, 2, 3)
    look(app)

    assert sign_in().get(f"/standards/{number}/review").status_code == 403


def test_erased_people_are_not_asked(app: Flask) -> None:
    owner = make.person(app)
    number = standards.in_force(app, body=RULE, owner=owner)
    with app.app_context(), transaction():
        db.session.get_one(Person, owner).deactivated_at = now()
    ideas_about(app, number, 2, 3)

    look(app)
    catch_up(app)

    assert opened(app, number) == ["touched"]
    assert "review-opened" not in news_of(app, owner)
