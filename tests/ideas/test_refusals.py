"""What cannot be done is refused where people meet it: a status, a sentence in their language, and
what they typed is still there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.departments import actions as departments
from forum.departments import merging as departments_merging
from forum.departments.models import Department
from forum.ideas import answers, decisions, stages, subject, votes
from forum.ideas.merges import policy as merges
from forum.ideas.models import Idea, StageKind
from forum.moderation import trash
from tests.ideas.clocks import due_in
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
TYPED = "Two weeks of notice, please."


class Try(NamedTuple):
    """Who sends what where, and how it is refused."""

    person: int
    address: str
    fields: dict[str, Any]
    status: int
    sentence: object


def _trash(app: Flask, idea: int) -> None:
    moderator = make.moderator(app)
    with app.app_context():
        trash.put_in_trash(db.session.get_one(Person, moderator), db.session.get_one(Idea, idea))


def _answer(department: int, idea: int) -> tuple[str, dict[str, Any]]:
    return f"/ideas/{idea}/answers/{department}", {"answer": "needs_change", "reason": TYPED}


def support_of_a_merged_idea(app: Flask) -> Try:
    child = make.idea(app)
    make.merge(app, make.idea(app), child)
    return Try(make.person(app), f"/ideas/{child}/vote", {}, 409, votes.MERGED)


def a_comment_on_a_merged_idea(app: Flask) -> Try:
    child = make.idea(app)
    make.merge(app, make.idea(app), child)
    return Try(make.person(app), f"/ideas/{child}/comments", {"body": TYPED}, 409, subject.MERGED)


def a_merge_into_itself(app: Flask) -> Try:
    idea = make.idea(app)
    sent = {"parent": idea, "ideas": [idea], "message": TYPED}
    return Try(make.moderator(app), f"/ideas/{idea}/merge", sent, 422, merges.NOTHING)


def a_circle_of_merges(app: Flask) -> Try:
    parent, child = make.idea(app), make.idea(app)
    make.merge(app, parent, child)
    sent = {"parent": child, "ideas": [parent], "message": TYPED}
    reason = merges.PARENT[StageKind.MERGED]
    return Try(make.moderator(app), f"/ideas/{parent}/merge", sent, 409, reason)


def a_merge_into_the_trash(app: Flask) -> Try:
    parent, child = make.idea(app), make.idea(app)
    _trash(app, parent)
    sent = {"parent": "other", "other": f"#{parent}", "message": TYPED}
    reason = merges.PARENT_TRASHED
    return Try(make.moderator(app), f"/ideas/{child}/merge", sent, 409, reason)


def a_merge_out_of_the_trash(app: Flask) -> Try:
    parent, child = make.idea(app), make.idea(app)
    _trash(app, child)
    sent = {"parent": parent, "ideas": [child], "message": TYPED}
    return Try(make.moderator(app), f"/ideas/{parent}/merge", sent, 409, merges.CHILD_TRASHED)


def a_separation_from_the_trash(app: Flask) -> Try:
    parent, child = make.idea(app), make.idea(app)
    make.merge(app, parent, child)
    _trash(app, parent)
    return Try(make.moderator(app), f"/ideas/{child}/unmerge", {}, 409, merges.WITHIN_TRASH)


def a_separation_deeper_down(app: Flask) -> Try:
    top, parent, child = make.idea(app), make.idea(app), make.idea(app)
    make.merge(app, parent, child)
    make.merge(app, top, parent)
    return Try(make.moderator(app), f"/ideas/{child}/unmerge", {}, 409, merges.WITHIN)


def an_answer_for_others(app: Flask) -> Try:
    department = make.department(app)
    address, sent = _answer(department, make.idea(app, departments=[department]))
    return Try(make.person(app), address, sent, 403, answers.NOT_YOURS)


def an_answer_of_somebody_who_left_the_seat(app: Flask) -> Try:
    department, representative = make.represented(app)
    address, sent = _answer(department, make.idea(app, departments=[department]))
    with app.app_context():
        departments.set_representatives(None, db.session.get_one(Department, department), [])
    return Try(representative, address, sent, 403, answers.NOT_YOURS)


def an_answer_for_a_department_that_was_not_asked(app: Flask) -> Try:
    department, representative = make.represented(app)
    address, sent = _answer(department, make.idea(app))
    return Try(representative, address, sent, 403, answers.NOT_ASKED)


def an_answer_after_the_decision(app: Flask) -> Try:
    department, representative = make.represented(app)
    idea = make.idea(app, departments=[department])
    make.decide(app, idea, "decline")
    address, sent = _answer(department, idea)
    return Try(representative, address, sent, 409, answers.TOO_LATE)


def an_answer_for_a_department_merged_while_its_clock_runs(app: Flask) -> Try:
    (old, representative), into = make.represented(app), make.department(app, "Die Neuen")
    idea = make.idea(app, departments=[old])
    due_in(app, idea, old, 2)
    with app.app_context():
        before, heir = (db.session.get_one(Department, each) for each in (old, into))
        departments_merging.merge(None, before, heir)
    address, sent = _answer(old, idea)
    return Try(representative, address, sent, 409, "Die Neuen")


def the_second_decision_of_two(app: Flask) -> Try:
    idea = make.idea(app)
    make.decide(app, idea, "decline")
    sent = {"decision": "accept", "reason": TYPED}
    return Try(make.moderator(app), f"/ideas/{idea}/decision", sent, 409, decisions.SETTLED)


def review_of_what_is_decided(app: Flask) -> Try:
    idea = make.idea(app)
    make.decide(app, idea, "decline")
    return Try(make.moderator(app), f"/ideas/{idea}/review", {}, 409, stages.MOVED_ON)


def an_outcome_of_what_is_not_accepted(app: Flask) -> Try:
    sent = {"outcome": TYPED}
    address = f"/ideas/{make.idea(app)}/done"
    return Try(make.moderator(app), address, sent, 409, decisions.NOT_ACCEPTED)


TRIES: tuple[Callable[[Flask], Try], ...] = (
    support_of_a_merged_idea,
    a_comment_on_a_merged_idea,
    a_merge_into_itself,
    a_circle_of_merges,
    a_merge_into_the_trash,
    a_merge_out_of_the_trash,
    a_separation_from_the_trash,
    a_separation_deeper_down,
    an_answer_for_others,
    an_answer_of_somebody_who_left_the_seat,
    an_answer_for_a_department_that_was_not_asked,
    an_answer_after_the_decision,
    an_answer_for_a_department_merged_while_its_clock_runs,
    the_second_decision_of_two,
    review_of_what_is_decided,
    an_outcome_of_what_is_not_accepted,
)


@pytest.mark.parametrize("locale", ["en", "ru"])
@pytest.mark.parametrize("case", TRIES, ids=lambda case: case.__name__)
def test_what_cannot_be_is_refused_in_words_and_keeps_what_was_typed(
    app: Flask, sign_in: SignIn, case: Callable[[Flask], Try], locale: str
) -> None:
    tried = case(app)
    with app.app_context(), transaction():
        db.session.get_one(Person, tried.person).locale = locale

    answer = sign_in(tried.person).post(tried.address, tried.fields)

    assert answer.status_code == tried.status
    page = Document(answer.text)
    assert page.one("html")["lang"] == locale
    with app.test_request_context(headers={"Accept-Language": locale}):
        sentence = str(tried.sentence)
    assert sentence in page.text
    assert locale == "en" or tried.sentence is sentence or not sentence.isascii()
    if TYPED in tried.fields.values():
        assert TYPED in answer.text
