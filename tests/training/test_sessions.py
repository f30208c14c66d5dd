"""Sessions: planned by the company's clocks, with seats, a queue in order, and an agenda."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.site import save_settings
from forum.training.models import Session
from forum.training.sessions import actions, seats
from forum.training.sessions.times import moment_of
from tests.standards import standards
from tests.support import make
from tests.training import company as office
from tests.training.company import Company, SignIn, places, sign_up


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def test_a_module_that_is_off_has_no_page_and_no_link(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number, browser = office.planned(app, company), sign_in(company.moderator)
    feed = browser.page("/training").one("code").text
    office.switch(app)

    for address in ("", "/new", f"/{number}", f"/{number}/edit", f"/{number}.ics", "/record"):
        assert browser.get(f"/training{address}").status_code == 404
    assert browser.get("/feeds/" + feed.partition("/feeds/")[2]).status_code == 404


def test_a_session_is_planned_in_the_zone_of_the_company(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    host = make.person(app, email="host@example.org", department=company.finance)
    make.represent(app, host, company.finance)
    with app.app_context(), transaction():
        save_settings({"time_zone": "Europe/Berlin"})
    sent = office.session_fields(company, on="2031-07-01")

    answer = sign_in(host).post("/training/new", sent)

    assert answer.status_code == 303
    with app.app_context():
        session = db.session.scalars(select(Session)).one()
        assert session.starts_at.isoformat() == "2031-07-01T08:30:00+00:00"
        assert session.zone == "Europe/Berlin"
    assert "10:30" in sign_in().page(answer.headers["Location"]).one("p", class_="lede").text


def test_daylight_saving_is_kept() -> None:
    zone = "Europe/Berlin"

    assert moment_of(date(2031, 3, 29), time(10), zone).hour == 9
    assert moment_of(date(2031, 3, 30), time(10), zone).hour == 8
    assert moment_of(date(2031, 10, 26), time(2, 30), zone).hour == 0, "the first of the two"


def test_a_time_that_no_clock_shows_is_refused(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    with app.app_context(), transaction():
        save_settings({"time_zone": "Europe/Berlin"})
    make.person(app, email="host@example.org")
    sent = office.session_fields(company, on="2031-03-30", at="02:30")

    answer = sign_in(company.moderator).post("/training/new", sent)

    assert answer.status_code == 422
    assert "put forward" in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("on", ""),
        ("on", "2020-01-01"),
        ("on", "9999-12-31"),
        ("at", "25:00"),
        ("minutes", "0"),
        ("minutes", "1500"),
        ("capacity", "0"),
        ("capacity", "501"),
        ("capacity", "many"),
        ("host", "nobody"),
        ("departments", []),
        ("departments", [987654]),
        ("touches", "PS-777"),
        ("touches", "PS-001:2"),
        ("confirms", "1"),
    ],
)
def test_a_session_that_cannot_be_is_refused(
    app: Flask, sign_in: SignIn, company: Company, name: str, value: Any
) -> None:
    make.person(app, email="host@example.org")

    answer = sign_in(company.moderator).post(
        "/training/new", office.session_fields(company, **{name: value})
    )

    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_whoever_comes_later_waits_in_order_and_hears_of_a_free_seat(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number = office.planned(app, company)
    people = [make.person(app, department=company.sales) for _turn in range(4)]
    for person in people:
        sign_in(person).post(f"/training/{number}/sign-up")
    first, second, third, fourth = people
    with app.app_context():
        names = {each: db.session.get_one(Person, each).name for each in people}
    wanted = {first: "seat", second: "seat", third: "waiting", fourth: "waiting"}
    assert places(app, number) == wanted
    page = sign_in(fourth).page(f"/training/{number}")
    assert "1 person is ahead of you" in page.text
    assert "Leave the waiting list" in page.text
    assert "Give up my seat" in sign_in(first).page(f"/training/{number}").text
    seen = sign_in(company.moderator).page(f"/training/{number}")
    assert "Waiting list" in seen.text
    queue = [each.text.split()[:3] for each in seen.all("li", data_waiting="1")]
    assert queue == [["1.", *names[third].split()], ["2.", *names[fourth].split()]]
    assert len(seen.all("li", data_waiting="0")) == 2

    sign_in(first).post(f"/training/{number}/sign-off")

    assert places(app, number) == {second: "seat", third: "seat", fourth: "waiting"}
    sign_in(first).post(f"/training/{number}/sign-up")
    assert list(places(app, number)) == [second, third, fourth, first], "at the end of the queue"
    sign_in(first).post(f"/training/{number}/sign-up")
    assert len(places(app, number)) == 4


def test_more_seats_go_to_the_queue_and_fewer_take_none_away(app: Flask, company: Company) -> None:
    number = office.planned(app, company)
    people = [make.person(app) for _turn in range(4)]
    for person in people:
        sign_up(app, person, number)

    _resize(app, company, number, 3)
    assert list(places(app, number).values()) == ["seat", "seat", "seat", "waiting"]
    _resize(app, company, number, 1)
    assert list(places(app, number).values()) == ["seat", "seat", "seat", "waiting"]
    with app.app_context():
        session = db.session.get_one(Session, number)
        seats.sign_off(db.session.get_one(Person, people[0]), session)
    assert list(places(app, number).values()) == ["seat", "seat", "waiting"], "still too full"


def _resize(app: Flask, company: Company, number: int, capacity: int) -> bool:
    return _rewrite(app, company, number, capacity=capacity)


def _rewrite(app: Flask, company: Company, number: int, by: int = 0, **more: Any) -> bool:
    with app.app_context():
        session = db.session.get_one(Session, number)
        at = session.starts_at
        wanted = {
            "title": session.title,
            "on": at.date(),
            "at": at.time(),
            "minutes": session.minutes,
            "place": session.place,
            "capacity": session.capacity,
            "host_id": session.host_id,
            "departments": [company.finance, company.sales],
            **more,
        }
        editor = db.session.get_one(Person, by or company.moderator)
        return actions.change(editor, session, actions.Wanted(**wanted), seen=session.revision)


def test_what_calendars_keep_raises_their_number_and_seats_do_not(
    app: Flask, company: Company
) -> None:
    number = office.planned(app, company)

    def serial() -> int:
        with app.app_context():
            return db.session.get_one(Session, number).serial

    assert _rewrite(app, company, number, capacity=9) is False
    assert serial() == 0
    assert _rewrite(app, company, number, place="Room 3") is True
    assert serial() == 1
    assert _rewrite(app, company, number, on=office.in_days(9).date()) is True
    assert serial() == 2


def test_two_who_plan_at_once_do_not_overwrite_each_other(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    make.person(app, email="host@example.org")
    number, browser = office.planned(app, company), sign_in(company.moderator)
    address = f"/training/{number}/edit"

    first = browser.post(address, office.session_fields(company, revision="1"))
    second = browser.post(address, office.session_fields(company, revision="1", title="Mine"))

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Mine" in second.text


def test_nobody_signs_up_for_what_was_called_off_or_has_begun(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    off, on = office.planned(app, company), office.planned(app, company)
    browser = sign_in(company.moderator)
    assert browser.post(f"/training/{off}/cancel", {"why": ""}).status_code == 422
    assert browser.post(f"/training/{off}/cancel", {"why": "The host is ill."}).status_code == 303
    assert "The host is ill." in sign_in().page(f"/training/{off}").text

    assert sign_in().post(f"/training/{off}/sign-up").status_code == 409
    with time_machine.travel(office.in_days(7.01)):
        assert sign_in().post(f"/training/{on}/sign-up").status_code == 409
        assert browser.post(f"/training/{on}/cancel", {"why": "Late"}).status_code == 409


def test_boards_read_and_consultants_do_not(app: Flask, sign_in: SignIn, company: Company) -> None:
    number = office.planned(app, company)
    board = sign_in(make.person(app, kind="board"))
    guest = sign_in(make.person(app, kind="consultant", attached=[company.finance]))

    assert board.get(f"/training/{number}").status_code == 200
    assert board.post(f"/training/{number}/sign-up").status_code == 403
    for address in ("", f"/{number}", f"/{number}.ics", "/cases", "/record"):
        assert guest.get(f"/training{address}").status_code == 404
    assert guest.post(f"/training/{number}/sign-up").status_code == 404


def test_only_the_host_sees_who_comes(app: Flask, sign_in: SignIn, company: Company) -> None:
    number = office.planned(app, company, by=company.for_finance)
    person = make.person(app, name="Vera Visitor")
    sign_up(app, person, number)

    assert "Vera Visitor" in sign_in(company.for_finance).page(f"/training/{number}").text
    assert "Vera Visitor" not in sign_in(company.for_sales).page(f"/training/{number}").text
    for act in ("invite", "cancel"):
        assert sign_in(person).post(f"/training/{number}/{act}").status_code == 403
    assert sign_in(person).post(f"/training/{number}/attendance").status_code == 403


def test_members_and_people_by_name_are_invited_once(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number, browser = office.planned(app, company), sign_in(company.moderator)
    guest = make.person(app, name="Gustav Guest")
    address = f"/training/{number}/invite"

    first = browser.post(address, {"members": "1", "people": "Gustav Guest"})
    assert "3 people are invited" in browser.page(first.headers["Location"]).text
    again = browser.post(address, {"members": "1"})
    nobody = browser.post(address, {})
    stranger = browser.post(address, {"people": "No Such Person"})

    assert (again.status_code, nobody.status_code, stranger.status_code) == (303, 422, 422)
    assert "You are invited" in sign_in(guest).page(f"/training/{number}").text


def test_a_board_member_is_not_invited(app: Flask, company: Company) -> None:
    number, board = office.planned(app, company), make.person(app, kind="board")

    with app.app_context():
        host = db.session.get_one(Person, company.moderator)
        with pytest.raises(Invalid):
            seats.invite(host, db.session.get_one(Session, number), [board])


def test_who_plans_sessions(app: Flask, sign_in: SignIn, company: Company) -> None:
    statuses = [
        sign_in(person).get("/training/new").status_code
        for person in (make.person(app), company.for_sales, company.moderator)
    ]

    assert statuses == [404, 200, 200]
    with pytest.raises(Forbidden):
        office.planned(app, company, by=make.person(app))


def test_a_session_that_is_over_does_not_change(app: Flask, company: Company) -> None:
    number = office.planned(app, company)

    with time_machine.travel(office.in_days(8)), pytest.raises(Conflict):
        _rewrite(app, company, number, place="Elsewhere")


@pytest.mark.parametrize("length", [1, 12])
def test_the_list_costs_the_same_however_long(
    app: Flask, sign_in: SignIn, queries: Any, company: Company, length: int
) -> None:
    for _turn in range(length):
        office.planned(app, company)
    browser = sign_in(company.moderator)
    browser.get("/training")

    with queries(5):  # the reader, what was and what comes, each with its departments
        browser.get("/training")


def test_a_host_changes_the_place_of_a_session_that_confirms_what_a_moderator_let_it(
    app: Flask, company: Company
) -> None:
    host = company.for_finance
    wanted = {"standards": company.number, "confirms": True}
    number = office.planned(app, company, host_id=host, **wanted)

    assert _rewrite(app, company, number, by=host, place="Room 3", **wanted) is True
    other = standards.in_force(app, departments=[company.finance])
    for more in ({"standards": f"{company.number} {other}"}, {"standards": other}):
        with pytest.raises(Invalid):
            _rewrite(app, company, number, by=host, **{**wanted, **more})
    _rewrite(app, company, number, by=host, **{**wanted, "confirms": False})
    with pytest.raises(Invalid):
        _rewrite(app, company, number, by=host, **wanted)
