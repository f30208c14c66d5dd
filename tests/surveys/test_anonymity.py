"""Attacks on a closed wave: with the database, its log and the access log, nothing ties an answer
to a person. Who answered in which order is known to the attacker; the rows must not be."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from forum.accounts.models import Person, PersonSession
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.notifications.models import DueMail, Notification
from forum.ops import logs
from forum.surveys import closing, reminding
from forum.surveys.models import (
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveSample,
    WaveService,
)
from forum.surveys.results import keeping
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]
PEOPLE = 24


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


class Round:
    """A wave that people answered one after the other, in an order the attacker knows."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.service, self.people = company.served(app, PEOPLE)
        self.wave = company.running(app, [self.service])
        self.order: list[int] = []
        self.keys: dict[int, set[str]] = {}
        known: set[str] = set()
        for place, person in enumerate(self.people):
            company.say(app, person, self.wave, self.service, words=f"Word {place}.")
            keys = {each.key for model in (SurveyAnswer, SurveyText) for each in rows(app, model)}
            self.order.append(person)
            self.keys[person] = keys - known
            known = keys

    def end(self) -> None:
        company.end(self.app, self.wave)


def rows(app: Flask, model: Any) -> list[Any]:
    return company.rows(app, model)


def stored(app: Flask, model: Any) -> list[tuple[Any, ...]]:
    """Rows in the order in which the database keeps them."""
    with app.app_context():
        place = "ctid" if db.engine.dialect.name == "postgresql" else "1"
        query = text(f"SELECT * FROM {model.__tablename__} ORDER BY {place}")  # noqa: S608
        if place == "1":
            query = text(f"SELECT * FROM {model.__tablename__}")  # noqa: S608
        return [tuple(row) for row in db.session.execute(query)]


def agreement(first: list[int], second: list[int]) -> float:
    """How far two orders of the same things agree: 1 where they are the same, about 0 by chance."""
    place = {each: at for at, each in enumerate(second)}
    ranks = [place[each] for each in first]
    pairs = [(a, b) for i, a in enumerate(ranks) for b in ranks[i + 1 :]]
    return abs(sum(1 if a < b else -1 for a, b in pairs)) / len(pairs)


def test_the_order_of_rows_says_nothing_of_the_order_of_answers(app: Flask) -> None:
    this = Round(app)
    this.end()
    whose = {key: place for place, person in enumerate(this.order) for key in this.keys[person]}
    texts = [whose[row[0]] for row in stored(app, SurveyText)]

    # Kendall's tau of two random orders of 24 stays below 0.7 but once in half a million.
    assert agreement(texts, list(range(PEOPLE))) < 0.7
    answers = [whose[row[0]] for row in stored(app, SurveyAnswer)]
    neighbours = sum(a == b for a, b in pairwise(answers))
    # Tied together by place, 5 of 6 neighbours would be of one person; by chance one in 24.
    assert neighbours < len(answers) / 4


def test_rows_have_no_number_of_their_own(app: Flask) -> None:
    Round(app).end()
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            writes = text("SELECT count(DISTINCT xmin::text) FROM survey_answer")
            assert db.session.scalar(writes) == 1
            dead = text("SELECT n_dead_tup FROM pg_stat_all_tables WHERE relname = 'survey_answer'")
            assert not db.session.scalar(dead)
            return
        for table in ("survey_answer", "survey_text", "wave_participation", "wave_request"):
            made = db.session.scalar(
                text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
            )
            assert "WITHOUT ROWID" in made
            counted = text("SELECT count(*) FROM sqlite_sequence WHERE name = :name")
            assert db.session.scalar(counted, {"name": table}) == 0


@pytest.mark.only_on("sqlite")
def test_the_places_of_keys_in_the_file_say_nothing_and_no_copy_is_left(app: Flask) -> None:
    this = Round(app)
    file = database_file(app)
    assert file is not None
    before = places(app, file, this)
    this.end()
    after = places(app, file, this)

    assert agreement(before, list(range(PEOPLE))) > 0.9, "the attack works on a running wave"
    assert agreement(after, list(range(PEOPLE))) < 0.7
    raw = file.read_bytes()
    for keys in this.keys.values():
        for key in keys:
            # Once in its table, and once in the index that names it.
            assert raw.count(key.encode()) == 2


def database_file(app: Flask) -> Path | None:
    with app.app_context():
        name = db.engine.url.database
        return Path(name) if db.engine.dialect.name == "sqlite" and name else None


def places(app: Flask, file: Path, this: Round) -> list[int]:
    """People in the order in which their words lie within the pages of the file."""
    with app.app_context():
        closing.cut_log(closing.WIPED)  # so that the file itself is what is looked at
    raw = file.read_bytes()
    # SQLite fills a page from its end: what came later lies before.
    found = {place: raw.rindex(f"Word {place}.".encode()) for place in range(PEOPLE)}
    return sorted(found, key=lambda place: (found[place] // 4096, -found[place]))


@pytest.mark.only_on("sqlite")
def test_the_write_ahead_log_is_cut_to_nothing(app: Flask) -> None:
    this = Round(app)
    file = database_file(app)
    assert file is not None
    log = file.with_name(f"{file.name}-wal")
    assert b"Word 3." in log.read_bytes()

    this.end()

    assert b"Word" not in log.read_bytes()
    assert not any(key.encode() in log.read_bytes() for key in this.keys[this.order[0]])


@pytest.mark.only_on("sqlite")
def test_a_wave_whose_log_cannot_be_cut_yet_may_not_be_read_yet(app: Flask) -> None:
    this = Round(app)
    with app.app_context():
        reading = db.engine.raw_connection()
        reading.cursor().execute("BEGIN")
        reading.cursor().execute("SELECT count(*) FROM survey_answer").fetchall()
    this.end()
    with app.app_context():
        wave = db.session.get_one(Wave, this.wave)
        assert (wave.state, wave.mixed_at) == ("closed", None)
    reading.cursor().execute("ROLLBACK")
    reading.close()

    company.run(app)

    with app.app_context():
        assert db.session.get_one(Wave, this.wave).mixed_at is not None
        closed = select(func.count()).where(Event.type == "survey.closed")
        assert db.session.scalar(closed) == 1


@pytest.mark.only_on("postgresql")
def test_a_wave_whose_old_rows_somebody_still_reads_may_not_be_read_yet(app: Flask) -> None:
    this = Round(app)
    with app.app_context():
        reading = db.engine.connect().execution_options(isolation_level="REPEATABLE READ")
        reading.execute(text("SELECT count(*) FROM survey_answer"))
        this.end()
        assert db.session.get_one(Wave, this.wave).mixed_at is None
        reading.close()

    company.run(app)

    with app.app_context():
        assert db.session.get_one(Wave, this.wave).mixed_at is not None


def test_a_wave_that_waits_for_a_reader_is_not_written_anew_at_every_look(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = Round(app)
    real, writes = closing._rewrite_some, []
    monkeypatch.setattr(closing, "_rewrite_some", lambda *given: writes.append(real(*given)))
    with app.app_context():
        reading = db.engine.connect().execution_options(isolation_level="SERIALIZABLE")
        reading.execute(text("SELECT count(*) FROM survey_answer"))
        this.end()
        once = len(writes)
        for _look in range(3):
            company.run(app)
        assert len(writes) == once
        reading.close()

    company.run(app)

    assert len(writes) > once
    with app.app_context():
        assert db.session.get_one(Wave, this.wave).mixed_at is not None


@pytest.mark.only_on("postgresql")
def test_the_numbers_of_writes_do_not_tell_who_was_reminded(app: Flask) -> None:
    service, people = company.served(app, PEOPLE)
    wave = company.running(app, [service])
    for person in people[:5]:
        company.say(app, person, wave, service, words="Quick.")
    with app.app_context():
        assert reminding.remind(company_day() + timedelta(days=6)) == PEOPLE - 5
    company.end(app, wave)

    with app.app_context():
        writes = text("SELECT count(DISTINCT xmin::text) FROM wave_request")
        assert db.session.scalar(writes) == 1


@pytest.mark.only_on("postgresql")
def test_no_file_of_a_table_holds_what_was_deleted(app: Flask) -> None:
    this = Round(app)
    assert any(raw.count(b"Word 3.") for raw in files(app, "survey_text")), "the attack works"
    this.end()
    with app.app_context():
        keeping.sweep()

    kept = [key for keys in this.keys.values() for key in keys]
    for raw in (*files(app, "survey_text"), *files(app, "survey_answer")):
        assert all(raw.count(key.encode()) <= 1 for key in kept)
    assert all(raw.count(b"Word 3.") == 1 for raw in files(app, "survey_text"))


def files(app: Flask, table: str) -> list[bytes]:
    """What lies in the file of a table."""
    with app.app_context(), db.engine.connect() as plain:
        plain.execute(text("CHECKPOINT"))
        read = text("SELECT pg_read_binary_file(pg_relation_filepath(:name))")
        return [bytes(plain.execute(read, {"name": table}).scalar_one())]


def test_closing_again_after_an_interruption_loses_and_doubles_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = Round(app)
    before = sorted(map(repr, stored(app, SurveyAnswer)))
    monkeypatch.setattr(closing, "CHUNK", 10)
    real, calls = closing._rewrite_some, []

    def falls(*given: Any) -> None:
        calls.append(1)
        if len(calls) == 5:
            raise RuntimeError("the power went")
        real(*given)

    monkeypatch.setattr(closing, "_rewrite_some", falls)
    this.end()
    with app.app_context():
        assert db.session.get_one(Wave, this.wave).mixed_at is None

    company.run(app)

    assert sorted(map(repr, stored(app, SurveyAnswer))) == before
    with app.app_context():
        assert db.session.get_one(Wave, this.wave).mixed_at is not None


def test_what_led_to_the_answers_is_forgotten_and_how_many_were_asked_stays(app: Flask) -> None:
    this = Round(app)
    this.end()

    assert rows(app, WaveSample) == []
    assert [each.asked for each in rows(app, WaveService)] == [PEOPLE]
    requests = rows(app, WaveRequest)
    assert len(requests) == PEOPLE
    assert {(each.reminders, each.reminded_on) for each in requests} == {(0, None)}
    assert len(rows(app, WaveParticipation)) == PEOPLE
    assert rows(app, Notification) == []
    assert rows(app, DueMail) == []
    with app.app_context():
        assert set(db.session.scalars(select(Person.unread))) == {0}


def test_the_access_log_has_no_line_of_who_answers(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, people = company.served(app)
    wave = company.running(app, [service])
    browser, written = sign_in(people[0]), io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("DEBUG")
    try:
        browser.get("/surveys")
        answered = browser.get(f"/surveys/{wave}/answer", headers={"X-Request-Id": "tell-tale"})
        company.answer(app, browser, wave, service, words="A secret word.")
    finally:
        logs.configure("ERROR")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]

    assert [line["route"] for line in lines if line["event"] == "request"] == ["/surveys"]
    assert not re.search(r"answer|tell-tale|secret|Person \d", written.getvalue())
    assert "X-Request-Id" not in answered.headers


def test_a_bug_on_the_page_is_logged_without_its_request(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forum.surveys import answering

    service, people = company.served(app)
    wave = company.running(app, [service])
    browser, written = sign_in(people[0]), io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(answering, "answer", lambda *_given: 1 / 0)
    sent = company.form(app, wave, service)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    broken = browser.post(f"/surveys/{wave}/answer", sent, headers={"X-Request-Id": "tell-tale"})

    assert broken.status_code == 500
    assert "ZeroDivisionError" in written.getvalue()
    assert "tell-tale" not in written.getvalue()


def test_no_moving_number_tells_who_answers_while_a_wave_runs(app: Flask, sign_in: SignIn) -> None:
    service, people = company.served(app)
    wave = company.running(app, [service])
    colleague, moderator = sign_in(people[1]), sign_in(make.moderator(app))
    addresses = ("/surveys", f"/surveys/{wave}", "/", f"/surveys/{wave}/answer")
    before = [page(each, address) for each in (colleague, moderator) for address in addresses]

    company.answer(app, sign_in(people[0]), wave, service)

    after = [page(each, address) for each in (colleague, moderator) for address in addresses]
    assert after == before


def test_answering_does_not_move_when_a_browser_was_last_used(app: Flask, sign_in: SignIn) -> None:
    service, people = company.served(app)
    wave = company.running(app, [service])
    browser, long_ago = sign_in(people[0]), now() - timedelta(days=2)
    with app.app_context(), transaction():
        db.session.execute(update(PersonSession).values(seen_at=long_ago))

    browser.get(f"/surveys/{wave}/answer")
    assert company.answer(app, browser, wave, service) == 303
    browser.get(f"/surveys/{wave}")

    assert {each.seen_at for each in rows(app, PersonSession)} == {long_ago}
    browser.get("/surveys")
    assert {each.seen_at for each in rows(app, PersonSession)} != {long_ago}


def page(browser: Browser, address: str) -> str:
    """A page without what is new each time it is drawn."""
    changing = r'nonce="[^"]*"|value="[\w.-]{20,}"|content="[\w.-]{20,}"'
    return re.sub(changing, "", browser.get(address).text)
