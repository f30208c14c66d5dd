"""The file of arrays beside a segment: what is in it, and making it again when it was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from forum.search.engine import arrays
from forum.search.engine.arrays import Arrays, Damaged
from forum.search.engine.columns import Columns, Plan
from forum.search.engine.inverted import Inverted
from forum.search.engine.segment import ArrayField, Segment
from forum.search.engine.stock import Files, StockField, columns_of, inverted_of

SUFFIX = ".arrays"
LOST = (Damaged, KeyError, FileNotFoundError)
"""What a file of arrays is when it cannot be used; anything else is trouble with the disk."""


def write_arrays(path: Path, fields: Mapping[str, Inverted], columns: Columns) -> None:
    """Write the file beside a segment."""
    named = dict(columns.named())
    for name, inverted in fields.items():
        named.update(inverted.named(name))
    totals = {name: inverted.total for name, inverted in fields.items()}
    arrays.write(path, named, {"totals": totals})


def from_arrays(path: Path, size: int, plan: Plan, names: Sequence[str]) -> Segment:
    """The segment in a file of arrays. Raises one of LOST, or OSError."""
    kept = Arrays(path)
    fields = {name: ArrayField(_field(kept, name)) for name in names}
    return Segment(size, fields, Columns.of(plan, kept), kept)


def _field(kept: Arrays, name: str) -> Inverted:
    return Inverted.of(name, kept, kept.facts["totals"][name])


def parts_in(
    files: Files, path: Path, names: Sequence[str], plan: Plan
) -> tuple[dict[str, Inverted], Columns]:
    """The fields and columns of a segment, from its arrays or from Whoosh's files."""
    try:
        kept = Arrays(path)
        return {name: _field(kept, name) for name in names}, Columns.of(plan, kept)
    except LOST:
        fields = {name: inverted_of(StockField(files, name)) for name in names}
        return fields, columns_of(files, plan)


def is_whole(path: Path) -> bool:
    """Whether a file of arrays is there and just as it was written. Reads all of it."""
    try:
        Arrays(path).check()
    except LOST:
        return False
    return True


def restore(files: Files, path: Path, plan: Plan) -> None:
    """Write the file of arrays again from Whoosh's files."""
    names = [name for name, field in files.reader.schema.items() if field.indexed]
    fields = {name: inverted_of(StockField(files, name)) for name in names}
    write_arrays(path, fields, columns_of(files, plan))
