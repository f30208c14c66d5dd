"""Narrowing results and counting what is in them, always over what the reader sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forum.core.i18n import LANGUAGE_NAMES, lazy
from forum.ideas.stages import NAMES as STAGES
from forum.search.documents import KINDS
from forum.search.open_index import open_index
from forum.search.ranking import Matches
from forum.search.snapshot import Bools, Ints, Snapshot

KIND_NAMES = {
    "idea": lazy("Ideas"),
    "comment": lazy("Comments"),
    "standard": lazy("Standards"),
    "person": lazy("People"),
    "department": lazy("Departments"),
    "service": lazy("Services"),
}
KIND_OF_ONE = {
    "idea": lazy("Idea"),
    "comment": lazy("Comment"),
    "standard": lazy("Standard"),
    "person": lazy("Person"),
    "department": lazy("Department"),
    "service": lazy("Service"),
}
STAGE_NAMES = {**{str(kind): name for kind, name in STAGES.items()}, "in_force": lazy("In force")}
OTHER_LANGUAGES = {"es": "Español"}
MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Facet:
    """One value with how many results have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which results are wanted; an empty filter wants all."""

    kind: tuple[str, ...] = ()
    stage: str = ""
    department: int | None = None
    lang: str = ""

    def with_kinds(self, kinds: Iterable[str]) -> Filters:
        """Also those the query itself names; the filter beside the results wins."""
        named = tuple(sorted(kinds))
        return replace(self, kind=self.kind or named) if named else self

    def without(self, name: str) -> Filters:
        """The same less one filter, to count its other values."""
        return replace(self, **{name: getattr(Filters(), name)})


def narrowed(snapshot: Snapshot, found: Matches, filters: Filters) -> Matches:
    """The results that fit the filters."""
    fits = np.ones(len(found.docs), dtype=bool)
    if filters.kind:
        fits &= np.isin(snapshot.kind[found.docs], [KINDS.index(kind) for kind in filters.kind])
    if filters.stage:
        fits &= snapshot.stage[found.docs] == open_index().labels.number(filters.stage)
    if filters.lang:
        fits &= snapshot.lang[found.docs] == open_index().labels.number(filters.lang)
    if filters.department is not None:
        fits &= _of_department(snapshot, filters.department)[found.docs]
    return Matches(found.docs[fits], found.scores[fits], found.relaxed)


def _of_department(snapshot: Snapshot, department_id: int) -> Bools:
    docs, labels = snapshot.departments
    has = np.zeros(snapshot.size, dtype=bool)
    has[docs[labels == open_index().labels.number(f"d{department_id}")]] = True
    return has


def facets_of(
    snapshot: Snapshot, found: Matches, filters: Filters, cards: dict[int, Any]
) -> dict[str, list[Facet]]:
    """For each facet its values with counts, each counted without its own filter."""
    return {
        name: _values(count(snapshot, narrowed(snapshot, found, filters.without(name)).docs), cards)
        for name, count in COUNTS.items()
    }


def _values(counts: dict[str, tuple[str, int]], cards: dict[int, Any]) -> list[Facet]:
    facets = []
    for value, (label, count) in counts.items():
        if label.startswith("d:"):
            card = cards.get(int(label[2:]))
            if card is not None:
                facets.append(Facet(card[0].slug, card[0].name, count))
        else:
            facets.append(Facet(value, label, count))
    return sorted(facets, key=lambda facet: (-facet.count, facet.value))[:MOST_VALUES]


Counts = dict[str, tuple[str, int]]


def _by_kind(snapshot: Snapshot, docs: Ints) -> Counts:
    counts = np.bincount(snapshot.kind[docs], minlength=len(KINDS)).tolist()
    return {k: (str(KIND_NAMES[k]), n) for k, n in zip(KINDS, counts, strict=True) if n}


def _words(numbers: Ints) -> dict[str, int]:
    found, counts = np.unique(numbers, return_counts=True)
    words = open_index().labels.words
    return {words[i]: n for i, n in zip(found.tolist(), counts.tolist(), strict=True) if words[i]}


def _by_stage(snapshot: Snapshot, docs: Ints) -> Counts:
    counts = _words(snapshot.stage[docs])
    return {stage: (str(STAGE_NAMES.get(stage, stage)), n) for stage, n in counts.items()}


def _by_lang(snapshot: Snapshot, docs: Ints) -> Counts:
    names = {**LANGUAGE_NAMES, **OTHER_LANGUAGES}
    return {lang: (names.get(lang, lang), n) for lang, n in _words(snapshot.lang[docs]).items()}


def _by_department(snapshot: Snapshot, docs: Ints) -> Counts:
    wanted = np.zeros(snapshot.size, dtype=bool)
    wanted[docs] = True
    owners, labels = snapshot.departments
    counts = _words(labels[wanted[owners]])
    return {token: (f"d:{token[1:]}", n) for token, n in counts.items()}


COUNTS: dict[str, Callable[[Snapshot, Ints], Counts]] = {
    "kind": _by_kind,
    "stage": _by_stage,
    "department": _by_department,
    "lang": _by_lang,
}
