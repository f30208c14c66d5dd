"""Counting facets of which a document has one value each, all at one time.

Few combinations of kind, stage, department, year and language are different, so each document knows
the number of its own: those are counted once, and what each value has follows from a short table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.core.i18n import company_zone
from forum.search.documents import KINDS
from forum.search.engine.segment import Segment
from forum.search.engine.snapshot import Docs, Snapshot
from forum.search.filters.conditions import years_of

LABELS = ("stage", "department", "lang")
NAMES = ("kind", "year", *LABELS)


class Table(NamedTuple):
    """The combinations of a segment: that of every document, and the place of each one's value in
    `values`, by name; an empty value is none."""

    codes: NDArray[Any]
    places: Mapping[str, NDArray[np.int64]]
    values: Mapping[str, Sequence[str]]


def counted(snapshot: Snapshot, names: Iterable[str], docs: Docs) -> dict[str, dict[str, int]]:
    """How many of the documents, ascending, have each value."""
    found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in names}
    for segment, own in snapshot.split(docs) if found else ():
        if not len(own):
            continue
        table = _table(segment)
        times = np.bincount(table.codes[own])
        for name, counts in found.items():
            places, values = table.places[name], table.values[name]
            sums = np.bincount(places[: len(times)], times)
            for place in np.flatnonzero(sums).tolist():
                if values[place]:
                    counts[values[place]] += int(sums[place])
    return {name: dict(counts) for name, counts in found.items()}


def _table(segment: Segment) -> Table:
    key = ("together", company_zone())
    if key not in segment.kept:
        segment.kept[key] = _made(segment, years_of(segment))
    found: Table = segment.kept[key]
    return found


def _made(segment: Segment, years: NDArray[Any]) -> Table:
    kind = segment.columns.numbers["kind"]
    year_values, year_places = np.unique(years, return_inverse=True)
    labels = {name: segment.columns.labels[name] for name in LABELS}
    columns = {
        "kind": kind.astype(np.int64),
        "year": year_places,
        **{name: own.sets.astype(np.int64) for name, own in labels.items()},
    }
    keys = np.zeros(len(kind), dtype=np.int64)
    for column in columns.values():
        keys = keys * (int(column.max(initial=0)) + 1) + column
    different, firsts, codes = np.unique(keys, return_index=True, return_inverse=True)
    return Table(
        codes.astype(np.min_scalar_type(len(different))),
        {name: column[firsts] for name, column in columns.items()},
        {
            "kind": KINDS,
            "year": [str(year) if year else "" for year in year_values.tolist()],
            **{name: own.first_of_sets() for name, own in labels.items()},
        },
    )
