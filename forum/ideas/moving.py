"""Moving an idea to another stage: which ways are open to whom, and going one."""

from __future__ import annotations

from collections.abc import Collection, Set
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.departments.models import Department
from forum.ideas import policy, queries, stage_cards, stages, transitions
from forum.ideas.models import Idea, StageKind
from forum.ideas.stage_cards import StageCard
from forum.ideas.together.queries import co_authors_of


class Way(NamedTuple):
    """A stage an idea may go to; one that asks for words leads to the idea's page."""

    slug: str
    kind: str
    label: str
    look: str
    asks: bool


Headed = frozenset[int]
"""Departments that a person is the head of."""


def headed_by(person: Person) -> Headed:
    """The departments whose head this is; one query where a stage lets heads move ideas, else
    none."""
    if not any(stage_cards.HEADS in card.may_enter | card.may_leave for card in _added_to()):
        return frozenset()
    query = select(Department.id).where(
        Department.head_id == person.id, Department.archived_at.is_(None)
    )
    return frozenset(db.session.scalars(query))


def _added_to() -> list[StageCard]:
    return stage_cards.in_use() if stage_cards.changed() else []


def ways(person: Person, idea: Any, affected: Collection[int], headed: Headed) -> list[Way]:
    """Where this person may move an idea, in the order of the stages. No query after the first."""
    here = stage_cards.every()[idea.stage_id]
    heads = not headed.isdisjoint(affected)
    return [
        Way(card.slug, card.kind, card.name, card.look, asks)
        for card in stage_cards.in_use()
        if (asks := _asks(here, card)) or transitions.one_tap(here, card)
        if _may_take(person, idea, here, card, heads=heads)
    ]


def _asks(here: StageCard, to: StageCard) -> bool:
    """Whether this step is taken on the idea's page, where a reason or an outcome is written."""
    return not to.added and to.kind in transitions.WITH_WORDS.get(here.kind, ())


def _may_take(
    person: Person,
    idea: Any,
    here: StageCard,
    to: StageCard,
    *,
    heads: bool,
    co_authors: Set[int] = policy.NOBODY_ELSE,
) -> bool:
    if _asks(here, to):
        if here.kind == StageKind.ACCEPTED:
            return policy.may_standardise(person, idea)
        return policy.may_decide(person, idea, co_authors)
    return all(
        policy.may_step(person, idea, who, heads=heads, co_authors=co_authors)
        for who in (here.may_leave, to.may_enter)
    )


def asks_for_words(idea: Idea, to: StageCard) -> bool:
    """Whether this step is taken on the idea's page."""
    return _asks(stage_cards.every()[idea.stage_id], to)


def move_to(person: Person, idea: Idea, to: StageCard) -> None:
    """Take a step that asks for nothing; already there is the same. Conflict says why not."""
    here = stage_cards.every()[idea.stage_id]
    heads = not headed_by(person).isdisjoint(queries.affected_ids(idea.id))
    co_authors = co_authors_of(person, idea)
    require(_may_take(person, idea, here, to, heads=heads, co_authors=co_authors))
    if here.id == to.id:
        return
    if not transitions.one_tap(here, to):
        raise Conflict(transitions.refusal(here, to))
    with transaction():
        stages.move(
            idea,
            StageKind(to.kind),
            into=to.id if to.added else None,
            by=person,
            allowed=[StageKind(here.kind)],
            still=[Idea.stage_id == here.id],
        )
