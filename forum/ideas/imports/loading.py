"""Loading a file: short writes, a line at a time; the same file again changes nothing.

A load that was killed goes on where it stopped when it is run again, since every idea remembers
the id and the digest of its line.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from forum.core.db import db, end_read, transaction
from forum.core.i18n import _
from forum.ideas.imports.authors import Authors
from forum.ideas.imports.composing import ComposedIdea, Composer, composer
from forum.ideas.imports.records import ImportedIdea
from forum.ideas.imports.sources import Line, lines_of
from forum.ideas.imports.writing import change, create, department_names
from forum.ideas.models import Idea

CHUNK = 400
"""Lines that are looked up and rendered together."""
BATCH_TEXTS = 40
BATCH_SECONDS = 0.1
"""A write ends after so many texts or so much time, so that the running forum is never starved."""


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
    outcome, departments = Outcome(), department_names()
    lines = lines_of(path, kind)
    with composer() as renderer:
        loader = _Loader(outcome, departments, renderer, dry_run=dry_run)
        while chunk := list(islice(lines, CHUNK)):
            loader.load(chunk)
            progress(len(chunk))
    return outcome


class _Loader:
    """Goes through a file's lines, a chunk at a time."""

    def __init__(
        self, outcome: Outcome, departments: dict[str, int], renderer: Composer, *, dry_run: bool
    ) -> None:
        self.outcome, self.departments, self.renderer = outcome, departments, renderer
        self.dry_run = dry_run
        self.people = Authors()

    def load(self, chunk: list[Line]) -> None:
        """Sort the lines into new, changed, unchanged and refused; write the first two."""
        ideas = list(self._acceptable(chunk))
        digests = self._digests([idea.id for idea in ideas])
        wanted = [idea for idea in ideas if digests.get(idea.id) != idea.digest]
        self.outcome.unchanged += len(ideas) - len(wanted)
        if self.dry_run:
            changed = sum(idea.id in digests for idea in wanted)
            self.outcome.updated += changed
            self.outcome.created += len(wanted) - changed
        else:
            self._write(self.renderer.compose(wanted))

    def _acceptable(self, chunk: list[Line]) -> Iterator[ImportedIdea]:
        for line in chunk:
            reason = line.reason or self._unknown_department(line.idea)
            if line.idea is None or reason:
                self.outcome.refused.append((line.number, reason))
            else:
                yield line.idea

    def _unknown_department(self, idea: ImportedIdea | None) -> str:
        named = idea.departments if idea is not None else ()
        unknown = [name for name in named if name.casefold() not in self.departments]
        return _("There is no department “%(name)s”.", name=unknown[0][:60]) if unknown else ""

    def _digests(self, ids: list[str]) -> dict[str, str | None]:
        end_read()
        query = select(Idea.source_id, Idea.source_digest).where(Idea.source_id.in_(ids))
        return {str(source_id): digest for source_id, digest in db.session.execute(query)}

    def _write(self, composed: Iterable[ComposedIdea]) -> None:
        waiting = iter(composed)
        following = next(waiting, None)
        while following is not None:
            following = self._batch(following, waiting)

    def _batch(
        self, following: ComposedIdea | None, waiting: Iterator[ComposedIdea]
    ) -> ComposedIdea | None:
        """Write some ideas in one transaction; rendered ones wait outside of it."""
        batch: list[ComposedIdea] = []
        while following is not None and sum(each.texts for each in batch) < BATCH_TEXTS:
            batch.append(following)
            following = next(waiting, None)
        while batch:
            batch = self._commit(batch)
        return following

    def _commit(self, batch: list[ComposedIdea]) -> list[ComposedIdea]:
        """Commit as many as fit in the time; the rest comes back."""
        began, done = time.monotonic(), 0
        try:
            with transaction():
                for composed in batch:
                    self._one(composed)
                    done += 1
                    if time.monotonic() - began > BATCH_SECONDS:
                        break
        except BaseException:
            self.people.forget()
            raise
        self.outcome.texts += sum(each.texts for each in batch[:done])
        db.session.expunge_all()
        self.people.forget()
        return batch[done:]

    def _one(self, composed: ComposedIdea) -> None:
        here = db.session.scalars(select(Idea).where(Idea.source_id == composed.idea.id)).first()
        if here is None:
            create(composed, self.people, self.departments)
            self.outcome.created += 1
        else:
            change(here, composed, self.people, self.departments)
            self.outcome.updated += 1
