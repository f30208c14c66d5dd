"""What a comparison says of each clause, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from forum.core.i18n import _, ngettext
from forum.standards.clauses.comparing import Fate, Row, compare
from forum.standards.document import Clause, Document, Paragraph


@dataclass(frozen=True, slots=True)
class Told:
    """A clause that changed or moved, or some in a row of which nothing is to be told."""

    fate: str
    label: str
    number: str = ""
    title: str = ""
    paragraphs: Sequence[Paragraph] = field(default=())


def told(old: Document, new: Document) -> list[Told]:
    """The clauses of two versions in the order of the new one."""
    places = _Places(old, new)
    found: list[Told] = []
    for quiet, group in groupby(compare(old, new), _is_quiet):
        rows = list(group)
        found += [_unchanged(rows)] if quiet else [_row(row, places) for row in rows]
    return found


def _is_quiet(row: Row) -> bool:
    return row.fate is Fate.SAME and not row.moved


class _Places:
    """What a clause is called by in a version: its number, or where it stands."""

    def __init__(self, old: Document, new: Document) -> None:
        self._old = {clause.key: at for at, clause in enumerate(old.clauses, 1)}
        self._new = {clause.key: at for at, clause in enumerate(new.clauses, 1)}

    def old(self, clause: Clause) -> str:
        """In the older version."""
        return clause.number or str(self._old[clause.key])

    def new(self, clause: Clause) -> str:
        """In the newer version."""
        return clause.number or str(self._new[clause.key])


def _row(row: Row, places: _Places) -> Told:
    clause = row.clause
    return Told(str(row.fate), _label(row, places), clause.number, clause.title, row.paragraphs)


def _label(row: Row, places: _Places) -> str:
    if row.old is None:
        return _("New clause")
    if row.new is None:
        return _("Removed clause")
    if not row.moved:
        return _("Changed")
    moved = {"old": places.old(row.old), "new": places.new(row.new)}
    if row.fate is Fate.SAME:
        return _("Moved from place %(old)s to %(new)s, unchanged", **moved)
    return _("Moved from place %(old)s to %(new)s and changed", **moved)


def _unchanged(rows: Sequence[Row]) -> Told:
    first, last = rows[0].clause, rows[-1].clause
    if len(rows) > 1 and first.number and last.number:
        ends = {"first": first.number, "last": last.number}
        return Told(str(Fate.SAME), _("Clauses %(first)s to %(last)s are unchanged", **ends))
    label = ngettext("%(num)d clause is unchanged", "%(num)d clauses are unchanged", len(rows))
    return Told(str(Fate.SAME), label)
