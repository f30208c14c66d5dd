"""Lines of the register, for a page and for a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from forum.accounts.names import shown_name
from forum.core.calendar import company_day
from forum.core.i18n import _, day, local_day, locale_code
from forum.standards import phrases
from forum.standards.models import VersionState
from forum.standards.register.queries import Entry

COLUMNS = (
    "number",
    "title",
    "version",
    "status",
    "owner",
    "department",
    "category",
    "approved",
    "review_due",
    "distribution",
    "obsolete_copies",
)
"""Of the file. Their names are the same in every language, as those of all files."""


def lines(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The lines as the page shows them."""
    today = company_day()
    return [_line(entry, today) for entry in entries]


def _line(entry: Entry, today: date) -> dict[str, Any]:
    row = entry.row
    late = row.state == VersionState.IN_FORCE and row.review_on and row.review_on < today
    return {
        "number": row.number,
        "url": f"/standards/{row.number}",
        "title": row.title,
        "lang": row.lang,
        "version": row.version,
        "state": row.state,
        "state_name": phrases.state_name(row.state),
        "mark": phrases.mark(row.state),
        "owner": _owner(row),
        "category": _category(row),
        "approved": day(row.published_at) if row.published_at else "",
        "due": day(row.review_on) if row.review_on else "",
        "late": bool(late),
        "audience": _audience(entry),
        "obsolete": row.obsolete,
    }


def _owner(row: Any) -> str:
    name = shown_name(row.owner) if row.owner_id is not None else ""
    return ", ".join(part for part in (name, row.owner_department) if part)


def _category(row: Any) -> str:
    return (row.name_ru if locale_code() == "ru" else row.name_en) or ""


def _audience(entry: Entry) -> list[str]:
    return [card.name for card in entry.audience] or [_("the whole company")]


def cells(entry: Entry) -> list[object]:
    """A line of the file; days as they are written everywhere."""
    row = entry.row
    return [
        row.number,
        row.title,
        row.version,
        row.state,
        shown_name(row.owner) if row.owner_id is not None else "",
        row.owner_department or "",
        _category(row),
        _iso(row.published_at),
        row.review_on.isoformat() if row.review_on else "",
        _audience(entry),
        row.obsolete,
    ]


def _iso(at: datetime | None) -> str:
    return local_day(at).isoformat() if at is not None else ""
