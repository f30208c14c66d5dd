"""Counting facets of which a document has one value each, all at one time.

Few combinations of kind, stage, department, year and language are different, so each document knows
the number of its own: those are counted once, and what each value has follows from a short table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.core.i18n import company_zone
from forum.search.documents import INDEXED, OLDER
from forum.search.engine.segment import Segment
from forum.search.engine.snapshot import Docs, Snapshot
from forum.search.engine.tally import Tally
from forum.search.filters.conditions import years_of

LABELS = ("stage", "department", "lang")
NAMES = ("kind", "year", *LABELS)


def counted(snapshot: Snapshot, names: Iterable[str], docs: Docs) -> dict[str, dict[str, int]]:
    """How many of the documents, ascending, have each value."""
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    if found:
        joined = snapshot.joined(_key(), _tally)
        for (name, value), count in zip(joined.values, joined.counts(docs).tolist(), strict=True):
            if count and value and name in found:
                found[name][value] = count
    return found


def _key() -> tuple[str, str]:
    return "together", company_zone()


def _tally(segment: Segment) -> Tally:
    key = _key()
    if key not in segment.kept:
        segment.kept[key] = _made(segment, years_of(segment))
    found: Tally = segment.kept[key]
    return found


def _made(segment: Segment, years: NDArray[Any]) -> Tally:
    number = segment.columns.numbers["kind"]
    kind = np.where(number == INDEXED.index(OLDER), INDEXED.index("standard"), number)
    year_values, year_places = np.unique(years, return_inverse=True)
    labels = {name: segment.columns.labels[name] for name in LABELS}
    values: dict[str, Sequence[str]] = {
        "kind": INDEXED,
        "year": [str(year) if year else "" for year in year_values.tolist()],
        **{name: own.first_of_sets() for name, own in labels.items()},
    }
    columns = {"kind": kind, "year": year_places, **{n: own.sets for n, own in labels.items()}}
    keys = np.zeros(len(kind), dtype=np.int64)
    for column in columns.values():
        keys = keys * (int(column.max(initial=0)) + 1) + column
    different, firsts, codes = np.unique(keys, return_index=True, return_inverse=True)
    begins = np.cumsum([0, *map(len, values.values())])
    having = [columns[name][firsts] + begin for name, begin in zip(values, begins, strict=False)]
    return Tally(
        [(name, value) for name, own in values.items() for value in own],
        codes.astype(np.min_scalar_type(len(different))),
        np.tile(np.arange(len(different)), len(values)),
        np.concatenate(having),
    )
