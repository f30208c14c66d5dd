"""Rendering the texts of imported ideas, on both cores, before any write opens."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from forum.core import richtext
from forum.core.richtext import Composed
from forum.core.textcheck import detect_lang, excerpt
from forum.ideas.imports.records import ImportedIdea, ImportedText

EXCERPT = 180
FEW = 40
"""Below so many ideas starting another process costs more than it saves."""


@dataclass(frozen=True, slots=True)
class ComposedIdea:
    """An imported idea with its texts rendered, in the order of its comments."""

    idea: ImportedIdea
    problem: Composed | None
    proposal: Composed | None
    reason: Composed | None
    comments: tuple[Composed, ...]
    lang: str
    excerpt: str

    @property
    def texts(self) -> int:
        """How many texts it has."""
        return 1 + len(self.comments)


def compose_idea(idea: ImportedIdea) -> ComposedIdea:
    """Render everything an idea says."""
    problem = _composed(idea.problem)
    plain = problem.plain if problem else ""
    return ComposedIdea(
        idea=idea,
        problem=problem,
        proposal=_composed(idea.proposal),
        reason=_composed(idea.decision.reason) if idea.decision else None,
        comments=tuple(richtext.compose(c.body.source, c.body.format) for c in idea.comments),
        lang=idea.lang or detect_lang(f"{idea.title}\n{plain[:2000]}"),
        excerpt=excerpt(plain, EXCERPT),
    )


def _composed(text: ImportedText | None) -> Composed | None:
    return richtext.compose(text.source, text.format) if text and text.source.strip() else None


@contextmanager
def composer() -> Iterator[Composer]:
    """Something that renders many ideas, in order, on every core."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=2, mp_context=spawn) as pool:
        yield Composer(pool)


class Composer:
    """Renders ideas; a few are not worth another process."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def compose(self, ideas: list[ImportedIdea]) -> Iterable[ComposedIdea]:
        """The ideas with their texts rendered, in the same order."""
        if len(ideas) < FEW:
            return map(compose_idea, ideas)
        return self._pool.map(compose_idea, ideas, chunksize=8)
