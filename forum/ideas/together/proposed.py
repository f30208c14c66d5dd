"""Suggested edits as they apply to what an idea says now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.richtext import Change, word_diff
from forum.core.richtext.threeway import merged
from forum.core.texts import Text
from forum.ideas.models import Idea, IdeaRevision
from forum.ideas.together.models import Suggestion, SuggestionState

SHOWN = 10
"""Open suggestions on a page, each with up to three comparisons."""
SETTLED = 20


class Words(NamedTuple):
    """What an idea says: title, problem and proposal as they were typed."""

    title: str
    problem: str
    proposal: str


class Proposed(NamedTuple):
    """A suggested edit: who wrote it when, over which words, and which words it wants."""

    id: int
    by_id: int
    by: str
    base: int
    at: datetime
    said: Words | None
    wanted: Words

    def over(self, now: Words) -> Words | None:
        """What the idea would say; None where its text has changed in the same places.

        A wording that is not kept any more can only be compared with itself.
        """
        base = self.said
        if base is None:
            return None
        fields = [merged(*three) for three in zip(base, now, self.wanted, strict=True)]
        return None if None in fields else Words(*(field or "" for field in fields))


class Settled(NamedTuple):
    """What became of a suggestion."""

    id: int
    by_id: int
    by: str
    state: str
    settled_at: datetime
    settled_by: str | None
    reason: str | None
    revision: int | None


PROBLEM, PROPOSAL, OLD_PROBLEM, OLD_PROPOSAL = (aliased(Text) for _each in range(4))


def _open() -> Any:
    return (
        select(
            Suggestion.id,
            Suggestion.by_id,
            Person.name,
            Suggestion.base,
            Suggestion.at,
            IdeaRevision.title,
            OLD_PROBLEM.source,
            OLD_PROPOSAL.source,
            Suggestion.title,
            PROBLEM.source,
            PROPOSAL.source,
        )
        .join(Person, Person.id == Suggestion.by_id)
        .outerjoin(
            IdeaRevision,
            (IdeaRevision.idea_id == Suggestion.idea_id) & (IdeaRevision.number == Suggestion.base),
        )
        .outerjoin(OLD_PROBLEM, OLD_PROBLEM.id == IdeaRevision.problem_id)
        .outerjoin(OLD_PROPOSAL, OLD_PROPOSAL.id == IdeaRevision.proposal_id)
        .outerjoin(PROBLEM, PROBLEM.id == Suggestion.problem_id)
        .outerjoin(PROPOSAL, PROPOSAL.id == Suggestion.proposal_id)
        .where(Suggestion.state == SuggestionState.OPEN)
        .order_by(Suggestion.id)
    )


OPEN = _open()


def _proposed(row: Any) -> Proposed:
    said = None if row[5] is None else Words(row[5], row[6] or "", row[7] or "")
    wanted = Words(row[8], row[9] or "", row[10] or "")
    return Proposed._make((*row[:5], said, wanted))


def open_suggestions(idea_id: int, *, after: int = 0, most: int = SHOWN + 1) -> list[Proposed]:
    """Suggestions that wait, oldest first. One query."""
    query = OPEN.where(Suggestion.idea_id == idea_id, Suggestion.id > after).limit(most)
    return [_proposed(row) for row in db.session.execute(query)]


def open_of(idea_ids: Sequence[int]) -> list[tuple[int, Proposed]]:
    """Suggestions that wait on some ideas, oldest first, each with its idea's id. One query."""
    query = OPEN.add_columns(Suggestion.idea_id).where(Suggestion.idea_id.in_(idea_ids))
    return [(row[-1], _proposed(row)) for row in db.session.execute(query)]


def one_open(suggestion_id: int) -> Proposed | None:
    """A suggestion, if it waits. One query."""
    row = db.session.execute(OPEN.where(Suggestion.id == suggestion_id)).one_or_none()
    return _proposed(row) if row is not None else None


def settled_suggestions(idea_id: int) -> list[Settled]:
    """The latest that were taken or left, newest first. One query."""
    settler = aliased(Person)
    query = (
        select(
            Suggestion.id,
            Suggestion.by_id,
            Person.name,
            Suggestion.state,
            Suggestion.settled_at,
            settler.name,
            Text.html,
            Suggestion.revision,
        )
        .join(Person, Person.id == Suggestion.by_id)
        .outerjoin(settler, settler.id == Suggestion.settled_by_id)
        .outerjoin(Text, Text.id == Suggestion.reason_id)
        .where(
            Suggestion.idea_id == idea_id,
            Suggestion.state.in_([SuggestionState.TAKEN, SuggestionState.LEFT]),
        )
        .order_by(Suggestion.settled_at.desc(), Suggestion.id.desc())
        .limit(SETTLED)
    )
    return [Settled._make(row) for row in db.session.execute(query)]


def credits_of(idea_id: int) -> dict[int, str]:
    """Who suggested which wordings, by their numbers. One query."""
    query = (
        select(Suggestion.revision, Person.name)
        .join(Person, Person.id == Suggestion.by_id)
        .where(Suggestion.idea_id == idea_id, Suggestion.state == SuggestionState.TAKEN)
    )
    return {row[0] or 0: row[1] for row in db.session.execute(query)}


def how_many_wait() -> Any:
    """How many suggestions wait for the authors of the query's idea, as a column."""
    waiting = (Suggestion.idea_id == Idea.id, Suggestion.state == SuggestionState.OPEN)
    return select(func.count()).where(*waiting).correlate(Idea).scalar_subquery()


def differences(now: Words, then: Words) -> list[tuple[str, Sequence[Change]]]:
    """What changes, field by field, word by word; only fields that change."""
    return [
        (name, word_diff(old, new))
        for name, old, new in zip(Words._fields, now, then, strict=True)
        if old != new
    ]


REVISION = (
    select(IdeaRevision.title, OLD_PROBLEM.source, OLD_PROPOSAL.source)
    .outerjoin(OLD_PROBLEM, OLD_PROBLEM.id == IdeaRevision.problem_id)
    .outerjoin(OLD_PROPOSAL, OLD_PROPOSAL.id == IdeaRevision.proposal_id)
    .where(IdeaRevision.idea_id == bindparam("idea_id"), IdeaRevision.number == bindparam("number"))
)


def words_at(idea_id: int, number: int) -> Words | None:
    """What an idea said in one of its wordings. One query."""
    row = db.session.execute(REVISION, {"idea_id": idea_id, "number": number}).one_or_none()
    return None if row is None else Words(row[0], row[1] or "", row[2] or "")
