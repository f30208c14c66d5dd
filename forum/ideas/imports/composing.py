"""Rendering the texts of imported ideas, on both cores, before any write opens."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from forum.core import richtext
from forum.core.db import db
from forum.core.orphans import die_with
from forum.core.richtext import Composed
from forum.core.textcheck import detect_lang, excerpt
from forum.ideas.imports.fields import ImportedText
from forum.ideas.imports.records import ImportedIdea

EXCERPT = 180
LARGE = 400_000
"""Bytes of a file from which on starting other processes saves more than it costs."""
SLICE = 10
"""Ideas sent to another process at once."""
WORKERS = 2


@dataclass(frozen=True, slots=True)
class ComposedIdea:
    """An imported idea with its texts rendered, in the order of its answers and comments; `beside`
    are those of what was written together."""

    idea: ImportedIdea
    problem: Composed | None
    proposal: Composed | None
    reason: Composed | None
    revisit: Composed | None
    outcome: Composed | None
    answers: tuple[Composed | None, ...]
    comments: tuple[Composed, ...]
    beside: tuple[Composed | None, ...]
    lang: str
    excerpt: str

    @property
    def own_texts(self) -> list[Composed]:
        """What it says itself, without its comments."""
        texts = (self.problem, self.proposal, self.reason, self.revisit, self.outcome)
        return [text for text in (*texts, *self.answers, *self.beside) if text is not None]

    @property
    def rows(self) -> int:
        """About how many rows it makes."""
        votes, comments = len(self.idea.votes), 3 * len(self.comments)
        answers = len(self.idea.departments) + 2 * len(self.answers)
        around = len(self.idea.tags) + len(self.idea.steps) + 2 * len(self.beside)
        return 8 + answers + around + votes + comments


Rendered = Callable[[], list[ComposedIdea]]
"""Waits for ideas to be rendered."""
Renderer = Callable[[list[ImportedIdea]], Rendered]


def compose_idea(idea: ImportedIdea) -> ComposedIdea:
    """Render everything an idea says."""
    problem, decision = _composed(idea.problem), idea.decision
    plain = problem.plain if problem else ""
    return ComposedIdea(
        idea=idea,
        problem=problem,
        proposal=_composed(idea.proposal),
        reason=_composed(decision.reason) if decision else None,
        revisit=_composed(decision.revisit) if decision else None,
        outcome=_composed(idea.outcome),
        answers=tuple(_composed(answer.reason) for answer in idea.answers),
        comments=tuple(richtext.compose(c.body.source, c.body.format) for c in idea.comments),
        beside=tuple(_composed(text) for text in idea.together.texts),
        lang=idea.lang or detect_lang(f"{idea.title}\n{plain[:2000]}"),
        excerpt=excerpt(plain, EXCERPT),
    )


def _composed(text: ImportedText | None) -> Composed | None:
    return richtext.compose(text.source, text.format) if text and text.source.strip() else None


def compose_ideas(ideas: list[ImportedIdea]) -> list[ComposedIdea]:
    """Render some ideas, in order."""
    return [compose_idea(idea) for idea in ideas]


@contextmanager
def renderer(size: int) -> Iterator[Renderer]:
    """What renders ideas; for a large file in other processes, while the caller goes on."""
    if size < LARGE or (os.cpu_count() or 1) < 2:
        yield lambda ideas: lambda: compose_ideas(ideas)
        return
    # Children open no connection, and must not inherit one: closing it would end ours.
    db.session.remove()
    db.engine.dispose()
    start = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(start)
    with ProcessPoolExecutor(
        max_workers=WORKERS, mp_context=context, initializer=_begin, initargs=(os.getpid(),)
    ) as pool:
        yield lambda ideas: _in(pool, ideas)


def _begin(parent: int) -> None:
    """Rendering makes many short-lived trees: looking for garbage seldom saves a tenth."""
    die_with(parent)
    gc.freeze()
    gc.set_threshold(50_000)


def _in(pool: ProcessPoolExecutor, ideas: list[ImportedIdea]) -> Rendered:
    parts = [ideas[start : start + SLICE] for start in range(0, len(ideas), SLICE)]
    waiting = [pool.submit(compose_ideas, part) for part in parts]
    return lambda: list(chain.from_iterable(each.result() for each in waiting))
