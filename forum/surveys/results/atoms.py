"""Which answers may only be told together, so that no figure of few follows from those of many.

The answers to an item of a wave are split once into *atoms*. A service with answers of at least k
people is an atom of its own. What is left over goes up from the service to the department that
serves, the one above it, and so on to the whole: where leftovers of at least k people meet, they
become an atom there. What finds no company is counted nowhere. Every figure is a sum of whole
atoms, and so is every sum of figures: nothing that can be computed from them tells of less than an
atom, neither across filters nor between a total and its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from forum.surveys.figures.counts import Counts
from forum.surveys.figures.deniable import deniable

Node = tuple[str, int, int]
"""A whole: what kind it is, and of which one or two things."""
ALL: Node = ("all", 0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service stands: its wholes from the smallest on, and whom it serves.

    `crowd` leads from the top of the company down to the customer, since people of a department may
    be asked as those of one above it.
    """

    service: int
    up: tuple[Node, ...]
    customer: int
    crowd: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Services that are told together only, at which whole, and by how many people at least."""

    services: tuple[int, ...]
    node: Node
    people: int


@dataclass(frozen=True, slots=True)
class Atom(Group):
    """The same with what was answered."""

    counts: Counts


def atoms_of(places: Sequence[Place], answers: Mapping[int, Counts], k: int) -> list[Atom]:
    """The atoms of one item of a wave."""
    numbers = {service: counts.n for service, counts in answers.items()}
    return [
        Atom(
            *(group.services, group.node, group.people),
            deniable(added(answers[service] for service in group.services)),
        )
        for group in groups_of(places, numbers, k)
    ]


def groups_of(places: Sequence[Place], numbers: Mapping[int, int], k: int) -> list[Group]:
    """The same of anything of which there are so many for a service, one of a person at most."""
    waiting: dict[int, dict[Node, list[Place]]] = defaultdict(dict)
    for place in (each for each in places if numbers.get(each.service)):
        waiting[len(place.up)].setdefault(place.up[0], []).append(place)
    found: list[Group] = []
    while waiting:
        # The deepest first: nothing may come up to a whole after it was dealt with.
        left = max(waiting)
        for node, met in waiting.pop(left).items():
            if tells_nobody(met, numbers, k):
                services = tuple(sorted(place.service for place in met))
                found.append(Group(services, node, people_of(met, numbers)))
            elif left > 1:
                above = met[0].up[1 - left]
                waiting[left - 1].setdefault(above, []).extend(met)
    return found


def tells_nobody(met: Sequence[Place], numbers: Mapping[int, int], k: int) -> bool:
    """Whether these together are of k people, and the shares of each in them stay open.

    Who knows that each of several services has fewer than k answers, knows all their numbers where
    they sum up to the most that is possible.
    """
    if people_of(met, numbers) < k:
        return False
    total = sum(numbers[place.service] for place in met)
    return len(met) == 1 or total != len(met) * (k - 1)


def people_of(met: Sequence[Place], numbers: Mapping[int, int]) -> int:
    """At least so many people answered: everybody once a service, as one of its customers.

    People of different customers are others; of one customer, or of one above the other, they may
    be the same.
    """
    most: dict[int, int] = {}
    asked = {place.customer for place in met}
    for place in met:
        crowd = next(each for each in place.crowd if each in asked)
        most[crowd] = max(most.get(crowd, 0), numbers[place.service])
    return sum(most.values())


def added(several: Iterable[Counts]) -> Counts:
    """All of some counts together."""
    first, *rest = several
    for each in rest:
        first = first + each
    return first


Within = Callable[[Place], Iterable[Node]]


def cells_of(
    atoms: Sequence[Atom], places: Mapping[int, Place], also: Within
) -> dict[Node, tuple[Counts, int]]:
    """Every figure there is: of each whole the atoms that lie in it entirely, and their people.

    `also` names wholes besides those on the way up. A whole's people are as few as the smallest
    atom's in it: once k was raised it is told only where each of them might be, since the atoms
    that are told still would leave the others by subtraction.
    """
    inside: dict[Node, list[Atom]] = {}
    for atom in atoms:
        members = [places[service] for service in atom.services]
        common = set(members[0].up) | set(also(members[0]))
        for member in members[1:]:
            common &= set(member.up) | set(also(member))
        for node in common:
            inside.setdefault(node, []).append(atom)
    return {
        node: (added(atom.counts for atom in held), min(atom.people for atom in held))
        for node, held in inside.items()
    }
