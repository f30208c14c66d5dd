"""Whom a wave asks is drawn by a secret: nobody works it out, and at the end it is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from hashlib import blake2b

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from forum.core.db import db, transaction
from forum.surveys import asking
from forum.surveys.models import Wave, WaveLot, WaveSample
from tests.house.test_migrations import empty
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company
from tests.surveys.test_anonymity import database_file, files
from tests.surveys.test_burden import asked, crowd

__all__ = ["empty"]
SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        company.switch_on(request.getfixturevalue("app"))


def guessed(*numbers: int) -> bytes:
    """What anybody can work out of the numbers that stand in addresses."""
    return blake2b(":".join(map(str, numbers)).encode(), digest_size=8).digest()


def test_nobody_works_out_whom_a_service_asked_where_it_asks_few(app: Flask) -> None:
    service, people = company.served(app, 40)
    hits = 0
    for _wave in range(4):
        wave = company.running(app, [service], most_people=5)
        found = set(asked(app, wave))
        assert len(found) == 5
        hits += found == set(sorted(people, key=lambda each: guessed(wave, each))[:5])
        company.end(app, wave)
        with app.app_context(), transaction():
            db.session.execute(text("DELETE FROM wave_request"))

    assert hits == 0


def test_nobody_works_out_which_services_somebody_was_asked_about(app: Flask) -> None:
    numbers, people = crowd(app, services=15, people=12)
    wave = company.running(app, numbers)

    found = asked(app, wave)

    most = len(found[people[0]])
    guesses = {
        each: sorted(sorted(numbers, key=lambda service: guessed(wave, each, service))[:most])
        for each in people
    }
    assert most < len(numbers)
    assert sum(sorted(found[each]) == guesses[each] for each in people) <= 1


def test_two_waves_of_the_same_people_draw_otherwise(app: Flask) -> None:
    company.switch_on(app, survey_questions=28, survey_requests=10)
    numbers, _people = crowd(app, services=12, people=10)
    first = asked(app, company.running(app, numbers))
    with app.app_context(), transaction():
        db.session.execute(delete(WaveSample))
        db.session.execute(text("DELETE FROM wave_request"))

    second = asked(app, company.running(app, numbers))

    assert set(first) == set(second)
    assert first != second


def test_the_secret_goes_when_the_wave_ends_and_nothing_of_it_is_left(app: Flask) -> None:
    service, _people = company.served(app)
    wave = company.running(app, [service])
    [lot] = company.rows(app, WaveLot)
    assert len(bytes.fromhex(lot.key)) == 16
    assert any(lot.key.encode() in raw for raw in _stored(app)), "the attack works"

    company.end(app, wave)

    assert company.rows(app, WaveLot) == []
    assert not any(lot.key.encode() in raw for raw in _stored(app))


def _stored(app: Flask) -> list[bytes]:
    """What lies in the files: of the whole database and its log, or of the table."""
    file = database_file(app)
    if file is None:
        return files(app, "wave_lot")
    return [each.read_bytes() for each in file.parent.glob(f"{file.name}*")]


@pytest.mark.only_on("postgresql")
def test_the_planner_samples_no_secret(app: Flask) -> None:
    service, _people = company.served(app)
    company.running(app, [service])
    with app.app_context(), transaction():
        db.session.execute(text("ANALYZE wave_lot"))
        sampled = text("SELECT attname FROM pg_stats WHERE tablename = 'wave_lot'")
        assert "key" not in db.session.scalars(sampled).all()


def test_the_secret_of_a_running_wave_is_neither_logged_nor_shown(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    service, people = company.served(app)
    with caplog.at_level(logging.DEBUG):
        wave = company.running(app, [service], most_people=5)
    [lot] = company.rows(app, WaveLot)

    assert lot.key not in caplog.text
    for reader in (people[0], make.moderator(app), make.admin(app)):
        browser = sign_in(reader)
        for address in ("/surveys", f"/surveys/{wave}", "/settings/data.json"):
            assert lot.key not in browser.get(address).text
    with app.app_context():
        payloads = db.session.scalars(text("SELECT payload FROM event")).all()
    assert not any(lot.key in str(each) for each in payloads)


def test_a_wave_that_began_without_a_secret_goes_on_as_it_began(app: Flask) -> None:
    service, people = company.served(app, 40)
    wave = company.plan(app, [service], most_people=5)
    with app.app_context():
        asking.open_wave(wave)
    with app.app_context(), transaction():
        db.session.execute(delete(WaveLot))

    company.run(app)

    assert set(asked(app, wave)) == set(sorted(people, key=lambda each: guessed(wave, each))[:5])


WAVE = (
    "INSERT INTO wave (id, title, lang, state, purpose, opens_at, closes_at, months, position,"
    " to_ask, revision, created_at) VALUES (:id, 'T', 'en', :state, 'regular', '2024-01-01',"
    " '2024-02-01', 3, :position, 0, 1, '2024-01-01')"
)


def test_an_upgrade_gives_a_secret_only_to_what_has_not_begun_to_ask(empty: Flask) -> None:  # noqa: F811
    from flask_migrate import downgrade, upgrade

    upgrade(revision="0032")
    with transaction():
        for number, state, position in (
            (1, "planned", 0),
            (2, "running", 0),
            (3, "running", 7),
            (4, "closed", 9),
        ):
            row = {"id": number, "state": state, "position": position}
            db.session.execute(text(WAVE), row)
    db.session.remove()

    upgrade(revision="0033")

    assert db.session.scalars(text("SELECT wave_id FROM wave_lot")).all() == [2]
    db.session.remove()
    downgrade(revision="0032")
    assert db.session.scalars(select(Wave.id).order_by(Wave.id)).all() == [1, 2, 3, 4]
