"""Whom a thank-you is told to: people, by name or as one of everyone, and who speaks for a
department.

The other people of a department read it in the feed and on their department's page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from forum.core.db import db
from forum.departments.queries import answerers_of, heads_of
from forum.ideas.anonymous.queries import authors_behind
from forum.thanks.models import Thanks, ThanksTo


@dataclass(frozen=True, slots=True)
class Told:
    """A thank-you that stands: what it is for, whom to tell, and who wrote its idea without their
    name, who is told where nobody else reads."""

    subject_kind: str
    subject_id: int
    author_id: int
    people: frozenset[int]
    unsigned: int | None

    @property
    def thing(self) -> tuple[str, int]:
        """What its news are gathered by: what it is for, so that many thanks are one notice."""
        return (f"thanks-{self.subject_kind}", self.subject_id)


def told(thanks_ids: Collection[int]) -> dict[int, Told]:
    """Those of some that are neither taken back nor hidden. At most eight queries."""
    query = select(Thanks).where(
        Thanks.id.in_(thanks_ids), Thanks.withdrawn_at.is_(None), Thanks.hidden_at.is_(None)
    )
    standing = list(db.session.scalars(query))
    people, departments = _rows([thanks.id for thanks in standing])
    speaking = _speaking({d for several in departments.values() for d in several})
    unsigned = authors_behind(
        {t.subject_id for t in standing if t.everyone and t.subject_kind == "idea" and t.subject_id}
    )
    found = {}
    for thanks in standing:
        of_departments = (p for d in departments.get(thanks.id, ()) for p in speaking.get(d, ()))
        behind = unsigned.get(thanks.subject_id or 0) if thanks.everyone else None
        found[thanks.id] = Told(
            thanks.subject_kind or "none",
            thanks.subject_id if thanks.subject_id is not None else thanks.id,
            thanks.author_id,
            frozenset({*people.get(thanks.id, ()), *of_departments}) - {thanks.author_id},
            behind if behind != thanks.author_id else None,
        )
    return found


def hidden_ones(thanks_ids: Collection[int]) -> dict[int, int]:
    """Who said those of some that are hidden. One query."""
    query = select(Thanks.id, Thanks.author_id).where(
        Thanks.id.in_(thanks_ids), Thanks.hidden_at.is_not(None), Thanks.withdrawn_at.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _rows(ids: Collection[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    query = select(ThanksTo.thanks_id, ThanksTo.person_id, ThanksTo.department_id)
    people: dict[int, list[int]] = {}
    departments: dict[int, list[int]] = {}
    for thanks_id, person_id, department_id in db.session.execute(
        query.where(ThanksTo.thanks_id.in_(ids))
    ):
        if person_id is not None:
            people.setdefault(thanks_id, []).append(person_id)
        elif department_id is not None:
            departments.setdefault(thanks_id, []).append(department_id)
    return people, departments


def _speaking(departments: Collection[int]) -> dict[int, set[int]]:
    """The head and the representatives of each, or who stands in for them."""
    if not departments:
        return {}
    heads = heads_of(departments)
    return {
        number: {*people, *({heads[number]} if number in heads else ())}
        for number, people in answerers_of(departments).items()
    }
