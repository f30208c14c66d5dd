"""How long ago something was, in the largest unit that has passed, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from forum.core.i18n import ago, speaking

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "english", "russian"),
    [
        (timedelta(seconds=44), "just now", "только что"),
        (timedelta(seconds=50), "50 seconds ago", "50 секунд назад"),
        (timedelta(seconds=60), "1 minute ago", "1 минуту назад"),
        (timedelta(seconds=119), "1 minute ago", "1 минуту назад"),
        (timedelta(minutes=59), "59 minutes ago", "59 минут назад"),
        (timedelta(hours=1), "1 hour ago", "1 час назад"),
        (timedelta(hours=23), "23 hours ago", "23 часа назад"),
        (timedelta(hours=24), "1 day ago", "1 день назад"),
        (timedelta(days=8), "8 days ago", "8 дней назад"),
        (timedelta(days=14), "2 weeks ago", "2 недели назад"),
        (timedelta(days=-1), "in 1 day", "через 1 день"),
    ],
)
def test_a_moment_is_told_in_the_largest_unit_that_has_passed(
    app: Flask, passed: timedelta, english: str, russian: str
) -> None:
    with time_machine.travel(NOW, tick=False), app.app_context():
        told = []
        for language in ("en", "ru"):
            with speaking(language):
                told.append(ago(NOW - passed).replace("\xa0", " "))

    assert told == [english, russian]
