"""The rows of what was written together: added where they are missing, never taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.clock import now, today
from forum.core.db import db
from forum.core.richtext import Composed
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.imports.desk import Desk
from forum.ideas.imports.standing import insert_all
from forum.ideas.imports.together import NOTHING, ImportedDone
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.together.models import (
    Adoption,
    Improvement,
    Suggestion,
    SuggestionState,
    Summary,
    SummaryRevision,
)

Row = dict[str, Any]
Pair = tuple[ComposedIdea, Row]
"""A line, and its idea's `id`, `author_id`, `posted_at` and `revision`."""


def join(desk: Desk, pairs: Sequence[Pair], text_ids: dict[str, int]) -> None:
    """Write what lines say beside ideas that are here, in the open write."""
    some = [pair for pair in pairs if pair[0].idea.together != NOTHING]
    if not some:
        return
    _add(IdeaAuthor, [row for pair in some for row in _authors(desk, pair)])
    _summarise([row for pair in some for row in _summaries(desk, pair, text_ids)])
    _suggest([row for pair in some for row in _suggestions(desk, pair, text_ids)])
    _add(Improvement, [row for pair in some for row in _improvements(desk, pair)])
    _add(Adoption, [row for pair in some for row in _adoptions(desk, pair)])


def _add(model: Any, rows: Sequence[Row], *returning: Any) -> list[Any]:
    """Insert what is not there yet; the rows that are new."""
    if not rows:
        return []
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    query = dialect(model.__table__).values(list(rows)).on_conflict_do_nothing()
    columns = returning or tuple(model.__table__.primary_key)
    return list(db.session.execute(query.returning(*columns)).all())


def _authors(desk: Desk, pair: Pair) -> Iterator[Row]:
    composed, idea = pair
    people = {desk.authors.of(name).id for name in composed.idea.together.coauthors}
    for person_id in sorted(people - {idea["author_id"]}):
        yield {"idea_id": idea["id"], "person_id": person_id, "at": now()}


def _id(text: Composed | None, text_ids: dict[str, int]) -> int | None:
    return text_ids[text.digest] if text is not None else None


def _summaries(desk: Desk, pair: Pair, text_ids: dict[str, int]) -> Iterator[Row]:
    composed, idea = pair
    said = composed.idea.together.summaries
    for given, text in zip(said, composed.beside, strict=False):
        if text is not None and given.lang != composed.lang:
            yield {
                "idea_id": idea["id"],
                "lang": given.lang,
                "text_id": text_ids[text.digest],
                "by_id": desk.authors.of(given.by).id,
                "revision": 1,
                "at": given.at or now(),
            }


def _summarise(rows: Sequence[Row]) -> None:
    columns = (Summary.id, Summary.text_id, Summary.by_id, Summary.at)
    new = _add(Summary, rows, *columns)
    insert_all(
        SummaryRevision,
        [
            {"summary_id": row[0], "number": 1, "text_id": row[1], "by_id": row[2], "at": row[3]}
            for row in new
        ],
    )


def _suggestions(desk: Desk, pair: Pair, text_ids: dict[str, int]) -> Iterator[Row]:
    composed, idea = pair
    together = composed.idea.together
    texts = composed.beside[len(together.summaries) :]
    for given, problem, proposal in zip(together.suggestions, texts[::2], texts[1::2], strict=True):
        yield {
            "idea_id": idea["id"],
            "by_id": desk.authors.of(given.by).id,
            "base": idea["revision"],
            "title": given.title,
            "problem_id": _id(problem, text_ids),
            "proposal_id": _id(proposal, text_ids),
            "state": SuggestionState.OPEN,
            "at": given.at or idea["posted_at"],
        }


def _suggest(rows: Sequence[Row]) -> None:
    """A suggestion is known by whose it is, on which idea and since when, whatever became of it."""
    ids = {row["idea_id"] for row in rows}
    query = select(Suggestion.idea_id, Suggestion.by_id, Suggestion.at)
    here = set(map(tuple, db.session.execute(query.where(Suggestion.idea_id.in_(ids)))))
    fresh = [row for row in rows if (row["idea_id"], row["by_id"], row["at"]) not in here]
    insert_all(Suggestion, fresh)


def _improvements(desk: Desk, pair: Pair) -> Iterator[Row]:
    composed, idea = pair
    given = composed.idea.together.improvement
    if given is not None:
        yield {"idea_id": idea["id"], "department_id": _place(desk, given), "done_on": given.on}


def _adoptions(desk: Desk, pair: Pair) -> Iterator[Row]:
    composed, idea = pair
    once = {_place(desk, given): given for given in composed.idea.together.adoptions}
    for number, given in once.items():
        yield {
            "idea_id": idea["id"],
            "department_id": number,
            "by_id": desk.authors.of(given.by).id,
            "adopted_on": given.on or today(),
            "at": now(),
        }


def _place(desk: Desk, given: ImportedDone) -> int:
    return desk.known_department(given.department)
