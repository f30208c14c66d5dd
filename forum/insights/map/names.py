"""How the sides of services are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from sqlalchemy import bindparam, select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db, read_columns
from forum.core.i18n import _
from forum.departments.models import Department, Edge, Side, SideKind
from forum.departments.queries import CARD, DepartmentCard
from forum.departments.scope import scope_of
from forum.departments.services.ends import CUSTOMER, PROVIDER
from forum.departments.visibility import people_visible_to

PLACES = select(*CARD, Department.archived_at).where(
    Department.id.in_(bindparam("departments", expanding=True, type_=Department.id.type))
)


class Called(NamedTuple):
    """A side in words: its name, the department it stands in unless it is that, and its page."""

    name: str
    within: str = ""
    url: str = ""
    card: DepartmentCard | None = None
    kind: str = "department"

    @property
    def full(self) -> str:
        """Name and department in one."""
        return f"{self.name} ({self.within})" if self.within else self.name


class Names:
    """The names that some edges need, as far as the reader sees departments and people.

    At most three queries, and one for a consultant's scope.
    """

    def __init__(self, reader: Person, edges: Sequence[Edge]) -> None:
        scope = scope_of(reader).departments
        ids = {i for each in edges for i in (each.provider_id, each.customer_id) if i is not None}
        seen = ids if scope is None else ids & scope
        self._cards, self.closed = _places(ids, seen)
        self._departments = {number: _department(card) for number, card in self._cards.items()}
        self._sides = _sides(edges)
        people = {side.person_id for side in self._sides.values()}
        people |= {each.provider_owner_id for each in edges}
        people |= {each.customer_owner_id for each in edges}
        self._people = _people(reader, (each for each in people if each is not None))

    def of(self, edge: Edge, side: str) -> Called:
        """One of the two sides."""
        first = side == PROVIDER
        own = self._sides.get((edge.provider_side_id if first else edge.customer_side_id) or 0)
        card = self._cards.get((edge.provider_id if first else edge.customer_id) or 0)
        if own is not None and own.kind == SideKind.PERSON:
            return self._somebody(own, card)
        if card is None:
            return Called(_("Another department"))
        if own is None:
            return self._departments[card.id]
        return Called(own.name, card.name, card.url, card, own.kind)

    def both(self, edge: Edge) -> tuple[Called, Called]:
        """Provider and customer."""
        return self.of(edge, PROVIDER), self.of(edge, CUSTOMER)

    def person(self, person_id: int | None) -> tuple[str, str] | None:
        """Somebody's name and page; of who is not the reader's to see, only that there is one."""
        if person_id is None:
            return None
        return self._people.get(person_id) or (_("Somebody else"), "")

    def _somebody(self, side: Side, card: DepartmentCard | None) -> Called:
        name, url = self.person(side.person_id) or ("", "")
        return Called(name, card.name if card is not None else "", url, card, side.kind)


def _places(
    ids: AbstractSet[int], seen: AbstractSet[int]
) -> tuple[dict[int, DepartmentCard], frozenset[int]]:
    """The cards of those departments that are seen, and which of all of them were closed."""
    if not ids:
        return {}, frozenset()
    rows = [
        (DepartmentCard(*row[:-1]), row[-1])
        for row in read_columns(PLACES, {"departments": list(ids)})
    ]
    cards = {card.id: card for card, _at in rows if card.id in seen}
    return cards, frozenset(card.id for card, at in rows if at is not None)


def _department(card: DepartmentCard) -> Called:
    return Called(card.name, url=card.url, card=card)


def _sides(edges: Sequence[Edge]) -> dict[int, Side]:
    ids = {i for each in edges for i in (each.provider_side_id, each.customer_side_id)}
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    return {side.id: side for side in db.session.scalars(select(Side).where(Side.id.in_(wanted)))}


def _people(reader: Person, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(Person.id, Person.name, Person.erased_at).where(
        Person.id.in_(wanted), people_visible_to(reader)
    )
    return {
        row.id: (shown_name(row.name), "" if row.erased_at else f"/people/{row.id}")
        for row in db.session.execute(query)
    }
