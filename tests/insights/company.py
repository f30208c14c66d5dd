"""Rows of modules, as their figures and sections find them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask

from forum.core import richtext, texts
from forum.core.calendar import company_day, midnight
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.surveys.models import Wave, WaveState
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.thanks.models import Thanks, ThanksTo


def keep(app: Flask, *rows: Any) -> list[int]:
    """Write rows; their ids, where they have any."""
    with app.app_context(), transaction():
        db.session.add_all(rows)
        db.session.flush()
        return [getattr(row, "id", 0) for row in rows]


def text(app: Flask, words: str) -> int:
    """A text that rows refer to."""
    composed = richtext.compose(words, "text")
    with app.app_context(), transaction():
        return texts.store(composed).id


def wave(app: Flask, *, closed: datetime | None = None, **more: Any) -> int:
    """A survey that ended with a day of the company and was reported on."""
    with app.app_context():
        ended = midnight(company_day(closed or now() - timedelta(days=3)))
    dates = {"opens_at": ended - timedelta(days=9), "closes_at": ended}
    number = keep(app, Wave(title="Autumn", state=WaveState.CLOSED, k=5, **dates, **more))[0]
    keep(app, WaveReport(wave_id=number, k=5, told_on=date(2026, 11, 18), ready=True))
    return number


def told(
    app: Flask, wave_id: int, scope: str, one: int, mean: float, people: int = 9, asked: str = "1"
) -> None:
    """What it told of a whole, of these versions of questions."""
    row = {"wave_id": wave_id, "scope": scope, "one": one, "other": 0, "mean": mean}
    keep(app, WaveOverall(**row, n=people, people=people, versions=asked))


def thank(
    app: Flask, author: int, *, person: int | None = None, department: int | None = None, **of: Any
) -> None:
    """A line of thanks."""
    words = text(app, of.pop("why", "For the night run"))
    number = keep(app, Thanks(author_id=author, text_id=words, **of))[0]
    keep(app, ThanksTo(thanks_id=number, person_id=person, department_id=department))
