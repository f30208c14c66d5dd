"""Changing the glossary; every worker knows of it with its next request."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text, update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import EventType, record
from forum.core.i18n import _
from forum.core.textcheck import clean_line
from forum.core.words import normalize
from forum.search.glossary import facts, queries
from forum.search.glossary.known import REVISION, side_of
from forum.search.glossary.models import GlossaryEntry

GLOSSARY_LOCK = 7_040_006
"""Key of the PostgreSQL advisory lock that makes revisions follow commits."""


def read_sides(typed: str) -> list[str]:
    """Words and phrases written one a line, or with semicolons; each once, whatever its form.

    Raises Invalid, and says what to do.
    """
    written = [line for part in typed.split("\n") if (line := clean_line(part))]
    lines = [line for part in written for each in part.split(";") if (line := clean_line(each))]
    for line in lines:
        _check(line)
    sides = {side.key: side.text for line in reversed(lines) if (side := side_of(line))}
    if len(sides) < 2:
        raise Invalid(_("Write at least two different words or phrases."), field="same")
    if not limits.SAME.allows(sides):
        most = limits.SAME.value
        raise Invalid(_("Keep at most %(limit)d of them in one entry.", limit=most), field="same")
    return list(reversed(sides.values()))


def _check(line: str) -> None:
    if not limits.PHRASE.allows(line):
        raise Invalid(
            _(
                "Shorten “%(words)s…” to %(limit)d characters.",
                words=line[:20],
                limit=limits.PHRASE.value,
            ),
            field="same",
        )
    if side_of(line) is None:
        sentence = _("“%(words)s” is too common to be searched for. Leave it out.", words=line)
        raise Invalid(sentence, field="same")


def may_edit(person: Person | None) -> bool:
    """Moderators, and whoever runs the forum's commands."""
    return person is None or person.moderates


def add(moderator: Person | None, *, sides: Sequence[str], note: str = "") -> GlossaryEntry:
    """A new entry. Raises Conflict when there are as many as workers can keep."""
    require(may_edit(moderator))
    with transaction():
        revision = _next_revision()
        _make_room()
        entry = GlossaryEntry(**_columns(sides, note), revision=revision)
        db.session.add(entry)
        db.session.flush()
        record(facts.ADDED, by=moderator, about=("glossary", entry.id))
    return entry


def change(
    moderator: Person | None, entry: GlossaryEntry, *, sides: Sequence[str], note: str, seen: int
) -> None:
    """Reword an entry. Raises Conflict where it has changed since it was `seen`."""
    require(may_edit(moderator))
    values = _columns(sides, note)
    if {name: getattr(entry, name) for name in values} == values:
        return
    with transaction():
        _set(entry.id, GlossaryEntry.revision == seen, **values)
        record(facts.CHANGED, by=moderator, about=("glossary", entry.id))


def delete(moderator: Person | None, entry: GlossaryEntry) -> None:
    """Take an entry out; it can be put back."""
    require(may_edit(moderator))
    _move(moderator, entry, facts.DELETED, is_in=True)


def restore(moderator: Person | None, entry: GlossaryEntry) -> None:
    """Undo: put an entry back."""
    require(may_edit(moderator))
    _move(moderator, entry, facts.RESTORED, is_in=False)


def _move(moderator: Person | None, entry: GlossaryEntry, kind: EventType, *, is_in: bool) -> None:
    """Take an entry out or put it back; nothing when somebody has done so already."""
    if (entry.deleted_at is None) != is_in:
        return
    with transaction():
        if not is_in:
            _make_room()
        as_it_was = GlossaryEntry.revision == entry.revision
        _set(entry.id, as_it_was, deleted_at=now() if is_in else None)
        record(kind, by=moderator, about=("glossary", entry.id))


def _set(entry_id: int, still: object, **values: object) -> None:
    revision = _next_revision()
    changed = db.session.execute(
        update(GlossaryEntry)
        .where(GlossaryEntry.id == entry_id, still)  # type: ignore[arg-type]
        .values(**values, revision=revision)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(_("Somebody has changed this entry meanwhile. Compare, and save again."))


def _columns(sides: Sequence[str], note: str) -> dict[str, str]:
    words = "\n".join(sides)
    return {"words": words, "folded": "\n".join(map(normalize, sides)), "note": note}


def _make_room() -> None:
    if queries.count() >= limits.GLOSSARY.value:
        most = limits.GLOSSARY.value
        raise Conflict(_("The glossary has room for %(limit)d entries.", limit=most))


def _next_revision() -> int:
    """The number of this change, in the open write."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": GLOSSARY_LOCK})
    return (db.session.scalar(REVISION) or 0) + 1
