"""Rows of training move with an export, follow merged departments, and forget who is erased."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from forum.accounts.models import Person
from forum.admin import erasure
from forum.core.db import db
from forum.departments.merging import merge
from forum.departments.models import Department
from forum.training.models import Case, CaseDepartment, Seat, Session
from forum.training.sessions import seats
from tests.admin.exported import bring, moved, run
from tests.files.sending import send
from tests.support import make
from tests.support import office as documents
from tests.support.browser import Browser
from tests.support.forums import Prepared
from tests.training import company as office
from tests.training.company import Company
from tests.training.test_meeting import answer, come, note


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def test_cases_and_sessions_come_along(
    app: Flask, prepared: Prepared, company: Company, tmp_path: Path
) -> None:
    office.opened(app, company)
    office.drafted(app, company)
    people = [make.person(app) for _turn in range(3)]
    number = office.planned(app, company, about="All of it.", standards=company.number)
    come(app, number, people)
    with time_machine.travel(office.in_days(7.1)):
        note(app, company.moderator, number, people[:2])
        answer(app, people[0], number)

    files = moved(app, prepared, tmp_path)

    told = [json.loads(line) for line in files["records.jsonl"].splitlines()]
    kinds = [line["record"] for line in told]
    assert [kinds.count(name) for name in ("case", "case-department", "case-clause")] == [2, 4, 2]
    assert [kinds.count(f"training{name}") for name in ("", "-seat", "-agenda")] == [1, 3, 1]
    [session] = [line for line in told if line["record"] == "training"]
    assert session["about"] == "All of it."
    assert all("origin" not in key for line in told for key in line)
    assert "created 0, " in bring(app, tmp_path / "one" / "records.jsonl")


def test_the_materials_of_a_session_come_along(
    app: Flask, prepared: Prepared, company: Company, tmp_path: Path
) -> None:
    host = Browser(app)
    host.enter_as(make.moderator(app, email="host@example.org"))
    material = send(host, documents.docx("exercise"), "exercise.docx").json
    planned = office.session_fields(company, about=material["markdown"])
    assert host.post("/training/new", planned).status_code == 303

    files = moved(app, prepared, tmp_path)

    [line] = [json.loads(line) for line in files["files.jsonl"].splitlines()]
    assert (line["name"], len(line["sessions"])) == ("exercise.docx", 1)
    colleague = Browser(app)
    colleague.enter_as(make.person(app))
    assert colleague.get(material["url"]).status_code == 200


def records(app: Flask, folder: Path) -> list[dict[str, object]]:
    run(app, "export", str(folder))
    return [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]


def test_exports_never_tell_whose_feedback_is_new(
    app: Flask, company: Company, tmp_path: Path
) -> None:
    person = make.person(app)
    number = office.planned(app, company)
    come(app, number, [person])
    with time_machine.travel(office.in_days(7.1)):
        note(app, company.moderator, number, [person])
        answer(app, person, number)
        told = records(app, tmp_path / "young")
        assert [line for line in told if line["record"] == "training-feedback"] == []
    with time_machine.travel(office.in_days(15.2)):
        later = records(app, tmp_path / "old")
        assert [line["useful"] for line in later if line["record"] == "training-feedback"] == [4]
    seats_told = [line for line in told + later if line["record"] == "training-seat"]
    assert len(seats_told) == 2
    assert all("answered" not in line for line in seats_told)


def test_rows_of_feedback_have_no_number_in_the_order_of_answering(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            query = text("SELECT sql FROM sqlite_master WHERE name = 'training_feedback'")
            assert "WITHOUT ROWID" in db.session.scalar(query)


def test_the_heir_of_a_department_stands_where_it_stood(app: Flask, company: Company) -> None:
    case, number = office.drafted(app, company), office.planned(app, company)
    heir = make.department(app, "Money")
    with app.app_context():
        old, new = (db.session.get_one(Department, n) for n in (company.finance, heir))
        merge(None, old, new)

    with app.app_context():
        query = db.session.query(CaseDepartment.department_id).filter_by(case_id=case)
        assert {row[0] for row in query} == {heir, company.sales}
        assert db.session.get_one(Session, number).id == number


def test_who_is_erased_leaves_the_seat_to_the_next_and_cases_to_the_company(
    app: Flask, company: Company
) -> None:
    number = office.planned(app, company, capacity=1)
    first, second = make.person(app), make.person(app)
    come(app, number, [first, second])
    office.opened(app, company, by=company.for_finance)
    admin = make.admin(app)
    with app.app_context():
        for person in (first, company.for_finance):
            erasure.erase(
                db.session.get_one(Person, admin),
                db.session.get_one(Person, person),
            )

    with app.app_context():
        rows = db.session.query(Seat).all()
        assert [(row.person_id, row.waiting) for row in rows] == [(second, False)]
        assert db.session.query(Case).one().state == "open"
        assert seats.everybody(number) == [second]
