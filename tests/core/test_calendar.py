"""Working days: weekends, public holidays, the company's own free days."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core.calendar import (
    add_working_days,
    company_day,
    days_of,
    is_working,
    read_free_days,
    working_days,
)
from forum.core.db import transaction
from forum.core.site import save_settings

FRIDAY, SATURDAY, MONDAY = date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 16)


def set_up(**changes: Any) -> None:
    with transaction():
        save_settings(changes)


@pytest.mark.usefixtures("context")
def test_weekends_are_free_and_ten_working_days_are_two_weeks() -> None:
    assert [is_working(day) for day in (FRIDAY, SATURDAY, MONDAY)] == [True, False, True]
    assert add_working_days(FRIDAY, 1) == MONDAY
    assert add_working_days(FRIDAY, 10) == date(2026, 3, 27)
    assert add_working_days(SATURDAY, 0) == MONDAY
    assert add_working_days(MONDAY, -1) == FRIDAY
    assert working_days(FRIDAY, date(2026, 3, 27)) == 10
    assert working_days(MONDAY, FRIDAY) == 0


@pytest.mark.usefixtures("context")
def test_a_russian_forum_keeps_russian_holidays_and_working_saturdays() -> None:
    new_year = date(2026, 1, 5)
    assert is_working(new_year)

    set_up(default_locale="ru")

    assert not is_working(new_year)
    assert is_working(date(2024, 4, 27))  # a Saturday that makes up for a bridge day
    assert add_working_days(date(2025, 12, 30), 1) == date(2026, 1, 12)


@pytest.mark.usefixtures("context")
def test_an_administrator_chooses_the_country_or_none() -> None:
    set_up(default_locale="ru", holidays="")
    assert is_working(date(2026, 1, 5))

    set_up(holidays="DE")
    assert not is_working(date(2026, 10, 3))
    assert is_working(date(2026, 1, 5))


@pytest.mark.usefixtures("context")
def test_the_companys_own_days_are_free_too() -> None:
    set_up(free_days=("2026-03-16", "2026-03-18..2026-03-20"))

    assert add_working_days(FRIDAY, 1) == date(2026, 3, 17)
    assert add_working_days(FRIDAY, 2) == date(2026, 3, 23)


@pytest.mark.usefixtures("context")
def test_a_company_that_never_works_is_not_waited_for_for_ever() -> None:
    set_up(free_days=tuple(f"{year}-01-01..{year}-12-31" for year in range(2026, 2040)))

    assert add_working_days(FRIDAY, 1) > FRIDAY


@pytest.mark.usefixtures("context")
def test_a_day_is_the_companys_day() -> None:
    late = datetime(2026, 3, 13, 22, 30, tzinfo=UTC)
    assert company_day(late) == FRIDAY

    set_up(time_zone="Asia/Vladivostok")
    with time_machine.travel(late):
        assert company_day() == SATURDAY


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("2026-12-31", ("2026-12-31",)),
        ("31.12.2026, 7.1.2027;2026-12-31", ("2026-12-31", "2027-01-07")),
        ("2026-12-24 .. 2027-01-02", ("2026-12-24..2027-01-02",)),
        ("24.12.2026–26.12.2026", ("2026-12-24..2026-12-26",)),
    ],
)
def test_free_days_are_read_as_people_write_them(typed: str, read: tuple[str, ...]) -> None:
    assert read_free_days(typed) == read


@pytest.mark.parametrize(
    "typed", ["tomorrow", "2026-13-01", "2026-12-31..2026-12-01", "2020-01-01..2026-01-01", ".."]
)
def test_what_is_no_day_is_named(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_free_days(typed)


@pytest.mark.parametrize("run", ["\n" * 200_000, "." * 200_000, " .. " * 50_000, "–" * 200_000])
def test_long_runs_of_nothing_are_read_at_once(run: str) -> None:
    began = time.process_time()
    with suppress(ValueError):
        read_free_days(f"2026-12-31{run}2027-01-01")

    assert time.process_time() - began < 5, "hardly any; squared, it would be minutes"


def test_a_break_ends_with_its_last_day() -> None:
    assert days_of("2026-12-30..2027-01-01") == [
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
    ]


def test_nobody_but_the_calendar_names_the_library(app: Flask) -> None:
    from pathlib import Path

    named = [
        path.name
        for path in Path(sys.modules["forum"].__path__[0]).rglob("*.py")
        if "from holidays" in path.read_text() or "import holidays" in path.read_text()
    ]
    assert named == ["calendar.py"]
