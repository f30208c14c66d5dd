"""What pages say about standards: states, dates, the notices above a text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from forum.core.clock import now
from forum.core.i18n import _, day, lazy, local_day, ngettext
from forum.standards.approvals.models import Release
from forum.standards.approvals.phrases import of_release
from forum.standards.listing import ListedStandard
from forum.standards.models import NEXT, Standard, VersionState
from forum.standards.queries import ReadFigures, Shown, VersionLine

STATES = {
    VersionState.DRAFT: lazy("Draft"),
    VersionState.APPROVAL: lazy("In approval"),
    VersionState.COMING: lazy("Coming into force"),
    VersionState.IN_FORCE: lazy("In force"),
    VersionState.SUPERSEDED: lazy("Superseded"),
    VersionState.RETIRED: lazy("Retired"),
}
MARKS = {
    VersionState.DRAFT: "draft",
    VersionState.APPROVAL: "review",
    VersionState.COMING: "accepted",
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
    in_approval = row.state == VersionState.DRAFT and row.next_state == VersionState.APPROVAL
    state = VersionState.APPROVAL if in_approval else row.state
    return {
        "number": row.number,
        "url": f"/standards/{row.number}",
        "title": row.title,
        "lang": row.lang,
        "summary": row.excerpt,
        "state": row.state,
        "state_name": state_name(state),
        "mark": mark(state),
        "version": row.version,
        "next": _next(row.next_state) if row.state == VersionState.IN_FORCE else "",
        "since": _since(row),
        "overdue": row.review_on is not None and row.review_on < local_day(now()),
        "owner": row.owner_department or "",
        "departments": listed.departments,
        "comments": row.comment_count,
    }


def _next(state: str | None) -> str:
    """How far the next version is, for those who see it."""
    if state is None:
        return ""
    return {
        VersionState.DRAFT: _("next version in draft"),
        VersionState.APPROVAL: _("next version in approval"),
    }.get(VersionState(state), _("next version waits for its day"))


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
    if line.state == VersionState.COMING and line.effective_on is not None:
        return _("comes into force on %(day)s", day=day(line.effective_on))
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
    if version.state in NEXT:
        said.append(("info", _not_yet(shown)))
    said += of_release(shown.release, in_force=shown.current)
    if as_of is not None:
        said.append(("info", _as_of(shown, as_of)))
    elif is_old_address and version.state == VersionState.SUPERSEDED:
        said.append(("warning", _superseded(shown)))
    return said


def _not_yet(shown: Shown) -> str:
    """Who sees a version that is not in force."""
    if shown.version.state == VersionState.DRAFT and shown.release and shown.release.sent:
        return _("This is a draft again. Only its editors and those who were asked can see it.")
    if shown.version.state == VersionState.DRAFT:
        return _("This is a draft. Only its editors can see it.")
    if shown.version.state == VersionState.APPROVAL:
        return _("This text is in approval. Only its editors and those who are asked can see it.")
    return _coming(shown.version.number, shown.release)


def _coming(number: int, release: Release | None) -> str:
    if release is None or release.effective_on is None:
        return _("Version %(number)d waits for its day.", number=number)
    on = day(release.effective_on)
    return _("Version %(number)d comes into force on %(day)s.", number=number, day=on)


def next_version(shown: Shown, lines: Sequence[VersionLine]) -> dict[str, str] | None:
    """The way from what is in force to the next version, for those who see it."""
    newest = lines[0] if lines else None
    if newest is None or not shown.current or newest.number == shown.version.number:
        return None
    number, url = newest.number, version_url(shown.standard, newest.number)
    if newest.state == VersionState.APPROVAL:
        words = _("Version %(number)d is in approval: read it and answer", number=number)
        return {"words": words, "url": f"{url}#approvals"}
    if newest.state == VersionState.COMING and newest.effective_on is not None:
        on = day(newest.effective_on)
        words = _("Version %(number)d comes into force on %(day)s", number=number, day=on)
        return {"words": words, "url": url}
    return None


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
