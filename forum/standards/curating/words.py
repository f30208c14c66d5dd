"""A department or term that is called otherwise now: found in texts, changed in new drafts.

Whole words as they are written, outside of addresses and code: other cases of a Russian word are
other words, and are looked for by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.db import db
from forum.core.errors import DomainError, Invalid
from forum.core.i18n import _, lazy
from forum.core.texts import Text
from forum.standards import drafts
from forum.standards.curating.queries import MOST
from forum.standards.editing import Editable, editable
from forum.standards.models import Standard, Version, VersionState
from forum.standards.review import policy
from forum.standards.rewording import reworded

LINES = 3
"""Changed lines shown of each standard."""
_KEPT = re.compile(r"(\]\([^)\n]*\)|https?://\S+|`[^`\n]*`)")
SAY_BOTH = lazy("Say what it was called and what it is called now.")
SAME = lazy("Both are the same.")


@dataclass(frozen=True, slots=True)
class Renaming:
    """The words as they were and as they are now. Raises Invalid where there is nothing to do."""

    old: str
    new: str

    def __post_init__(self) -> None:
        """Refuse what changes nothing."""
        for field, words in (("old", self.old), ("new", self.new)):
            if not words or not limits.DEPARTMENT_NAME.allows(words):
                raise Invalid(SAY_BOTH, field=field)
        if self.old == self.new:
            raise Invalid(SAME, field="new")

    def count(self, text: str) -> int:
        """How often the old words stand in a text."""
        return sum(len(self._words.findall(part)) for part in _KEPT.split(text)[::2])

    def apply(self, text: str) -> str:
        """The text with the new words."""
        parts = _KEPT.split(text)
        parts[::2] = [self._words.sub(lambda _found: self.new, part) for part in parts[::2]]
        return "".join(parts)

    @property
    def _words(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){re.escape(self.old)}(?!\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """A standard whose newest text has the old words; `lock` is what was seen of it."""

    id: int
    number: str
    title: str
    lang: str
    lock: int
    state: str
    times: int
    lines: Sequence[tuple[str, str]]


def find(renaming: Renaming) -> tuple[list[Found], int]:
    """The standards whose draft, or text in force where there is none, has the words; and of how
    many the next version has them, which waits for its day and does not change. One query."""
    found = [each for each in _standing(renaming) if each.times]
    waiting = [each for each in found if each.state == VersionState.COMING]
    return [each for each in found if each.state != VersionState.COMING], len(waiting)


def _standing(renaming: Renaming) -> list[Found]:
    """What stands in the newest version of each standard that may have the words. One query."""
    newest = (
        select(func.max(Version.number))
        .where(Version.standard_id == Standard.id)
        .correlate(Standard)
        .scalar_subquery()
    )
    query = (
        select(Standard.id, Standard.number, Standard.lock, Standard.sequence)
        .add_columns(Version.title, Version.lang, Version.state, Text.source)
        .join(Version, (Version.standard_id == Standard.id) & (Version.number == newest))
        .outerjoin(Text, Text.id == Version.text_id)
        .where(
            Standard.state != VersionState.RETIRED,
            or_(
                Text.source.contains(renaming.old, autoescape=True),
                Version.title.contains(renaming.old, autoescape=True),
            ),
        )
        .order_by(Standard.sequence)
    )
    return [_found(renaming, row) for row in db.session.execute(query)]


def _found(renaming: Renaming, row: Any) -> Found:
    source = row.source or ""
    return Found(
        row.id,
        row.number,
        row.title,
        row.lang,
        row.lock,
        row.state,
        renaming.count(row.title) + renaming.count(source),
        list(_lines(renaming, f"{row.title}\n{source}"))[:LINES],
    )


def _lines(renaming: Renaming, text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        changed = renaming.apply(line)
        if changed != line:
            yield line, changed


@dataclass(frozen=True, slots=True)
class Renamed:
    """What came of it: numbers with a changed draft, and (number, why) of those left."""

    changed: list[str]
    left: list[tuple[str, str]]


def rename(
    moderator: Person, renaming: Renaming, standards: Sequence[Standard], *, seen: dict[int, int]
) -> Renamed:
    """Change the words in the drafts of standards, beginning one where there is none.

    Each in a write of its own; one that changed since it was `seen` is left and told.
    """
    require(policy.may_plan(moderator))
    done = Renamed([], [])
    for standard in standards[:MOST]:
        number = standard.number
        try:
            _rename(moderator, renaming, editable(standard), seen.get(standard.id, -1))
        except DomainError as refusal:
            done.left.append((number, str(refusal.message)))
        else:
            done.changed.append(number)
    return done


def _rename(moderator: Person, renaming: Renaming, base: Editable, seen: int) -> None:
    title, body = renaming.apply(base.version.title), renaming.apply(base.source)
    if not limits.TITLE.allows(title):
        raise Invalid(_("Its title would be too long."))
    change = "" if base.is_draft else _("“%(old)s” is called “%(new)s” now.", **_quoted(renaming))
    wording = reworded(base, title=title, body=body, change=change)
    drafts.save_draft(moderator, base.standard, wording, seen=seen)


def _quoted(renaming: Renaming) -> dict[str, str]:
    return {"old": renaming.old, "new": renaming.new}
