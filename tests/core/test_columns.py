"""Members of enumerations stand in statements as they are written."""

from __future__ import annotations

from enum import StrEnum

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from forum.core.columns import ShortText
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.ideas.models import Idea, StageKind
from tests.support import make


class Odd(StrEnum):
    """Words that mean something to a database or its driver."""

    QUOTE = "it's"
    PERCENT = "100%s"
    COLON = ":name"


@pytest.mark.parametrize(
    "condition",
    [
        Idea.stage_kind == StageKind.OPEN,
        Idea.stage_kind.in_((StageKind.OPEN, StageKind.REVIEW)),
        Idea.stage_kind.in_({StageKind.OPEN, StageKind.REVIEW}),
        Idea.stage_kind.not_in([StageKind.DRAFT]),
        Idea.stage_kind.in_([StageKind.OPEN, "review"]),
    ],
    ids=["is", "one-of", "of-a-set", "none-of", "mixed"],
)
def test_a_stage_is_found_as_it_is_written(app: Flask, condition: object) -> None:
    number = make.idea(app, make.person(app))

    with app.app_context():
        found = db.session.scalars(select(Idea.id).where(condition)).all()  # type: ignore[arg-type]
        bound = select(Idea.id).where(condition).compile().params  # type: ignore[arg-type]

    assert found == [number]
    assert StageKind.OPEN not in bound.values()


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


def test_what_is_changed_or_deleted_by_its_stage(app: Flask) -> None:
    number = make.idea(app, make.person(app))

    with app.app_context(), transaction():
        idea = db.session.get_one(Idea, number)
        open_ones = Idea.stage_kind == StageKind.OPEN
        db.session.execute(update(Idea).where(open_ones).values(title="Renamed"))
        db.session.execute(delete(Idea).where(Idea.stage_kind == StageKind.DONE))
        left = db.session.scalar(select(func.count()).select_from(Idea))

    assert (idea.title, left) == ("Renamed", 1)


def test_all_short_text_takes_them() -> None:
    columns = [column for table in db.metadata.tables.values() for column in table.columns]
    texts = [column for column in columns if column.type.__visit_name__ == "string"]

    assert len(texts) > 100
    assert all(isinstance(column.type, ShortText) for column in texts)
