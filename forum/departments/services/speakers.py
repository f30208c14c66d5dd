"""Who speaks for the sides of services, as the database knows them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Edge, Side, SideKind
from forum.departments.queries import answerers_of, answers_for
from forum.departments.services.ends import PROVIDER, End
from forum.departments.services.policy import SHELL, Speaker


def speaker_of(person: Person | None) -> Speaker:
    """Somebody with what they speak for. Two queries, none for the shell."""
    if person is None:
        return SHELL
    sides = select(Side.id).where(Side.person_id == person.id)
    return Speaker(
        person.id,
        person.moderates,
        answers_for(person.id),
        frozenset(db.session.scalars(sides)),
    )


def speaking_for(edge: Edge, sides: Iterable[str]) -> frozenset[int]:
    """Those who are told what concerns these sides. Three queries a side at most."""
    found: set[int] = set()
    for side in sides:
        found.update(_of_end(edge, side))
    return frozenset(found)


def _of_end(edge: Edge, side: str) -> set[int]:
    first = side == PROVIDER
    department_id = edge.provider_id if first else edge.customer_id
    side_id = edge.provider_side_id if first else edge.customer_side_id
    owner_id = edge.provider_owner_id if first else edge.customer_owner_id
    themself = _themself(side_id) if side_id is not None else None
    people = {each for each in (owner_id, themself) if each is not None}
    if department_id is not None and themself is None:
        people.update(answerers_of([department_id])[department_id])
    return people


def _themself(side_id: int) -> int | None:
    """The person who is a side, while they can sign in: their department answers for who left."""
    query = select(Side.person_id).join(Person, Person.id == Side.person_id)
    return db.session.scalar(query.where(Side.id == side_id, Person.deactivated_at.is_(None)))


def of_end(end: End) -> frozenset[int]:
    """Those who are told of a service that is being drawn to this end. Two queries at most."""
    if end.kind == SideKind.PERSON:
        return frozenset() if end.person_id is None else frozenset({end.person_id})
    if end.department_id is None:
        return frozenset()
    return frozenset(answerers_of([end.department_id])[end.department_id])
