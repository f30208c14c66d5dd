"""Narrowing results and counting what is in them, always over what the reader sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forum.core.i18n import LANGUAGE_NAMES, lazy
from forum.ideas.stages import NAMES as STAGES
from forum.search.documents import KINDS
from forum.search.engine.snapshot import Docs, Snapshot
from forum.search.ranking import Matches

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
    if filters.kind:
        wanted = [KINDS.index(kind) for kind in filters.kind]
        found = found.where(np.isin(snapshot.column("kind")[found.docs], wanted))
    for name, value in (
        ("stage", filters.stage),
        ("lang", filters.lang),
        ("department", filters.department),
    ):
        if value:
            found = found.where(snapshot.labelled(name, (str(value),), found.docs))
    return found


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
        if label:
            facets.append(Facet(value, label, count))
        elif card := cards.get(int(value)):
            facets.append(Facet(card[0].slug, card[0].name, count))
    return sorted(facets, key=lambda facet: (-facet.count, facet.value))[:MOST_VALUES]


Counts = dict[str, tuple[str, int]]
"""Labels and counts by value; a department's label is on its card."""


def _by_kind(snapshot: Snapshot, docs: Docs) -> Counts:
    counts = np.bincount(snapshot.column("kind")[docs], minlength=len(KINDS)).tolist()
    return {k: (str(KIND_NAMES[k]), n) for k, n in zip(KINDS, counts, strict=True) if n}


def _by_stage(snapshot: Snapshot, docs: Docs) -> Counts:
    counts = snapshot.counted("stage", docs)
    return {stage: (str(STAGE_NAMES.get(stage, stage)), n) for stage, n in counts.items()}


def _by_lang(snapshot: Snapshot, docs: Docs) -> Counts:
    names = {**LANGUAGE_NAMES, **OTHER_LANGUAGES}
    return {lang: (names.get(lang, lang), n) for lang, n in snapshot.counted("lang", docs).items()}


def _by_department(snapshot: Snapshot, docs: Docs) -> Counts:
    return {number: ("", n) for number, n in snapshot.counted("department", docs).items()}


COUNTS: dict[str, Callable[[Snapshot, Docs], Counts]] = {
    "kind": _by_kind,
    "stage": _by_stage,
    "department": _by_department,
    "lang": _by_lang,
}
