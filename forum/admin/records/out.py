"""Rows as lines of a file of records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from forum.admin.records.kinds import Run, named
from forum.admin.records.part import Cell, Part, Row
from forum.core.db import db

BATCH = 200


def record_lines(run: Run, parts: Sequence[Part]) -> Iterator[str]:
    """Every row of these tables that refers to nothing but what files tell, each once.

    A query for two hundred rows, and one for each column that leads to other rows. Lines that are
    sorted lie in memory until then.
    """
    for part in parts:
        lines = _lines(run, part)
        yield from lines if part.keeps_order else sorted(lines)


def _lines(run: Run, part: Part) -> Iterator[str]:
    told: set[str] = set()
    for batch in _batches(part):
        names = {
            cell.name: named(run, cell.kind, _ids(cell, batch))
            for cell in part.cells
            if cell.kind is not None
        }
        for row in batch:
            line = _line(part, row, names)
            if line is None:
                continue
            known_by = json.dumps([line.get(cell.name) for cell in part.key_cells])
            if known_by in told:
                continue
            told.add(known_by)
            counted = {"number": _next(run, part, row)} if part.counted else {}
            yield json.dumps({"record": part.name, **counted, **line}, ensure_ascii=False) + "\n"


def _next(run: Run, part: Part, row: Row) -> int:
    numbers = run.numbers[part.table.name]
    return numbers.setdefault(row["id"], len(numbers) + 1)


def _line(part: Part, row: Row, names: dict[str, dict[int, Any]]) -> dict[str, Any] | None:
    """A row as its line has it; None where it hangs on something that no file tells."""
    line: dict[str, Any] = {}
    for cell in part.cells:
        value = row[cell.column.name]
        if value is not None and cell.kind is not None:
            value = names[cell.name].get(value)
            if value is None and not cell.column.nullable:
                return None
        if value is not None:
            line[cell.name] = value.isoformat() if isinstance(value, date) else value
    return line


def _ids(cell: Cell, batch: Sequence[Row]) -> list[int]:
    values = (row[cell.column.name] for row in batch)
    return [value for value in values if value is not None]


def _batches(part: Part) -> Iterator[list[Row]]:
    """A part's rows by the order of their ids, a batch at a time, or all of them at once."""
    query = select(*part.table.columns).where(*part.where, *part.among)
    if not part.has_ids:
        rows = part.shape([dict(row) for row in db.session.execute(query).mappings()])
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]
        return
    number, last = part.table.c.id, 0
    query = query.order_by(number).limit(BATCH)
    while rows := [dict(row) for row in db.session.execute(query.where(number > last)).mappings()]:
        last = rows[-1]["id"]
        yield part.shape(rows)
