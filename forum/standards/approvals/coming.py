"""Versions whose day has come."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import company_day, start_of_day
from forum.core.db import db, end_read, transaction
from forum.core.site import site
from forum.core.texts import Text
from forum.standards.actions import put_in_force
from forum.standards.approvals.models import Release
from forum.standards.drafts import Stale, claim
from forum.standards.models import Standard, Version, VersionState

MOST = 200
"""Versions put in force by one sweep."""


def sweep() -> int:
    """Put in force what was published for a day until today; how many versions.

    Each is in force from the first moment of its day, however late the sweep, and what it replaces
    was in force until then.
    """
    done = 0
    for version_id, on in _due(company_day()):
        done += _bring(version_id, on)
        end_read()
    return done


def _due(today: date) -> list[tuple[int, date]]:
    query = (
        select(Version.id, Release.effective_on)
        .join(Release, Release.version_id == Version.id)
        .where(Release.effective_on <= today, Version.state == VersionState.COMING)
        .order_by(Release.effective_on, Version.id)
        .limit(MOST)
    )
    rows = db.session.execute(query)
    return [(version_id, on) for version_id, on in rows if on is not None]


def _bring(version_id: int, on: date) -> bool:
    """One version; False when somebody takes it back, retires its standard or is faster."""
    version = db.session.get_one(Version, version_id, populate_existing=True)
    standard = db.session.get_one(Standard, version.standard_id, populate_existing=True)
    text = db.session.get_one(Text, version.text_id)
    by = db.session.get(Person, version.published_by_id)
    if version.state != VersionState.COMING:
        return False
    at = first_moment(on)
    try:
        with transaction():
            claim(standard, standard.lock)
            put_in_force(by, standard, version, text, at=at)
    except Stale:
        return False
    return True


def first_moment(on: date) -> datetime:
    """When a day of the company begins."""
    noon = datetime.combine(on, time(12), ZoneInfo(site().time_zone))
    return start_of_day(noon)
