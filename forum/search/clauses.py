"""The clause of a standard that a search found it for: its passage is the clause's, with a link.

A long text is read to its end, unlike others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.core.db import db
from forum.core.words import normalize
from forum.search.documents import OLDER, Ref
from forum.search.snippets import Wanted
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.models import Version, VersionState

READ = 200_000
"""Characters of a standard in which its clause is looked for."""


class Part(NamedTuple):
    """A clause as a hit shows it, and the words that stand in it; `lang` is that of a translation,
    empty in the main text."""

    key: int
    number: str
    title: str
    text: str = ""
    lang: str = ""

    @property
    def name(self) -> str:
        """Number and heading."""
        return f"{self.number} {self.title}".strip()


OPENING = Part(0, "", "")
"""What stands before the first clause."""


def clauses_of(refs: Sequence[Ref]) -> dict[Ref, list[Part]]:
    """The clauses of standards in force and of older versions, in order. One query for each of the
    two kinds, none for no such things."""
    found: dict[Ref, list[Part]] = {}
    for kind, (owner, *wanted) in OWNERS.items():
        if ids := [row_id for known, row_id in refs if known == kind]:
            query = _clauses(owner).where(owner.in_(ids), *wanted)
            for row_id, *part in db.session.execute(query):
                found.setdefault((kind, row_id), []).append(Part(*part))
    return found


OWNERS: dict[str, tuple[Any, ...]] = {
    "standard": (Version.standard_id, Version.state == VersionState.IN_FORCE),
    OLDER: (Version.id,),
}


def _clauses(owner: Any) -> Any:
    return (
        select(owner, Clause.key, VersionClause.number, VersionClause.title)
        .join(VersionClause, VersionClause.version_id == Version.id)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .order_by(owner, VersionClause.place)
    )


def best_of(
    clauses: Sequence[Part],
    text: str,
    told: Sequence[Part],
    wanted: Wanted,
    headings: frozenset[str],
    lang: str = "",
) -> Part | None:
    """The clause of the main `text`, or of the translations `told`, with the most different words,
    then the most of them in the reader's `lang`, the first such; of those under `headings` where
    some were asked for, in whatever language. None where what stands before the clauses, or no
    clause at all, has most of the words."""
    parts = [*_parts(clauses, text[:READ]), *told]
    named = {part for part in parts if normalize(part.name) in headings}
    keys = {part.key for part in named}

    def worth(part: Part) -> tuple[int, bool, bool, int]:
        marks = wanted.marks(f"{part.title}\n{part.text}") if wanted else []
        return len({mark.word for mark in marks}), part in named, part.lang == lang, len(marks)

    counted = [(worth(part), part) for part in parts if not headings or part.key in keys]
    (words, *_rest), best = max(counted, key=lambda each: each[0], default=((0,), OPENING))
    return best if best.key and (headings or words) else None


def _parts(clauses: Sequence[Part], text: str) -> list[Part]:
    """The text cut where a line is the next clause's heading."""
    found: list[tuple[Part, list[str]]] = [(OPENING, [])]
    for line in text.split("\n"):
        place = len(found) - 1
        if place < len(clauses) and line.strip() == clauses[place].title:
            found.append((clauses[place], []))
        else:
            found[-1][1].append(line)
    return [part._replace(text="\n".join(lines)) for part, lines in found]
