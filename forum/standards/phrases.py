"""What pages say about standards: states, dates, the notices above a text."""

from __future__ import annotations

from datetime import date
from typing import Any

from forum.core.clock import now
from forum.core.i18n import _, day, lazy, local_day, ngettext
from forum.standards.listing import ListedStandard
from forum.standards.models import Standard, VersionState
from forum.standards.queries import ReadFigures, Shown, VersionLine

STATES = {
    VersionState.DRAFT: lazy("Draft"),
    VersionState.APPROVAL: lazy("In approval"),
    VersionState.IN_FORCE: lazy("In force"),
    VersionState.SUPERSEDED: lazy("Superseded"),
    VersionState.RETIRED: lazy("Retired"),
}
MARKS = {
    VersionState.DRAFT: "draft",
    VersionState.APPROVAL: "review",
    VersionState.IN_FORCE: "standardised",
    VersionState.SUPERSEDED: "merged",
    VersionState.RETIRED: "withdrawn",
}
"""Which glyph stands for a state; the word always stands beside it."""


def state_name(state: str) -> str:
    """A state in the reader's words."""
    return str(STATES[VersionState(state)])


def mark(state: str) -> str:
    """The glyph of a state."""
    return MARKS[VersionState(state)]


def list_row(listed: ListedStandard) -> dict[str, Any]:
    """A row as the list shows it."""
    row = listed.row
    return {
        "number": row.number,
        "url": f"/standards/{row.number}",
        "title": row.title,
        "lang": row.lang,
        "summary": row.excerpt,
        "state": row.state,
        "state_name": state_name(row.state),
        "mark": mark(row.state),
        "version": row.version,
        "drafted": bool(row.drafted) and row.state == VersionState.IN_FORCE,
        "since": _since(row),
        "overdue": row.review_on is not None and row.review_on < local_day(now()),
        "owner": row.owner_department or "",
        "departments": listed.departments,
        "comments": row.comment_count,
    }


def _since(row: Any) -> str:
    if row.state == VersionState.RETIRED and row.retired_at:
        return _("retired on %(day)s", day=day(row.retired_at))
    if row.in_force_since is None:
        return ""
    return _("in force since %(day)s", day=day(row.in_force_since))


def version_line(standard: Standard, line: VersionLine) -> dict[str, Any]:
    """A version in the list beside the text."""
    return {
        "number": line.number,
        "url": version_url(standard, line.number),
        "state": line.state,
        "state_name": state_name(line.state),
        "mark": mark(line.state),
        "dates": _dates(line),
        "change": line.change,
    }


def version_url(standard: Standard, number: int) -> str:
    """Where one version is read."""
    return f"/standards/{standard.number}/versions/{number}"


def _dates(line: VersionLine) -> str:
    if line.published_at is None:
        return _("begun on %(day)s", day=day(line.created_at))
    if line.superseded_at is None:
        return _("since %(day)s", day=day(line.published_at))
    return f"{day(line.published_at)} – {day(line.superseded_at)}"


def notices(shown: Shown, *, as_of: date | None, is_old_address: bool) -> list[tuple[str, str]]:
    """What a reader must know before reading, as (kind, sentence)."""
    standard, version = shown.standard, shown.version
    said: list[tuple[str, str]] = []
    if standard.state == VersionState.RETIRED and standard.retired_at is not None:
        said.append(
            (
                "warning",
                _(
                    "This standard was retired on %(day)s: %(why)s",
                    day=day(standard.retired_at),
                    why=standard.retired_why,
                ),
            )
        )
    if version.state == VersionState.DRAFT:
        said.append(("info", _("This is a draft. Only its editors can see it.")))
    if as_of is not None:
        said.append(("info", _as_of(shown, as_of)))
    elif is_old_address and version.state == VersionState.SUPERSEDED:
        said.append(("warning", _superseded(shown)))
    return said


def _as_of(shown: Shown, as_of: date) -> str:
    if shown.current:
        return _("This was in force on %(day)s, and still is.", day=day(as_of))
    return _("This was in force on %(day)s. It is not what is in force today.", day=day(as_of))


def _superseded(shown: Shown) -> str:
    return _(
        "This is version %(old)d. Version %(current)d is in force now.",
        old=shown.version.number,
        current=shown.standard.in_force or 0,
    )


def figures(found: ReadFigures) -> str:
    """How far it has been read."""
    return ngettext(
        "%(read)d of %(num)d person has read this version.",
        "%(read)d of %(num)d people have read this version.",
        found.people,
        read=found.read,
    )
