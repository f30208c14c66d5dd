"""Ideas as the lines that `forum import ideas` reads, a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import String, case, cast, exists, func, literal, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.admin.export_parts import called, moment, parts_of, without_nothing
from forum.admin.export_together import together_of
from forum.core.db import db
from forum.core.texts import Text
from forum.ideas.models import Idea, StageKind
from forum.ideas.stage_cards import slug_of

BATCH = 200


def idea_lines() -> Iterator[str]:
    """Every idea, oldest first; those that were merged behind those they were merged into.
    Seventeen queries a batch."""
    for batch in _batches():
        yield from (json.dumps(line, ensure_ascii=False) + "\n" for line in _lines(batch))


def _batches() -> Iterator[Sequence[Any]]:
    last = 0
    unmerged = _query().where(Idea.stage_kind != StageKind.MERGED).order_by(Idea.id).limit(BATCH)
    while batch := db.session.execute(unmerged.where(Idea.id > last)).all():
        yield batch
        last = batch[-1][0].id
    merged = _merged()
    for start in range(0, len(merged), BATCH):
        ids = merged[start : start + BATCH]
        rows = {row[0].id: row for row in db.session.execute(_query().where(Idea.id.in_(ids)))}
        yield [rows[number] for number in ids]


def _merged() -> list[int]:
    """Ideas that were merged, in such an order that each comes after the one it leads to."""
    query = select(Idea.id, Idea.merged_into_id).where(Idea.stage_kind == StageKind.MERGED)
    into = {row[0]: row[1] for row in db.session.execute(query.order_by(Idea.id))}
    ordered: dict[int, None] = {}
    for number in into:
        way: dict[int, None] = {}
        here: int | None = number
        while here in into and here not in ordered and here not in way:
            way[here] = None
            here = into[here]
        ordered.update(dict.fromkeys(reversed(way)))
    return list(ordered)


def _query() -> Any:
    problem, proposal, outcome = aliased(Text), aliased(Text), aliased(Text)
    target = aliased(Idea)
    return (
        select(Idea, Person, problem, proposal, outcome.source, name_of(Idea), name_of(target))
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(problem, problem.id == Idea.problem_id)
        .outerjoin(proposal, proposal.id == Idea.proposal_id)
        .outerjoin(outcome, outcome.id == Idea.outcome_id)
        .outerjoin(target, target.id == Idea.merged_into_id)
    )


def name_of(idea: Any) -> Any:
    """What an idea is called in files: the source's id, else its own, marked if that is taken."""
    other, own = aliased(Idea), cast(idea.id, String)
    taken = exists().where(other.source_id == own, other.id != idea.id)
    return func.coalesce(idea.source_id, case((taken, literal("own-") + own), else_=own))


def _lines(batch: Sequence[Any]) -> Iterator[dict[str, Any]]:
    ideas = [row[0] for row in batch]
    parts = {**parts_of(ideas), **together_of([idea.id for idea in ideas])}
    for idea, author, problem, proposal, outcome, name, target in batch:
        line = {
            "id": name,
            "title": idea.title,
            "problem": problem.source if problem else "",
            "proposal": proposal.source if proposal else "",
            "format": problem.format if problem else "markdown",
            "revision": idea.revision if idea.revision > 1 else None,
            "lang": idea.lang,
            "author": called(author),
            "created_at": moment(idea.posted_at or idea.created_at),
            "stage": slug_of(str(idea.stage_kind), idea.stage_id),
            "merged_into": target,
            "hidden": True if idea.hidden_at else None,
            "votes": idea.vote_count + idea.imported_votes,
            **{part: found.get(idea.id) for part, found in parts.items()},
            "outcome": outcome,
        }
        yield without_nothing(line)
