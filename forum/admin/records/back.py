"""Lines of a file of records as rows: added where they are missing; the same file again changes
nothing. Nobody is notified."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, insert, select, update
from sqlalchemy.exc import DataError, IntegrityError

from forum.admin.records.kinds import PERSON, Kind, Run, found
from forum.admin.records.part import Cell, Part, Row
from forum.admin.records.parts import PARTS
from forum.admin.records.trial import Broken, Known, Trial
from forum.core import richtext, texts
from forum.core.db import UTCDateTime, db, end_read
from forum.core.events import Event
from forum.core.i18n import _
from forum.core.richtext import Composed
from forum.ideas.imports.fields import FORMATS, LONGEST_TEXT, Format, Refused, day_of
from forum.ideas.imports.loading import Outcome

# One database would take a NUL and the other not, and neither half a character.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
BATCH = 200
"""Lines in one write."""


@dataclass(slots=True)
class Line:
    """A line that could be read: its values by column, as the file says them, and its texts."""

    number: int
    part: Part
    values: Row
    written: dict[str, Composed]
    place: int = 0
    """What others of the file call it, where they refer to it."""


def load_records(path: Path, *, dry_run: bool, progress: Callable[[int], object]) -> Outcome:
    """Load a file, in short writes of lines of one kind; a dry run writes nothing."""
    run, outcome = Run(trial=Trial() if dry_run else None), Outcome()
    with path.open(encoding="utf-8") as file:
        numbered = enumerate(file, 1)
        while chunk := list(islice(numbered, BATCH)):
            lines = list(_readable(outcome, chunk))
            for _name, same in groupby(lines, key=lambda line: line.part.name):
                _write(run, outcome, list(same))
            progress(len(chunk))
    return outcome


def _readable(outcome: Outcome, chunk: Sequence[tuple[int, str]]) -> Iterator[Line]:
    for number, text in chunk:
        if text.strip():
            try:
                yield _read(number, text)
            except Refused as refusal:
                outcome.refused.append((number, str(refusal)))


def _read(number: int, text: str) -> Line:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(_("This line is not JSON.")) from None
    part = PARTS.get(str(raw.get("record"))) if isinstance(raw, dict) else None
    if part is None:
        raise Refused(_("“%(name)s” is missing or not as an export writes it.", name="record"))
    place = raw.get("number", 0) if part.counted else 0
    if not isinstance(place, int):
        raise Refused(_("“%(name)s” is missing or not as an export writes it.", name="number"))
    line = Line(number, part, {**part.fixed, **part.begins}, {}, place)
    for cell in part.cells:
        value = raw.get(cell.name)
        if cell.is_text and value is not None:
            line.written[cell.column.name] = _composed(part, cell, value)
        line.values[cell.column.name] = _value(part, cell, value)
    return line


def _composed(part: Part, cell: Cell, value: Any) -> Composed:
    source, written = value if isinstance(value, list) and len(value) == 2 else (value, "markdown")
    if not isinstance(source, str) or len(source) > LONGEST_TEXT or written not in FORMATS:
        raise _unlike(cell)
    return richtext.compose(source, cast(Format, written), limit=part.limit)


def _value(part: Part, cell: Cell, value: Any) -> Any:
    """A value as the column takes it, or the name of the row it leads to. Raises Refused."""
    if value is None:
        if not cell.column.nullable:
            raise _unlike(cell)
        return None
    if cell.kind is not None:
        return _called(cell, value)
    plain, fits = _plain(cell, value), part.checks.get(cell.column.name)
    if fits is not None and not fits(plain):
        raise _unlike(cell)
    return plain


def _plain(cell: Cell, value: Any) -> Any:
    if isinstance(cell.column.type, UTCDateTime):
        return _moment(cell, value)
    wanted: Any = dict if isinstance(cell.column.type, JSON) else cell.column.type.python_type
    if wanted is date:
        return day_of(value)
    if type(value) is not wanted or (wanted is str and _UNKEPT.search(value)):
        raise _unlike(cell)
    if wanted is int and abs(value) >= (
        2**63 if isinstance(cell.column.type, BigInteger) else 2**31
    ):
        raise _unlike(cell)
    return value


def _called(cell: Cell, value: Any) -> Any:
    """The name of a row: a word, a number, or several words."""
    if isinstance(value, list) and cell.kind is not PERSON:
        value = tuple(value)
    if not isinstance(value, str | tuple | (str if cell.kind is PERSON else int)):
        raise _unlike(cell)
    if isinstance(value, tuple) and not all(isinstance(part, str | int) for part in value):
        raise _unlike(cell)
    return value


def _moment(cell: Cell, value: Any) -> datetime:
    """A moment, which may lie ahead."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise _unlike(cell) from None
    if moment.tzinfo is None:
        raise _unlike(cell)
    return moment.astimezone(UTC)


def _unlike(cell: Cell) -> Refused:
    sentence = _("“%(name)s” is missing or not as an export writes it.", name=cell.name)
    return Refused(sentence)


def _write(run: Run, outcome: Outcome, lines: Sequence[Line]) -> None:
    """Write lines of one kind together; those the database refuses are left out alone."""
    part = lines[0].part
    people = {cell.column.name for cell in part.cells if cell.kind is PERSON}
    names = {str(line.values[name]) for line in lines for name in people if line.values[name]}
    refused = len(outcome.refused)
    try:
        with _opened(run, names):
            created, updated = _put(run, part, list(_resolved(run, outcome, part, lines)))
    except (DataError, IntegrityError, Broken):
        del outcome.refused[refused:]
        if len(lines) > 1:
            for line in lines:
                _write(run, outcome, [line])
            return
        name = part.name
        reason = _("“%(name)s” is missing or not as an export writes it.", name=name)
        outcome.refused.append((lines[0].number, reason))
        return
    left_out = len(outcome.refused) - refused
    outcome.created, outcome.updated = outcome.created + created, outcome.updated + updated
    outcome.unchanged += len(lines) - left_out - created - updated


@contextmanager
def _opened(run: Run, names: Iterable[str]) -> Iterator[None]:
    """A write in which these people are known; of a trial a read."""
    if run.trial is None:
        with run.desk.open(names):
            yield
    else:
        run.desk.authors.imagine(names)
        yield
        end_read()


def _resolved(run: Run, outcome: Outcome, part: Part, lines: Sequence[Line]) -> Iterator[Row]:
    """Rows with ids instead of names and texts; lines that name what is not here are refused."""
    ids = {
        cell.column.name: _meant(
            run, cell.kind, [v for line in lines if (v := line.values[cell.column.name])]
        )
        for cell in part.cells
        if cell.kind is not None and not cell.is_text
    }
    for line in lines:
        missing = [name for name in ids if (v := line.values[name]) and v not in ids[name]]
        if missing:
            reason = _("“%(name)s” is not here.", name=str(line.values[missing[0]])[:60])
            outcome.refused.append((line.number, reason))
            continue
        row = {name: ids[name][v] for name in ids if (v := line.values[name])}
        yield {**line.values, **row, "#": line}


def _meant(run: Run, kind: Kind, names: Sequence[Any]) -> dict[Any, int]:
    """Which rows names mean, those of earlier lines among them."""
    imagined = run.trial.called(kind) if run.trial else {}
    return found(run, kind, names) | {name: imagined[name] for name in names if name in imagined}


def _put(run: Run, part: Part, rows: Sequence[Row]) -> tuple[int, int]:
    """How many rows were added and changed."""
    here = _here(part, rows) | (run.trial.known(part, rows) if run.trial else {})
    new: Known = {}
    changed = 0
    for row in rows:
        known = here.get(part.key_of(row))
        if known is not None:
            changed += part.changes and _change(run, part, known, row)
        elif part.adds:
            new.setdefault(part.key_of(row), row)
    missing = list(new.values())
    if run.trial:
        added = run.trial.admit(part, missing)
        run.trial.add(part, added)
    else:
        added = part.admit(missing)
        _add(part, added)
    if part.counted:
        _count(run, part, rows, here, new)
    return len(added), changed


def _here(part: Part, rows: Sequence[Row]) -> Known:
    """The rows of the table that these lines mean, by their key. One query."""
    first = part.key[0]
    query = select(*part.table.columns).where(
        part.table.c[first].in_({row[first] for row in rows}),
        *(part.table.c[name] == value for name, value in part.fixed.items()),
    )
    found_rows = (dict(row) for row in db.session.execute(query.where(*part.among)).mappings())
    return {part.key_of(row): row for row in found_rows}


def _add(part: Part, rows: list[Row]) -> None:
    """Insert rows in their order, with their texts; each learns its id."""
    if not rows:
        return
    _store_texts(rows)
    part.before(rows)
    table = part.table
    columns = [column.name for column in table.columns if column.name != "id" or not part.has_ids]
    told = [{name: row[name] for name in columns if name in row} for row in rows]
    if part.has_ids:
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        for row, number in zip(rows, db.session.scalars(query, told).all(), strict=True):
            row["id"] = number
    else:
        db.session.execute(insert(table), told)
    part.finish(rows)
    for row in rows if part.tells is not None else ():
        part.tells(row)  # type: ignore[misc]


def _store_texts(rows: Sequence[Row]) -> None:
    written = [(row, name, text) for row in rows for name, text in row["#"].written.items()]
    ids = texts.store_all([text for _row, _name, text in written])
    for row, name, text in written:
        row[name] = ids[text.digest]


def _change(run: Run, part: Part, known: Row, row: Row) -> bool:
    """Give a row the line's values, unless people here have spoken since; whether any differed."""
    wanted = {
        cell.column.name: row[cell.column.name]
        for cell in part.cells
        if not cell.is_text and cell.column.name not in part.key
    }
    values = {name: value for name, value in wanted.items() if known[name] != value}
    if not values or _decided_here(part, known):
        return False
    if run.trial:
        run.trial.change(part, known, values)
    else:
        _update(part, known, values)
    return True


def _update(part: Part, known: Row, values: Row) -> None:
    same = [column == known[column.name] for column in part.table.primary_key]
    db.session.execute(update(part.table).where(*same).values(**values))
    if part.tells is not None:
        part.tells(known)


def _decided_here(part: Part, known: Row) -> bool:
    if not part.decided:
        return False
    spoken = select(Event.id).where(
        Event.object_kind == part.table.name,
        Event.object_id == known["id"],
        Event.type.in_([fact.name for fact in part.decided]),
    )
    return db.session.scalar(spoken.limit(1)) is not None


def _count(run: Run, part: Part, rows: Sequence[Row], here: Known, new: Known) -> None:
    """Remember which row each line means, by its place among those of its table."""
    numbers = run.numbers[part.table.name]
    for row in rows:
        key = part.key_of(row)
        numbers[row["#"].place] = (here.get(key) or new[key])["id"]
