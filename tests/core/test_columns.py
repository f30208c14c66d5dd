"""Members of enumerations stand in statements as they are written."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from forum.core.columns import ShortText
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.ideas.models import Answer, AnswerKind, Idea, StageKind
from tests.support import make


class Odd(StrEnum):
    """Words that mean something to a database or its driver."""

    QUOTE = "it's"
    PERCENT = "100%s"
    COLON = ":name"


@pytest.mark.parametrize(
    ("condition", "bound"),
    [
        (Idea.stage_kind == StageKind.OPEN, []),
        (Idea.stage_kind.in_((StageKind.OPEN, StageKind.REVIEW)), []),
        (Idea.stage_kind.in_({StageKind.OPEN, StageKind.REVIEW}), []),
        (Idea.stage_kind.in_({StageKind.OPEN, None}), [None]),
        (Idea.stage_kind.not_in([StageKind.DRAFT]), []),
        (Idea.stage_kind.in_([StageKind.OPEN, "review"]), ["review"]),
    ],
    ids=["is", "one-of", "of-a-set", "or-nothing", "none-of", "mixed"],
)
def test_a_stage_is_found_as_it_is_written(app: Flask, condition: Any, bound: list[str]) -> None:
    number = make.idea(app, make.person(app))
    query = select(Idea.id).where(condition)

    with app.app_context():
        found = db.session.scalars(query).all()

    assert found == [number]
    assert list(query.compile().params.values()) == bound


@pytest.mark.parametrize("word", Odd)
def test_odd_words_are_quoted(app: Flask, word: Odd) -> None:
    place = make.department(app, name=word.value)
    make.department(app, name="Another")

    with app.app_context():
        found = db.session.scalars(select(Department.id).where(Department.name == word)).all()

    assert found == [place]


def test_two_members_are_two_statements(app: Flask) -> None:
    number = make.idea(app, make.person(app))

    with app.app_context():
        found = {
            kind: db.session.scalars(select(Idea.id).where(Idea.stage_kind == kind)).all()
            for kind in (StageKind.OPEN, StageKind.DONE, StageKind.OPEN)
        }

    assert found == {StageKind.OPEN: [number], StageKind.DONE: []}


def test_what_is_changed_or_deleted_by_its_state(app: Flask) -> None:
    place, other = make.department(app), make.department(app)
    number = make.idea(app, make.person(app), departments=[place, other])

    with app.app_context(), transaction():
        idea = db.session.get_one(Idea, number)
        answers = list(db.session.scalars(select(Answer).where(Answer.idea_id == number)))
        answers[0].answer = AnswerKind.HELPS
        db.session.flush()
        renamed = update(Idea).where(Idea.stage_kind == StageKind.OPEN).values(title="Renamed")
        changed: Any = db.session.execute(renamed)
        gone: Any = db.session.execute(delete(Answer).where(Answer.answer == AnswerKind.WAITING))
        left = [each for each in answers if each in db.session]

    assert (changed.rowcount, idea.title) == (1, "Renamed")
    assert (gone.rowcount, left) == (1, answers[:1])


def test_all_short_text_takes_them() -> None:
    columns = [column for table in db.metadata.tables.values() for column in table.columns]
    texts = [column for column in columns if column.type.__visit_name__ == "string"]

    assert len(texts) > 100
    assert all(isinstance(column.type, ShortText) for column in texts)
