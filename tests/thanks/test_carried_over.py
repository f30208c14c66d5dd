"""Thank-yous leave with an export and come back the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.departments.models import Service
from forum.thanks import actions
from forum.thanks.models import Thanks, ThanksNotNow, ThanksTo
from tests.admin.exported import bring, moved
from tests.standards import standards
from tests.support import make
from tests.support.forums import Prepared
from tests.thanks.saying import switch, thank


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "thanks")


def test_an_export_and_its_import_keep_every_line(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    place, other = make.department(app, "Systems"), make.department(app, "Sales")
    boris, anna = make.person(app, department=place), make.person(app, department=other)
    idea, number = make.idea(app, boris), standards.in_force(app)
    make.comment(app, idea, make.person(app))
    with app.app_context(), transaction():
        edge = Service(provider_id=place, customer_id=other, name="Laptops")
        db.session.add(edge)
        db.session.flush()
        service, standard = edge.id, standards.by_number(number).id
    for subject in (None, ("idea", idea), ("standard", standard), ("service", service)):
        thank(app, anna, people=[boris], departments=[place], subject=subject, why=f"{subject}")
    thank(app, anna, everyone=True, subject=("idea", idea), why="All of you.", private=True)
    gone = thank(app, anna, people=[boris], why="Taken back.")
    hidden = thank(app, anna, people=[boris], why="Mocking.")
    moderator = make.moderator(app)
    with app.app_context():
        author, judge = (db.session.get_one(Person, p) for p in (anna, moderator))
        actions.withdraw(author, db.session.get_one(Thanks, gone))
        actions.hide(judge, db.session.get_one(Thanks, hidden), "It mocks.")
        actions.not_now(author, ("idea", idea))

    files = moved(app, prepared, tmp_path)

    told = [json.loads(line) for line in files["records.jsonl"].splitlines()]
    kinds = [line["record"] for line in told]
    assert kinds.count("thanks-idea") == 2
    assert "Taken back." not in files["records.jsonl"]
    assert "created 0, " in bring(app, tmp_path / "one" / "records.jsonl")
    with app.app_context():
        rows = db.session.scalars(select(Thanks)).all()
        assert sorted(row.subject_kind for row in rows) == [
            *("", ""),
            *("idea", "idea", "service", "standard"),
        ]
        assert [row.private for row in rows if row.everyone] == [True]
        assert [row.hidden_why_id is not None for row in rows if row.hidden_at] == [True]
        assert len(list(db.session.scalars(select(ThanksTo)))) == 11
        assert db.session.scalars(select(ThanksNotNow.subject_kind)).one() == "idea"
