"""Calendar files keep to RFC 5545 and 5546 and open in two libraries; they update and cancel."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.training.calendar import ics
from forum.training.models import Session
from forum.training.sessions import actions, reminding, seats
from tests.notifications.inboxes import catch_up
from tests.notifications.posting import mailing_forum, run, text_of, told
from tests.support import make
from tests.training import company as office
from tests.training.company import Company, SignIn
from tests.training.opened import Calendar, Reader, by_icalendar, by_vobject

TITLE = (
    "Разбор: счета, которые «ждут»; и что с ними делать – целая длинная строка с запятыми, точками"
)
ALLOWED = re.compile(r"[A-Z0-9-]+(;[A-Z0-9-]+=(\"[^\"]*\"|[^\";:,]*))*:.*", re.DOTALL)
in_both = pytest.mark.parametrize("opened", [by_icalendar, by_vobject])
NINETY = timedelta(minutes=90)
REQUIRED = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "ORGANIZER", "STATUS"}


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def check(text: str) -> None:
    """What RFC 5545 asks of the form, and RFC 5546 of an invitation."""
    raw = text.encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # no character is cut in two
    lines = [line for line in unfolded(text) if line]
    assert all(ALLOWED.fullmatch(line) for line in lines)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] or "VERSION:2.0" in lines[:5]
    names = [re.split("[;:]", line)[0] for line in lines]
    assert {"PRODID", "METHOD"} <= set(names)
    for start in (n for n, line in enumerate(lines) if line == "BEGIN:VEVENT"):
        event = names[start : lines.index("END:VEVENT", start)]
        assert set(event) >= REQUIRED
        once = [name for name in event if name != "ATTENDEE"]
        assert len(once) == len(set(once))
    times = [line for line in lines if line.startswith("DT")]
    assert all(re.fullmatch(r"DT[A-Z]+:\d{8}T\d{6}Z", line) for line in times)


def meeting(**more: Any) -> ics.Meeting:
    values = {
        "uid": "u@counterpart",
        "serial": 3,
        "title": TITLE,
        "starts_at": now().replace(microsecond=0),
        "minutes": 90,
        "changed_at": now(),
        "cancelled": False,
        "place": "Зал №2, 3; этаж\\двор",
        "about": "Первая строка\nвторая, с запятой",
        "url": "https://forum.example.org/training/1",
        "host": 'Олег "Хозяин"; О',
        **more,
    }
    return ics.Meeting(**values)


@in_both
def test_an_invitation_is_right_and_opens_with_all_that_was_said(opened: Reader) -> None:
    sent = meeting()
    text = ics.write(
        [sent], method=ics.REQUEST, organizer="forum@example.org", attendee=("Вера, Т.", "v@e.org")
    )

    check(text)
    calendar = opened(text)
    found = calendar.meeting
    assert calendar.method == "REQUEST"
    assert (found.uid, found.sequence, found.status) == (sent.uid, 3, "CONFIRMED")
    assert (found.summary, found.location) == (TITLE, sent.place)
    assert (found.description, found.url) == (sent.about, sent.url)
    assert (found.starts_at, found.ends_at) == (sent.starts_at, sent.starts_at + NINETY)
    assert (found.organizer, found.host) == ("mailto:forum@example.org", "Олег ’Хозяин’; О")
    assert (found.attendee, found.guest) == ("mailto:v@e.org", "Вера, Т.")


@pytest.mark.parametrize("title", ["\r\nATTENDEE:mailto:x@y", "x" * 500, "ё" * 200, "\\n;,:"])
@in_both
def test_hostile_titles_add_no_line(opened: Reader, title: str) -> None:
    text = ics.write([meeting(title=title, host=title)], method=ics.PUBLISH, organizer="f@e.org")

    check(text)
    assert not [line for line in unfolded(text) if line.startswith("ATTENDEE")]
    found = opened(text).meeting
    assert (found.summary.strip(), found.attendee) == (title.strip(), "")


def rewrite(app: Flask, company: Company, number: int, place: str) -> None:
    with app.app_context():
        session = db.session.get_one(Session, number)
        wanted = actions.Wanted(
            title=session.title,
            on=session.starts_at.date(),
            at=session.starts_at.time(),
            minutes=session.minutes,
            place=place,
            capacity=session.capacity,
            host_id=session.host_id,
            departments=[company.finance, company.sales],
        )
        by = db.session.get_one(Person, company.moderator)
        actions.change(by, session, wanted, seen=session.revision)


@in_both
def test_a_changed_session_is_the_same_one_with_a_higher_number_and_then_cancelled(
    app: Flask, sign_in: SignIn, company: Company, opened: Reader
) -> None:
    number, browser = office.planned(app, company), sign_in()

    def download() -> Calendar:
        text = browser.get(f"/training/{number}.ics").text
        check(text)
        return opened(text)

    first = download()
    rewrite(app, company, number, "Another room")
    second = download()
    sign_in(company.moderator).post(f"/training/{number}/cancel", {"why": "Nobody can."})
    last = download()

    seen = (first, second, last)
    assert [each.method for each in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {each.meeting.uid for each in seen} == {first.meeting.uid}
    assert [each.meeting.sequence for each in seen] == [0, 1, 2]
    assert [each.meeting.status for each in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert {each.meeting.summary for each in seen} == {"Learning from invoices"}
    assert {each.meeting.starts_at for each in (second, last)} == {second.meeting.starts_at}
    assert first.meeting.location != "Another room"
    assert second.meeting.location == last.meeting.location == "Another room"


@in_both
def test_the_feed_has_what_one_has_a_seat_in_and_ends_with_a_new_password(
    app: Flask, sign_in: SignIn, anonymous: Any, company: Company, opened: Reader
) -> None:
    mine, _other = office.planned(app, company), office.planned(app, company, title="Another one")
    person = make.person(app)
    browser = sign_in(person)
    address = "/feeds/" + browser.page("/training").one("code").text.partition("/feeds/")[2]

    def feed() -> Calendar:
        answer = anonymous.get(address)
        check(answer.text)
        assert answer.headers["Cache-Control"].startswith("no-store")
        return opened(answer.text)

    empty = feed()
    browser.post(f"/training/{mine}/sign-up")
    first = feed()
    rewrite(app, company, mine, "Another room")
    second = feed()
    sign_in(company.moderator).post(f"/training/{mine}/cancel", {"why": "Nobody can."})
    last = feed()

    assert {each.method for each in (empty, first, second, last)} == {"PUBLISH"}
    assert empty.meetings == []
    assert empty.name.startswith("Training · ")
    assert first.meeting.summary == "Learning from invoices"
    assert first.meeting.attendee == ""
    assert first.meeting.uid == second.meeting.uid == last.meeting.uid
    assert [each.meeting.sequence for each in (first, second, last)] == [0, 1, 2]
    assert (second.meeting.location, second.meeting.status) == ("Another room", "CONFIRMED")
    assert last.meeting.status == "CANCELLED"

    assert anonymous.get(address.replace("/training.ics", "x/training.ics")).status_code == 404
    with app.app_context(), transaction():
        db.session.get_one(Person, person).epoch += 1
    assert anonymous.get(address).status_code == 404


@in_both
def test_invitations_changes_and_cancellations_come_by_mail_with_the_file(
    app: Flask, sign_in: SignIn, company: Company, opened: Reader
) -> None:
    guest = make.person(app, email="guest@example.org", locale="ru")
    number = office.planned(app, company, title=TITLE)
    with mailing_forum(app) as post:
        with app.app_context():
            host = db.session.get_one(Person, company.moderator)
            seats.invite(host, db.session.get_one(Session, number), [guest])
        run(app)
        rewrite(app, company, number, "Another room")
        run(app)
        sign_in(company.moderator).post(f"/training/{number}/cancel", {"why": "Nobody can."})
        run(app)
        sent = told(post, "guest@example.org")

    methods, files = [], []
    for message in sent:
        [part] = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
        text = part.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
        check(text)
        files.append(opened(text))
        methods.append((part.get_param("method"), part.get_filename()))
    assert [each.method for each in files] == ["REQUEST", "REQUEST", "CANCEL"]
    invited, moved, off = (each.meeting for each in files)
    assert {each.attendee for each in (invited, moved, off)} == {"mailto:guest@example.org"}
    assert invited.uid == moved.uid == off.uid
    assert [each.sequence for each in (invited, moved, off)] == [0, 1, 2]
    assert (invited.summary, moved.location) == (TITLE, "Another room")
    assert [each.status for each in (invited, moved, off)] == ["CONFIRMED"] * 2 + ["CANCELLED"]
    assert methods == [(each, "invitation.ics") for each in ("REQUEST", "REQUEST", "CANCEL")]
    assert "Вас приглашают" in text_of(sent[0])


def test_reminders_are_one_for_a_day_and_come_once(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    at = office.in_days(7).replace(hour=12)
    first = office.planned(app, company, at_moment=at)
    second = office.planned(app, company, at_moment=at.replace(hour=15), title="The other one")
    person = make.person(app)
    for number in (first, second):
        sign_in(person).post(f"/training/{number}/sign-up")

    with time_machine.travel(at.replace(hour=9) - timedelta(days=1)):
        for _turn in range(2):
            with app.app_context():
                reminding.sweep()
        catch_up(app)
        page = sign_in(person).page("/notifications").text

    assert page.count("Your training sessions") == 1
    assert "Learning from invoices, The other one" in page
