"""Two versions clause by clause: what came, what went, what moved, and what changed inside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forum.core.richtext import Change, new_budget, plain_text, word_diff
from forum.standards.document import Clause, Document, Paragraph, paragraphs


class Fate(StrEnum):
    """What became of a clause between two versions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Row:
    """A clause of either version; one that went stands where it stood among its neighbours.

    `inside` is None where both are the same to the letter: most clauses of most versions are, and
    their words need not be read.
    """

    old: Clause | None
    new: Clause | None
    moved: bool
    inside: list[Change] | None

    @property
    def changes(self) -> list[Change]:
        """The whole clause, word by word."""
        return [("equal", _words(self.clause))] if self.inside is None else self.inside

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The changes as they are read, the heading first."""
        return paragraphs([(str(op), text) for op, text in self.changes])

    @property
    def fate(self) -> Fate:
        """What became of it; moving alone is no change."""
        if self.old is None:
            return Fate.ADDED
        if self.new is None:
            return Fate.REMOVED
        changed = any(op != "equal" for op, _text in self.inside or ())
        return Fate.CHANGED if changed else Fate.SAME

    @property
    def clause(self) -> Clause:
        """The clause as it is now, or as it was last."""
        found = self.new or self.old
        if found is None:
            raise ValueError("A row without a clause")
        return found


def compare(old: Document, new: Document) -> list[Row]:
    """The clauses of two versions of a standard whose clauses have their own keys."""
    before = {clause.key: clause for clause in old.clauses}
    after = {clause.key: clause for clause in new.clauses}
    stayed = _stayed([clause.key for clause in old.clauses], [c.key for c in new.clauses])
    budget = new_budget()
    return [
        Row(
            before.get(key),
            after.get(key),
            key in before and key in after and key not in stayed,
            _inside(before.get(key), after.get(key), budget),
        )
        for key in _order(old.clauses, new.clauses)
    ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clauses came, went, changed inside, and moved."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0


def count(old: Document, new: Document) -> Counts:
    """What `compare` would say, counted: words are only looked at where the HTML differs."""
    before = {clause.key: clause for clause in old.clauses}
    after = {clause.key: clause for clause in new.clauses}
    both = before.keys() & after.keys()
    stayed = _stayed([clause.key for clause in old.clauses], [c.key for c in new.clauses])
    return Counts(
        added=len(after) - len(both),
        removed=len(before) - len(both),
        changed=sum(_differs(before[key], after[key]) for key in both),
        moved=len(both - stayed),
    )


def _inside(old: Clause | None, new: Clause | None, budget: list[int]) -> list[Change] | None:
    return None if old and new and _is_same(old, new) else _changes(old, new, budget)


def _differs(old: Clause, new: Clause) -> bool:
    return not _is_same(old, new) and _words(old) != _words(new)


def _is_same(old: Clause, new: Clause) -> bool:
    return old.title == new.title and old.html == new.html


def changes_between(old: Clause | None, new: Clause | None) -> list[Paragraph]:
    """What changed between two wordings of a clause, its heading first."""
    changes = _changes(old, new, new_budget())
    return paragraphs([(str(op), text) for op, text in changes])


def _changes(old: Clause | None, new: Clause | None, budget: list[int]) -> list[Change]:
    return word_diff(_words(old), _words(new), budget=budget)


def _words(clause: Clause | None) -> str:
    return f"{clause.title}\n{plain_text(str(clause.html))}" if clause is not None else ""


def _order(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[int]:
    """The keys of the new version in order; each that went follows the one it used to follow."""
    kept = {clause.key for clause in new}
    after: dict[int | None, list[int]] = {}
    last: int | None = None
    for clause in old:
        if clause.key in kept:
            last = clause.key
        else:
            after.setdefault(last, []).append(clause.key)
    yield from after.get(None, ())
    for clause in new:
        yield clause.key
        yield from after.get(clause.key, ())


def _stayed(old: Sequence[int], new: Sequence[int]) -> set[int]:
    """The most clauses that are in the same order on both sides; the others have moved.

    The longest increasing subsequence, by patience sorting.
    """
    places = {key: place for place, key in enumerate(old)}
    ends: list[int] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for key in new:
        if key in places:
            at = bisect_left(ends, places[key])
            before[key] = last[at - 1] if at else None
            ends[at : at + 1] = [places[key]]
            last[at : at + 1] = [key]
    stayed: set[int] = set()
    key_at = last[-1] if last else None
    while key_at is not None:
        stayed.add(key_at)
        key_at = before[key_at]
    return stayed
