"""Working days between many pairs of days: the calendar is asked once for each day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

from forum.core.calendar import is_working

EXACT, COARSE, MOST = 60, 5, 500
"""Up to so many days each is a bucket of its own, then every fifth; the last holds all longer."""


class Workdays:
    """How many working days lie after one day up to and with another, within a span."""

    def __init__(self, first: date, last: date) -> None:
        self._first = first
        days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
        self._worked = list(accumulate(map(is_working, days), initial=0))

    def between(self, start: date, end: date) -> int:
        """As `core.calendar.working_days`; days outside the span count as its ends."""
        return max(0, self._until(end) - self._until(start))

    def _until(self, on: date) -> int:
        place = (on - self._first).days + 1
        return self._worked[min(max(place, 0), len(self._worked) - 1)]


def bucket(days: int) -> str:
    """The bucket that so many days fall into, as rows name it."""
    if days > EXACT:
        days = min(round(days / COARSE) * COARSE, MOST)
    return str(days)


def quantile(buckets: dict[str, int], share: float) -> float | None:
    """The quantile of days in buckets, between two neighbours as R's type 7 has it (Hyndman, R. J.
    and Fan, Y., 1996: Sample quantiles in statistical packages. The American Statistician 50)."""
    ordered = sorted((int(days), count) for days, count in buckets.items() if count > 0)
    total = sum(count for _days, count in ordered)
    if not total:
        return None
    place = (total - 1) * share
    low, part = int(place), place - int(place)
    first, second = _at(ordered, low), _at(ordered, min(low + 1, total - 1))
    return first + (second - first) * part


def _at(ordered: list[tuple[int, int]], place: int) -> int:
    seen = 0
    for days, count in ordered:
        seen += count
        if place < seen:
            return days
    return ordered[-1][0]
