"""Who stands on which side of a promise: the departments that promise, and those it is for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from forum.accounts.models import Kind, Person
from forum.standards.document import Clause
from forum.standards.kept.models import Side
from forum.standards.models import Standard, VersionState
from forum.standards.structure.places import Places
from forum.standards.structure.reading import promises_of


@dataclass(frozen=True, slots=True)
class Sides:
    """The departments of either side; nobody named among the customers means the whole company."""

    providers: frozenset[int]
    customers: frozenset[int]

    def of(self, department_id: int | None) -> Side | None:
        """The side of a department; a provider that is served too speaks as provider."""
        if department_id is not None and department_id in self.providers:
            return Side.PROVIDER
        if not self.customers or department_id in self.customers:
            return Side.CUSTOMER
        return None


def sides_of(
    clause: Clause, places: Places, *, owner_department: int | None, audience: Collection[int]
) -> Sides:
    """The sides of a clause: who promises in it, else the standard's owner; whom it names, and the
    audience."""
    promises = promises_of(clause, places)
    named = {card.id for promise in promises for card in promise.departments}
    served = {card.id for promise in promises for card in promise.customers}
    owner = {owner_department} if owner_department is not None else set()
    customers = served.union(audience) if audience else ()
    return Sides(frozenset(named or owner), frozenset(customers))


def may_mark(person: Person, standard: Standard, sides: Sides) -> bool:
    """Staff of either side, while the standard is in force."""
    return (
        person.can_sign_in
        and person.kind == Kind.STAFF
        and standard.state == VersionState.IN_FORCE
        and sides.of(person.department_id) is not None
    )


def sees_names(person: Person, standard: Standard) -> bool:
    """Moderators and the owner see who said what."""
    return person.moderates or (standard.owner_id == person.id and person.kind == Kind.STAFF)
