"""Services leave with their sides, states and history, and come back the same."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments import actions as tree
from forum.departments.models import Department, Service, ServiceChange, SideKind
from forum.departments.services import actions, curating, ends
from forum.departments.services.saying import Said
from tests.admin.exported import bring, moved
from tests.support import make
from tests.support.forums import Prepared


def _told() -> list[tuple[object, ...]]:
    query = select(Service).order_by(Service.name, Service.state)
    return [
        (s.name, s.state, s.proposed_by, s.denials, s.why, s.delivered, s.created_at, s.ended_at)
        for s in db.session.scalars(query)
    ]


def _history() -> list[tuple[object, ...]]:
    query = select(ServiceChange, Service.name).join(
        Service, Service.id == ServiceChange.service_id
    )
    rows = db.session.execute(query.order_by(ServiceChange.at, Service.name, ServiceChange.id))
    return [(name, row.what, row.state, row.at, row.why) for row, name in rows]


def test_an_import_of_an_export_is_the_same_map(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    it, iris = make.represented(app, "IT")
    sales, saul = make.represented(app, "Sales")
    old = make.department(app, "Old")
    carl = make.person(app, kind="consultant", attached=[it], email="carl@example.org")
    with app.app_context():
        get = db.session.get_one
        person = {who: get(Person, who) for who in (iris, saul, carl)}
        here, there = ends.department(it), ends.department(sales)
        ended = actions.draw(person[iris], here, there, Said("Faxes"))
        actions.end(person[iris], ended)
        again = actions.draw(person[iris], here, there, Said("Faxes", "By night"))
        actions.deny(person[saul], again, "We have none.")
        desk = ends.part_of(it, SideKind.TEAM, "Service desk")
        actions.draw(person[iris], desk, there, Said("Help", "Soon", "Portal", "high"))
        buyer = ends.part_of(it, SideKind.ROLE, "Buyer")
        actions.draw(person[iris], buyer, desk, Said("Orders"))
        advice = actions.draw(person[saul], ends.somebody(person[carl]), there, Said("Advice"))
        actions.confirm(person[carl], advice)
        actions.name_owner(person[saul], advice, ends.CUSTOMER, person[saul])
        curating.add(None, ends.department(old), here, Said("Archives"))
        tree.archive(None, get(Department, old))
        before = _told(), _history()

    moved(app, prepared, tmp_path)

    with app.app_context():
        assert (_told(), _history()) == before
    bring(app, tmp_path / "two" / "company.jsonl")
    bring(app, tmp_path / "two" / "services.csv")
    with app.app_context():
        assert (_told(), _history()) == before
