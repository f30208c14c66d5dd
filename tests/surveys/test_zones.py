"""A survey keeps its moments when the company moves to another zone, and pages say them truly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]
BEGINS, MEANWHILE = datetime(2026, 11, 28, 9, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)
MOVED = [
    ("Asia/Tokyo", "28 November 2026, 09:00", "8 December 2026, 09:00"),
    ("America/New_York", "27 November 2026, 19:00", "7 December 2026, 19:00"),
    ("Asia/Kolkata", "28 November 2026, 05:30", "8 December 2026, 05:30"),
]


@pytest.fixture
def wave(app: Flask) -> Iterator[tuple[int, int]]:
    """A survey from November 28 to December 7 by the clocks of UTC, and somebody it asks; it is
    the first of December."""
    company.switch_on(app)
    with time_machine.travel(BEGINS, tick=False):
        laptops, people = company.served(app)
        number = company.running(app, [laptops])
    with time_machine.travel(MEANWHILE, tick=False):
        yield number, people[0]


def test_by_the_clocks_it_was_planned_by_it_is_told_in_whole_days(
    app: Flask, sign_in: SignIn, wave: tuple[int, int]
) -> None:
    number, person = wave
    browser = sign_in(person)

    page, answering = browser.page(f"/surveys/{number}"), browser.page(f"/surveys/{number}/answer")

    assert "Nov 28, 2026 – Dec 7, 2026, from midnight to midnight (UTC)" in page.text
    assert "Until Dec 7, 2026" in answering.text


@pytest.mark.parametrize(("zone", "first", "last"), MOVED)
def test_by_other_clocks_its_hours_are_told_too(
    app: Flask, sign_in: SignIn, wave: tuple[int, int], zone: str, first: str, last: str
) -> None:
    number, person = wave
    company.switch_on(app, time_zone=zone)
    browser = sign_in(person)

    page, every = browser.page(f"/surveys/{number}"), browser.page("/surveys")

    assert f"{first} – {last} ({zone})" in page.text
    assert "midnight" not in page.text
    assert f"{first} – {last}" in every.text
    for address in ("/surveys", f"/surveys/{number}/answer", "/"):
        assert f"Until {last}" in browser.page(address).text, address
    assert f"Your answers are wanted by {last}" in browser.page("/notifications").text


def test_in_russian_too(app: Flask, sign_in: SignIn, wave: tuple[int, int]) -> None:
    number, _person = wave
    company.switch_on(app, time_zone="Asia/Tokyo")

    page = sign_in(make.person(app, locale="ru")).page(f"/surveys/{number}")

    assert "28 ноября 2026, 09:00 – 8 декабря 2026, 09:00 (Asia/Tokyo)" in page.text


def test_a_day_that_begins_after_midnight_is_a_whole_day(app: Flask, sign_in: SignIn) -> None:
    company.switch_on(app, time_zone="Asia/Beirut")
    with time_machine.travel(datetime(2027, 3, 20, 9, tzinfo=UTC), tick=False):
        laptops, people = company.served(app)
        number = company.running(app, [laptops], days=8)

        page = sign_in(people[0]).page(f"/surveys/{number}")

        # On March 28 clocks there go from midnight straight to one o'clock.
        assert "Mar 20, 2027 – Mar 27, 2027, from midnight to midnight" in page.text


def test_who_changes_a_planned_one_reads_that_saving_moves_it_to_midnight(
    app: Flask, sign_in: SignIn
) -> None:
    company.switch_on(app)
    with time_machine.travel(BEGINS, tick=False):
        laptops, _people = company.served(app)
        number = company.plan(app, [laptops], opens=3)
        company.switch_on(app, time_zone="Asia/Tokyo")
        browser = sign_in(make.moderator(app))

        page, fresh = browser.page(f"/surveys/{number}/edit"), browser.page("/surveys/new")

        sentence = "saving it here moves both to midnight"
        assert "1 December 2026, 09:00" in page.text
        assert sentence in page.text
        assert sentence not in fresh.text
