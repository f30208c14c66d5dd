"""Loading a file: short writes, many lines at a time; the same file again changes nothing.

A load that was killed goes on where it stopped when it is run again, since every idea remembers
the id of its line and, once it is whole, the line's digest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from forum.core.db import db, end_read
from forum.core.i18n import _
from forum.ideas.imports.authors import Authors
from forum.ideas.imports.changing import Present, change, complete
from forum.ideas.imports.composing import ComposedIdea, Rendered, renderer
from forum.ideas.imports.desk import Desk, archived_names, department_names
from forum.ideas.imports.records import ImportedIdea
from forum.ideas.imports.sources import Line, lines_of
from forum.ideas.imports.writing import create
from forum.ideas.models import Idea

CHUNK = 100
"""Lines that are looked up and rendered together."""
AHEAD = 3
"""Chunks being rendered while one is written."""
BATCH_ROWS = 200
"""Rows in one write, so that the running forum is never starved."""


@dataclass(slots=True)
class Outcome:
    """What became of a file's lines."""

    created: int = 0
    unchanged: int = 0
    updated: int = 0
    texts: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The closing line; the same words in every language, for scripts."""
        return (
            f"created {self.created}, unchanged {self.unchanged}, "
            f"updated {self.updated}, refused {len(self.refused)}"
        )


def load_file(
    path: Path, *, kind: str | None, dry_run: bool, progress: Callable[[int], object]
) -> Outcome:
    """Load a file; `progress` is told how many lines were finished."""
    with renderer(0 if dry_run else path.stat().st_size) as render:
        desk = Desk(Authors(), department_names(), archived_names())
        loader = _Loader(desk, dry_run=dry_run)
        lines = lines_of(path, kind)
        pending: deque[tuple[int, Rendered]] = deque()
        while chunk := list(islice(lines, CHUNK)):
            pending.append((len(chunk), render(loader.wanted(chunk))))
            if len(pending) > AHEAD:
                progress(loader.write(*pending.popleft()))
        while pending:
            progress(loader.write(*pending.popleft()))
    return loader.outcome


class _Loader:
    """Goes through a file's lines, a chunk at a time."""

    def __init__(self, desk: Desk, *, dry_run: bool) -> None:
        self.outcome, self.dry_run = Outcome(), dry_run
        self.desk = desk
        self._here: dict[str, Present] = {}
        self._accepted: set[str] = set()

    def wanted(self, chunk: list[Line]) -> list[ImportedIdea]:
        """Sort the lines into new, changed, unchanged and refused; the first two are returned."""
        ideas = list(self._acceptable(chunk))
        here = self._present([idea.id for idea in ideas])
        wanted = [i for i in ideas if i.id not in here or here[i.id].digest != i.digest]
        self.outcome.unchanged += len(ideas) - len(wanted)
        if self.dry_run:
            self._count(wanted, here)
            return []
        self._here.update({idea.id: here[idea.id] for idea in wanted if idea.id in here})
        return wanted

    def _count(self, wanted: list[ImportedIdea], here: dict[str, Present]) -> None:
        """An idea whose load was interrupted has no digest yet and still counts as new."""
        changed = sum(idea.id in here and here[idea.id].digest is not None for idea in wanted)
        self.outcome.updated += changed
        self.outcome.created += len(wanted) - changed

    def _acceptable(self, chunk: list[Line]) -> Iterator[ImportedIdea]:
        targets = {line.idea.merged_into for line in chunk if line.idea and line.idea.merged_into}
        known = self._present(list(targets)) if targets else {}
        for line in chunk:
            reason = line.reason or self._unknown(line.idea, known)
            if line.idea is None or reason:
                self.outcome.refused.append((line.number, reason))
            else:
                self._accepted.add(line.idea.id)
                yield line.idea

    def _unknown(self, idea: ImportedIdea | None, known: Container[str]) -> str:
        """What a line names that is not here, in a sentence."""
        if idea is None:
            return ""
        for name in idea.named_departments:
            if not self.desk.knows(name) or (
                self.desk.is_archived(name) and name in idea.asked_departments
            ):
                return _("There is no department “%(name)s”.", name=name[:60])
        target = idea.merged_into
        if target and target not in known and target not in self._accepted:
            return _("The idea “%(name)s” it was merged into has to come first.", name=target[:60])
        return ""

    def _present(self, ids: list[str]) -> dict[str, Present]:
        end_read()
        query = select(Idea.source_id, Idea.id, Idea.source_digest).where(Idea.source_id.in_(ids))
        return {str(row[0]): Present(row[1], row[2]) for row in db.session.execute(query)}

    def write(self, lines: int, rendered: Rendered) -> int:
        """Write what was rendered; the number of lines it came from."""
        ideas = rendered()
        here = {idea.idea.id: self._here.pop(idea.idea.id, None) for idea in ideas}
        self._count([idea.idea for idea in ideas], {k: v for k, v in here.items() if v})
        for batch in _batches([idea for idea in ideas if here[idea.idea.id] is None]):
            self._create(batch)
        for idea in ideas:
            present = here[idea.idea.id]
            if present is not None:
                change(self.desk, present.id, idea)
                complete(self.desk, present.id, idea)
        self.outcome.texts += sum(1 + len(idea.comments) for idea in ideas)
        db.session.expunge_all()
        return lines

    def _create(self, batch: list[ComposedIdea]) -> None:
        """One idea too large for one write gets its comments and votes in several."""
        whole = batch[0].rows <= BATCH_ROWS
        for source_id, idea_id in create(self.desk, batch, whole=whole).items():
            if not whole:
                complete(self.desk, idea_id, _named(batch, source_id))


def _named(batch: list[ComposedIdea], source_id: str) -> ComposedIdea:
    return next(each for each in batch if each.idea.id == source_id)


def _batches(ideas: list[ComposedIdea]) -> Iterator[list[ComposedIdea]]:
    """Ideas that fit one write together; one that does not fit any comes alone."""
    batch: list[ComposedIdea] = []
    for idea in ideas:
        if batch and sum(each.rows for each in batch) + idea.rows > BATCH_ROWS:
            yield batch
            batch = []
        batch.append(idea)
    if batch:
        yield batch
