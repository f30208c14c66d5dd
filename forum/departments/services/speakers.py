"""Who speaks for the sides of services, as the database knows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import OPEN_STATES, Edge, Service, Side, SideKind
from forum.departments.queries import answerers_of, answers_for
from forum.departments.services import history
from forum.departments.services.ends import PROVIDER, End
from forum.departments.services.policy import SHELL, Speaker, speaks_for


def speaker_of(person: Person | None) -> Speaker:
    """Somebody with what they speak for. Two queries, none for the shell."""
    return SHELL if person is None else _speaker(person.id, moderates=person.moderates)


def _speaker(person_id: int, *, moderates: bool = False) -> Speaker:
    sides = select(Side.id).where(Side.person_id == person_id)
    own = frozenset(db.session.scalars(sides))
    return Speaker(person_id, moderates, answers_for(person_id), own)


class Hearers(NamedTuple):
    """Who hears of a word about a service: those it asks, if it asks anybody, and the others."""

    asked: frozenset[int]
    others: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        """Both."""
        return self.asked | self.others


def hearing(person: Person | None, service: Service, sides: Iterable[str]) -> Hearers:
    """Those who speak for these sides, and whoever said what this person answers: they are asked as
    long as they still speak for one of the sides, a head beside the representatives too, and hear
    of it in any case. Three queries a side, and two for each who has spoken."""
    wanted = frozenset(sides)
    spoken = frozenset(history.voices(service.id)) if service.state in OPEN_STATES else frozenset()
    spoken -= {person.id if person is not None else 0}
    asked = {each for each in spoken if wanted & speaks_for(_speaker(each), service)}
    return Hearers(speaking_for(service, wanted) | asked, spoken - asked)


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
    here = Person.deactivated_at.is_(None), Person.erased_at.is_(None)
    return db.session.scalar(query.where(Side.id == side_id, *here))


def of_end(end: End) -> frozenset[int]:
    """Those who are told of a service that is being drawn to this end. Two queries at most."""
    if end.kind == SideKind.PERSON:
        return frozenset() if end.person_id is None else frozenset({end.person_id})
    if end.department_id is None:
        return frozenset()
    return frozenset(answerers_of([end.department_id])[end.department_id])
