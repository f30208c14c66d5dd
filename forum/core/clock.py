"""The one place that asks what time it is, in UTC."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The current moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The current day in UTC; pages that mean the company's day use `i18n.local_day`."""
    return now().date()
