"""What pages show of confirmations, put together from their queries."""

from __future__ import annotations

from typing import Any

from forum.accounts.models import Person
from forum.core.i18n import _, day
from forum.standards.confirming import phrases
from forum.standards.confirming.pending import Pending, pending_for


def bar(shown: Any) -> dict[str, Any]:
    """What the page of a standard says to its reader about confirming it."""
    standing = shown.standing
    asked = shown.current and standing.asked
    return {
        "reading": phrases.reading(shown) if shown.current else "",
        "read": standing.confirmed,
        "due": phrases.by_when(standing.due_on),
        "late": standing.late,
        "signature": phrases.signature() if shown.current else "",
        "named": phrases.named(standing.people),
        "again": _again(shown) if asked and not standing.confirmed else "",
    }


def _again(shown: Any) -> str:
    """That the reader confirmed an older version, if they did."""
    before = shown.last_read
    if before is None or before == shown.version.number:
        return ""
    numbers = {"before": before, "number": shown.version.number}
    return _("Version %(before)d confirmed, version %(number)d pending", **numbers)


def pending_page(reader: Person) -> dict[str, Any]:
    """What somebody has to confirm, by the day it is due. One query."""
    rows = [_row(each) for each in pending_for(reader)]
    return {"rows": rows, "signature": phrases.signature()}


def _row(pending: Pending) -> dict[str, Any]:
    return {
        "number": pending.number,
        "url": f"/standards/{pending.number}",
        "title": pending.title,
        "lang": pending.lang,
        "version": pending.version,
        "change": pending.change,
        "due": phrases.by_when(pending.due_on),
        "late": pending.late,
        "note": _note(pending),
        "compare": _compare(pending),
    }


def _note(pending: Pending) -> str:
    if pending.ran_out_at is not None:
        return _("Your confirmation ran out on %(day)s.", day=day(pending.ran_out_at))
    if pending.before is None:
        return ""
    numbers = {"before": pending.before, "number": pending.version}
    return _("Version %(before)d confirmed, version %(number)d pending", **numbers)


def _compare(pending: Pending) -> str:
    if pending.before is None:
        return ""
    return f"/standards/{pending.number}/compare?from={pending.before}&to={pending.version}"
