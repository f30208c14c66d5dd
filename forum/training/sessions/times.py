"""A day and an hour in a zone as a moment, and back; daylight saving included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date

from forum.core.errors import Invalid
from forum.core.i18n import _, company_zone, locale_code


def moment_of(on: date, at: time, zone: str) -> datetime:
    """The moment at which clocks of a zone show this; the first where they show it twice.

    Raises Invalid where they never do, as on the night in spring.
    """
    wall = datetime.combine(on, at.replace(second=0, microsecond=0))
    try:
        found = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
        shown = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError:
        raise Invalid(_("Choose a day."), field="on") from None
    if shown != wall:
        raise Invalid(_("Clocks are put forward then: there is no such time that day."), field="at")
    return found


def local(at: datetime, zone: str) -> datetime:
    """The same moment on the clocks of a zone."""
    return at.astimezone(ZoneInfo(zone))


def words(at: datetime, zone: str) -> str:
    """Weekday, day and hour of a session; its zone where it is not the company's own by now."""
    here = local(at, zone)
    pattern = "EEEE d MMMM y" if locale_code() == "en" else "EEEE, d MMMM y"
    said = f"{format_date(here.date(), pattern, locale=locale_code())}, {here:%H:%M}"
    return said if zone == company_zone() else f"{said} ({zone})"
