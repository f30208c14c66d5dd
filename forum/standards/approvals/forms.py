"""What is sent about approvals, as it is meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.core.textcheck import clean_line
from forum.standards.approvals.gate import How


def how_sent(sent: Mapping[str, str]) -> How:
    """How somebody wants to publish. Raises Invalid for a day or number that is none."""
    return How(
        over=sent.get("override") == "1",
        emergency=sent.get("emergency") == "1",
        why=clean_line(sent.get("reason", "")),
        days=days_sent(sent) or 10,
        effective_on=_day(sent.get("effective", "")),
    )


def days_sent(sent: Mapping[str, str]) -> int | None:
    """A number of working days, None for nothing. Raises Invalid for what is no number."""
    typed = sent.get("days", "").strip()
    found = number_or_none(typed)
    if typed and found is None:
        raise Invalid(_("Give a whole number."), field="days")
    return found


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid(_("Give the day as year, month and day."), field="effective") from None
