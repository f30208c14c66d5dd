"""The figures and texts of a wave that may be told, out of its answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from forum.core.db import db
from forum.surveys.figures.clusters import Asked, worth_of
from forum.surveys.figures.counts import LIKELY, SCALE, Counts
from forum.surveys.models import (
    ItemKind,
    ItemVersion,
    SurveyAnswer,
    SurveyItem,
    SurveyText,
    WaveItem,
    WaveService,
)
from forum.surveys.results.atoms import ALL, Atom, Node, Place, atoms_of, cells_of, groups_of
from forum.surveys.results.framing import tree_of

SCALES = {ItemKind.SCALE: SCALE, ItemKind.RECOMMEND: LIKELY}
NOBODY = 0
"""A side that stands in no department; its people may be anybody's."""


class Figure(NamedTuple):
    """An item in a whole."""

    node: Node
    version_id: int
    counts: Counts
    people: int
    worth: int


class Voice(NamedTuple):
    """A text, and where it is told."""

    key: str
    node: Node
    people: int


class Whole(NamedTuple):
    """The items of a whole together."""

    mean: float
    n: int
    people: int
    versions: str


class Said(NamedTuple):
    """Everything that may be told of a wave."""

    figures: list[Figure]
    voices: list[Voice]


def overall(figures: Iterable[Figure]) -> dict[Node, Whole]:
    """The mean of the items from 1 to 5 of each whole, every item alike."""
    found: dict[Node, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.counts.lowest == SCALE[0]:
            found[figure.node].append(figure)
    return {
        node: Whole(
            round(sum(each.counts.mean for each in items) / len(items), 6),
            max(each.counts.n for each in items),
            min(each.people for each in items),
            " ".join(map(str, sorted(each.version_id for each in items))),
        )
        for node, items in found.items()
    }


def told(wave_id: int, k: int) -> Said:
    """Everything that may be told of a wave. Five queries, and time that grows with its answers."""
    places = places_of(wave_id)
    members = _members(places)
    figures = [
        figure
        for version_id, found in _atoms(wave_id, places, k)
        for figure in _figures(version_id, found, members)
    ]
    return Said(figures, list(_voices(wave_id, places, k)))


Members = Mapping[Node, Sequence[Place]]


def _members(places: Sequence[Place]) -> Members:
    """The services that a wave asked about in each whole."""
    found: dict[Node, list[Place]] = defaultdict(list)
    for place in places:
        for node in {*place.up, *_customers(place)}:
            found[node].append(place)
    return found


def _figures(version_id: int, found: Sequence[Atom], members: Members) -> Iterator[Figure]:
    by_service = {each.service: each for each in members.get(ALL, ())}
    seen = {atom.services[0]: atom.counts.n for atom in found if len(atom.services) == 1}
    for node, (counts, people) in sorted(cells_of(found, by_service, _customers).items()):
        worth = _worth(members[node], seen, counts.n)
        yield Figure(node, version_id, counts, people, worth)


def _worth(members: Sequence[Place], seen: Mapping[int, int], total: int) -> int:
    """As how many people's answers so many in a whole count; from the numbers of the services that
    are told by themselves, and of no other."""
    numbers: dict[int, list[int | None]] = defaultdict(list)
    for place in members:
        numbers[place.customer].append(seen.get(place.service))
    asked = {
        customer: Asked([n for n in each if n is not None], each.count(None))
        for customer, each in numbers.items()
    }
    crowds = {place.customer: place.crowd for place in members}
    return worth_of(asked, total, lambda a, b: a in crowds[b] or b in crowds[a])


def atoms(wave_id: int, k: int) -> dict[int, list[Atom]]:
    """What figures are sums of, by the version of the item. Four queries."""
    return dict(_atoms(wave_id, places_of(wave_id), k))


def voices(wave_id: int, k: int) -> list[Voice]:
    """Where each text is told. Three queries."""
    return list(_voices(wave_id, places_of(wave_id), k))


def _atoms(wave_id: int, places: Sequence[Place], k: int) -> Iterator[tuple[int, list[Atom]]]:
    for version_id, answers in sorted(_answers(wave_id, kinds_of(wave_id)).items()):
        yield version_id, atoms_of(places, answers, k)


def _customers(place: Place) -> Iterable[Node]:
    return [("customer", place.customer, 0)] if place.customer != NOBODY else []


def places_of(wave_id: int) -> list[Place]:
    """Where each service of a wave stood when the wave opened. Two queries."""
    parents = tree_of(wave_id)
    query = (
        select(WaveService.service_id, WaveService.provider_id, WaveService.customer_id)
        .where(WaveService.wave_id == wave_id)
        .order_by(WaveService.service_id)
    )
    return [
        _place(row[0], row[1] or NOBODY, row[2] or NOBODY, parents)
        for row in db.session.execute(query)
    ]


def _place(service: int, provider: int, customer: int, parents: Mapping[int, int | None]) -> Place:
    serving: tuple[Node, ...] = ()
    if provider != NOBODY:
        above = path_of(provider, parents)
        serving = (("provider", provider, 0), *(("tree", each, 0) for each in above))
    up = (("service", service, 0), ("pair", provider, customer), *serving, ALL)
    # Nobody's department comes first: such people may be those of any other customer.
    crowd = (NOBODY, *reversed(path_of(customer, parents))) if customer != NOBODY else (NOBODY,)
    return Place(service, up, customer, crowd)


def path_of(department: int, parents: Mapping[int, int | None]) -> list[int]:
    """A department and all above it, the top last."""
    found: list[int] = []
    at: int | None = department
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return found


def kinds_of(wave_id: int) -> dict[int, str]:
    """How each item of a wave is answered, by its version. One query."""
    query = (
        select(WaveItem.version_id, SurveyItem.kind)
        .join(ItemVersion, ItemVersion.id == WaveItem.version_id)
        .join(SurveyItem, SurveyItem.id == ItemVersion.item_id)
        .where(WaveItem.wave_id == wave_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _answers(wave_id: int, kinds: Mapping[int, str]) -> dict[int, dict[int, Counts]]:
    """What was answered, by version and service. One query."""
    query = (
        select(
            *(SurveyAnswer.version_id, SurveyAnswer.service_id),
            *(SurveyAnswer.value, func.count()),
        )
        .where(SurveyAnswer.wave_id == wave_id)
        .group_by(SurveyAnswer.service_id, SurveyAnswer.version_id, SurveyAnswer.value)
    )
    found: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for version_id, service_id, value, count in db.session.execute(query):
        found[version_id][service_id][value] = count
    return {
        version_id: {
            service_id: _counts(numbers, SCALES[ItemKind(kinds[version_id])])
            for service_id, numbers in of_services.items()
        }
        for version_id, of_services in found.items()
        if kinds.get(version_id) in SCALES
    }


def _counts(numbers: Mapping[int, int], scale: range) -> Counts:
    return Counts(tuple(numbers.get(value, 0) for value in scale), scale[0])


def _voices(wave_id: int, places: Sequence[Place], k: int) -> Iterator[Voice]:
    """Texts where enough of them meet; the rest is told nowhere, and those whose words were erased
    met nobody anywhere. One query."""
    query = (
        select(SurveyText.key, SurveyText.version_id, SurveyText.service_id)
        .where(SurveyText.wave_id == wave_id, SurveyText.body != "")
        .order_by(SurveyText.key)
    )
    keys: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, version_id, service_id in db.session.execute(query):
        keys[version_id][service_id].append(key)
    for of_services in keys.values():
        numbers = {service: len(found) for service, found in of_services.items()}
        for group in groups_of(places, numbers, k):
            for service in group.services:
                for key in of_services[service]:
                    yield Voice(key, group.node, group.people)
