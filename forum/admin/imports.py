"""Importing files: first a plan that changes nothing, then its steps in short writes.

A plan says for every line what would happen and why not; the same file again plans nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from forum.accounts.models import Person
from forum.core.db import transaction
from forum.core.errors import DomainError

What = Literal["created", "updated", "unchanged", "refused"]
COUNTED: tuple[What, ...] = ("created", "unchanged", "updated", "refused")
BATCH_ROWS, BATCH_SECONDS = 200, 0.1

Step = Callable[[Person | None], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that would change."""

    column: str
    old: str
    new: str


@dataclass(slots=True)
class Outcome:
    """What becomes of one line. `reason` is a lazy sentence in the reader's language."""

    line: int
    what: What
    title: str = ""
    differences: list[Difference] = field(default_factory=list)
    reason: Any = ""
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What a file would do: line by line, then things to know that no line is to blame for.

    `late` are steps that need every line's own steps taken before, such as hanging departments
    under each other. `prepare` is told which lines come next, in their open write; `keep` that it
    was committed, `forget` that it was taken back.
    """

    kind: str
    outcomes: list[Outcome] = field(default_factory=list)
    late: list[tuple[Outcome, Step]] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    prepare: Callable[[Person | None, Sequence[Outcome]], None] = lambda _admin, _outcomes: None
    forget: Callable[[], None] = lambda: None
    keep: Callable[[], None] = lambda: None

    def refuse(self, line: int, reason: Any, title: str = "") -> None:
        """Leave a line out."""
        self.outcomes.append(Outcome(line, "refused", title, reason=reason))

    def count(self, what: What) -> int:
        """How many lines have this outcome."""
        return sum(outcome.what == what for outcome in self.outcomes)

    @property
    def refused(self) -> list[Outcome]:
        """The lines that are left out, in order."""
        found = [outcome for outcome in self.outcomes if outcome.what == "refused"]
        return sorted(found, key=lambda outcome: outcome.line)

    @property
    def changed(self) -> list[Outcome]:
        """The lines that change something."""
        return [o for o in self.outcomes if o.what in ("created", "updated")]

    @property
    def summary(self) -> str:
        """The line every import ends with; scripts read it, so it is not translated."""
        return ", ".join(f"{what} {self.count(what)}" for what in COUNTED)


Work = tuple[Outcome, list[Step]]


def carry_out(plan: Plan, admin: Person | None, *, progress: Callable[[int], None]) -> None:
    """Take every step, committing at most 200 lines or a tenth of a second at a time.

    A line the database refuses after all, because the forum changed since, is left out alone.
    """
    first: list[Work] = [(outcome, outcome.steps) for outcome in plan.outcomes if outcome.steps]
    second: list[Work] = [(outcome, [step]) for outcome, step in plan.late]
    for wave in (first, second):
        for batch in _batches(wave):
            _write(plan, batch, admin)
            progress(len(batch))


def _batches(works: Sequence[Work]) -> Iterator[Sequence[Work]]:
    """Batches whose size follows how long the last one took."""
    start, size = 0, 20
    while start < len(works):
        began = time.monotonic()
        yield works[start : start + size]
        start += size
        took = time.monotonic() - began
        size = max(5, min(BATCH_ROWS, int(size * BATCH_SECONDS / max(took, 0.001))))


def _write(plan: Plan, batch: Sequence[Work], admin: Person | None) -> None:
    try:
        with transaction():
            plan.prepare(admin, [outcome for outcome, _steps in batch])
            _take(batch, admin)
        plan.keep()
    except DomainError as refusal:
        plan.forget()
        if len(batch) == 1:
            outcome = batch[0][0]
            outcome.what, outcome.reason = "refused", refusal.message
            return
        for work in batch:
            _write(plan, [work], admin)


def _take(batch: Sequence[Work], admin: Person | None) -> None:
    for outcome, steps in batch:
        if outcome.what != "refused":
            for step in steps:
                step(admin)
