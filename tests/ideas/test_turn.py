"""Whose turn it is: exactly one holder in every stage that is not final, and SQL says the same."""

from __future__ import annotations

import random
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.ideas.models import Answer, AnswerKind, Idea, StageKind
from forum.ideas.policy import UNSETTLED
from forum.ideas.turn import Holder
from tests.ideas.clocks import ask_author, change, due_in
from tests.ideas.turns import FINAL, turn_of
from tests.support import make
from tests.support.pages import Document


def told(page: Document, idea: int) -> str:
    """What a row or a page says of the turn."""
    return " ".join(each.text for each in page.all("", class_="turn"))


def test_a_new_idea_is_the_turn_of_the_department_due_first(app, sign_in) -> None:
    first, second = make.department(app, code="ONE"), make.department(app, code="TWO")
    idea = make.idea(app, departments=[first, second])
    due_in(app, idea, second, 3)

    assert turn_of(app, idea) == (Holder.DEPARTMENT, second)
    for address in (f"/ideas/{idea}", "/ideas"):
        assert "TWO has the turn" in told(sign_in().page(address), idea)


def test_without_departments_or_with_all_answers_it_is_the_moderators_turn(app, sign_in) -> None:
    department, representative = make.represented(app)
    untagged, answered = make.idea(app), make.idea(app, departments=[department])
    make.answer(app, answered, department, representative, "no_effect")

    assert turn_of(app, untagged) == turn_of(app, answered) == (Holder.MODERATORS, None)
    assert "Moderators’ turn" in told(sign_in().page(f"/ideas/{answered}"), answered)


def test_an_overdue_department_comes_before_the_moderators(app, sign_in) -> None:
    late, later = make.department(app, code="LATE"), make.department(app)
    idea = make.idea(app, departments=[later, late])
    with app.app_context(), transaction():
        changed = {"stage_kind": StageKind.REVIEW}
        db.session.execute(update(Idea).where(Idea.id == idea).values(**changed))
    assert turn_of(app, idea) == (Holder.MODERATORS, None)

    due_in(app, idea, later, -1)
    due_in(app, idea, late, -2)

    assert turn_of(app, idea) == (Holder.DEPARTMENT, late)
    page = sign_in().page(f"/ideas/{idea}")
    assert "LATE has the turn" in told(page, idea)
    assert "late" in told(page, idea)


def test_an_author_who_is_asked_comes_before_everybody(app, sign_in) -> None:
    late, (department, representative) = make.department(app), make.represented(app)
    author = make.person(app)
    idea = make.idea(app, author, departments=[late, department])
    due_in(app, idea, late, -2)

    make.answer(app, idea, department, representative, "needs_change", "Shorter, please.")

    assert turn_of(app, idea) == (Holder.AUTHOR, None)
    assert "Author’s turn" in told(sign_in().page("/ideas"), idea)
    assert "A department asks you" in sign_in(author).page("/").text


def test_a_question_is_the_authors_turn_too(app) -> None:
    department, representative = make.represented(app)
    idea = make.idea(app, departments=[department])

    ask_author(app, idea, department, representative)

    assert turn_of(app, idea) == (Holder.AUTHOR, None)


def test_what_is_accepted_is_the_owners_and_final_stages_are_nobodys(app, sign_in) -> None:
    owner = make.department(app, code="OWN")
    accepted, declined = make.idea(app), make.idea(app)
    make.decide(app, accepted, owner_id=owner)
    make.decide(app, declined, "decline")

    assert turn_of(app, accepted) == (Holder.OWNER, None)
    assert "OWN carries it out" in told(sign_in().page(f"/ideas/{accepted}"), accepted)
    assert turn_of(app, declined) == (None, None)
    assert told(sign_in().page(f"/ideas/{declined}"), declined) == ""


def test_the_turn_has_an_age(app, sign_in) -> None:
    department = make.department(app, code="AGE")
    idea = make.idea(app, departments=[department])
    change(app, idea, department, asked_at=make.ago(days=3))

    assert "AGE has the turn · 3 days" in told(sign_in().page("/ideas"), idea)


def test_whatever_the_slots_say_there_is_one_holder_and_sql_agrees(app: Flask) -> None:
    dice = random.Random(4)
    departments = [make.department(app) for _ in range(4)]
    ideas = [make.idea(app, departments=departments[: dice.randrange(5)]) for _ in range(30)]
    stages = [*UNSETTLED * 4, StageKind.ACCEPTED, StageKind.DRAFT, *FINAL]
    with app.app_context(), transaction():
        for idea in ideas:
            stage = dice.choice(stages)
            changed = update(Idea).where(Idea.id == idea)
            db.session.execute(changed.values(stage_kind=stage, revision=dice.randrange(1, 3)))
        for slot in db.session.scalars(select(Answer)):
            slot.answer = dice.choice([AnswerKind.WAITING] * 3 + list(AnswerKind))
            waits = slot.answer == AnswerKind.WAITING
            slot.answered_at = None if waits else now()
            slot.paused_at = now() if waits and dice.random() < 0.2 else None
            slot.due_on = dice.choice(
                [None, *(company_day() + timedelta(days=n) for n in (-9, -2, 0, 5))]
            )
            slot.revision = dice.randrange(1, 3)

    for idea in ideas:
        held, _department = turn_of(app, idea)
        with app.app_context():
            stage = db.session.get_one(Idea, idea).stage_kind
        assert (held is None) == (stage in FINAL)
