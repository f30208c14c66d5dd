"""What pages say about reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from forum.accounts.names import shown_name
from forum.core.calendar import company_day
from forum.core.i18n import _, day, lazy, ngettext
from forum.standards.models import Standard, VersionState
from forum.standards.review import evidence
from forum.standards.review.models import Outcome
from forum.standards.review.queries import Line

OUTCOMES = {
    Outcome.VALID: lazy("Valid as it is"),
    Outcome.UPDATED: lazy("Valid with updates"),
    Outcome.CHANGES: lazy("Changes needed"),
}
OVERTAKEN = lazy("A new version came first, or it was retired")


def outcome_name(outcome: str) -> str:
    """What was found, in the reader's words; an open review is open."""
    if outcome == Outcome.OVERTAKEN:
        return str(OVERTAKEN)
    return str(OUTCOMES[Outcome(outcome)]) if outcome else _("Still open")


def days_late(standard: Standard) -> int:
    """For how many days the review of a standard in force is late; 0 if it is not."""
    if standard.state != VersionState.IN_FORCE or standard.review_on is None:
        return 0
    return max(0, (company_day() - standard.review_on).days)


def notices(standard: Standard, *, current: bool) -> list[tuple[str, str]]:
    """The banner of a standard whose review is late, above the text in force."""
    late = days_late(standard)
    if not current or not late:
        return []
    words = ngettext(
        "The review of this standard is %(num)d day overdue. It stays in force.",
        "The review of this standard is %(num)d days overdue. It stays in force.",
        late,
    )
    return [("warning", words)]


def lines(found: Sequence[Line]) -> list[dict[str, Any]]:
    """The reviews of a standard, newest first."""
    return [
        {
            "name": outcome_name(line.outcome),
            "version": line.version,
            "when": day(line.closed_at or line.opened_at),
            "is_open": line.closed_at is None,
            "by": shown_name(line.by) if line.by is not None else "",
            "note": line.note,
            "because": ", ".join(evidence.titled(line.evidence.get("kinds", []))),
            "next": _until(line.due_after),
            "idea": {"id": line.idea_id, "title": line.idea, "lang": line.idea_lang}
            if line.idea_id
            else None,
        }
        for line in found
    ]


def _until(due_after: date | None) -> str:
    return day(due_after) if due_after else ""
