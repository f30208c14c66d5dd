"""Narrowing results and counting what is in them, always over what the reader sees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np

from forum.ideas import stage_cards
from forum.search import together
from forum.search.engine.snapshot import Bools, Docs, Snapshot
from forum.search.filters import conditions as tests
from forum.search.filters.understood import Condition
from forum.search.filters.wanted import Filters
from forum.search.hits import Cards
from forum.search.names import KIND_NAMES, STAGE_NAMES, language_name
from forum.search.ranking import Matches

__all__ = ["FACETS", "Facet", "Filters", "facets_of", "narrowed"]

FACETS = ("kind", "stage", "affected", "department", "tag", "year", "lang")
MOST_VALUES = 20
"""Values of a facet that are counted out: the most frequent, after those that are chosen."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One value with how many results have it."""

    value: str
    label: str
    count: int
    chosen: bool = False


def narrowed(snapshot: Snapshot, found: Matches, conditions: Iterable[Condition]) -> Matches:
    """The results that fit all conditions."""
    for condition in conditions:
        found = found.where(condition.test(snapshot, found.docs))
    return found


def facets_of(
    snapshot: Snapshot, found: Matches, conditions: Sequence[Condition], cards: Cards
) -> dict[str, list[Facet]]:
    """For each facet its values with counts, each counted without its own filter."""
    fits = [(condition, condition.test(snapshot, found.docs)) for condition in conditions]
    by_others: dict[tuple[int, ...], list[str]] = {}
    for name in FACETS:
        applied = tuple(i for i, (one, _fits) in enumerate(fits) if not _chooses(one, name))
        by_others.setdefault(applied, []).append(name)
    facets = {}
    for applied, names in by_others.items():
        docs = found.docs[_all_of([fits[i][1] for i in applied], found.docs)]
        chosen = {name: _chosen(conditions, name) for name in names}
        whole = [name for name in names if chosen[name]]
        for name, counts in counted(snapshot, names, docs, whole).items():
            facets[name] = _shown(LABELLED[name](counts, cards), chosen[name])
    return {name: facets[name] for name in FACETS}


def _chooses(condition: Condition, name: str) -> bool:
    return condition.name == name and not condition.negated


def _all_of(fits: Sequence[Bools], docs: Docs) -> Bools | slice:
    if not fits:
        return slice(None)
    every: Bools = np.logical_and.reduce(fits)
    return every


def _chosen(conditions: Iterable[Condition], name: str) -> dict[str, str]:
    """The values of a facet that are chosen, with their labels."""
    return {
        value_name: value.label
        for condition in conditions
        if _chooses(condition, name)
        for value in condition.values
        for value_name in value.names
    }


def _shown(counted: dict[str, tuple[str, int]], chosen: dict[str, str]) -> list[Facet]:
    known = {**{name: (label, 0) for name, label in chosen.items()}, **counted}
    first = nsmallest(
        max(MOST_VALUES, len(chosen)),
        known.items(),
        key=lambda item: (item[0] not in chosen, -item[1][1], item[0]),
    )
    return [Facet(name, label, n, name in chosen) for name, (label, n) in first]


Counts = dict[str, int]
Labelled = dict[str, tuple[str, int]]
"""Labels and counts by what a value is called in an address."""


def counted(
    snapshot: Snapshot, names: Sequence[str], docs: Docs, whole: Collection[str] = ()
) -> dict[str, Counts]:
    """How many of the documents, ascending, have each value of some facets.

    Of tags the most frequent, unless they are wanted as a `whole`: there may be thousands, and
    twice as many as shown are enough.
    """
    found = together.counted(snapshot, [name for name in names if name in together.NAMES], docs)
    for name in names:
        if name not in found:
            most = 2 * MOST_VALUES if name == "tag" and name not in whole else None
            found[name] = snapshot.counted(name, docs, most)
    return found


def _departments(counts: Counts, cards: Cards) -> Labelled:
    """Only those that the reader sees: others are not named beside what they do see."""
    known = ((cards.get(int(row_id)), n) for row_id, n in counts.items())
    return {card[0].slug: (card[0].name, n) for card, n in known if card is not None}


def _stages(counts: Counts, _cards: Cards) -> Labelled:
    """Kinds, each with all of its stages, and beside them the stages that the company added."""
    found: Labelled = {}
    for slug, n in counts.items():
        card = stage_cards.added_called(slug)
        kind = card.kind if card is not None else slug
        found[kind] = (str(STAGE_NAMES.get(kind, kind)), found.get(kind, ("", 0))[1] + n)
        if card is not None:
            found[slug] = (card.name, n)
    return found


LABELLED: dict[str, Callable[[Counts, Cards], Labelled]] = {
    "kind": lambda counts, _cards: {k: (str(KIND_NAMES[k]), n) for k, n in counts.items()},
    "stage": _stages,
    "affected": _departments,
    "department": _departments,
    "tag": lambda counts, _cards: {tests.slug_of(name): (name, n) for name, n in counts.items()},
    "year": lambda counts, _cards: {year: (year, n) for year, n in counts.items()},
    "lang": lambda counts, _cards: {k: (language_name(k), n) for k, n in counts.items()},
}
