"""Lines of a file, JSONL or CSV, one after the other and never all at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from forum.core.csvfiles import Record, read_sheet
from forum.core.i18n import _
from forum.ideas.imports.adapters import ADAPTERS, detect
from forum.ideas.imports.fields import Refused
from forum.ideas.imports.records import ImportedIdea, understand
from forum.ideas.imports.together import FIELDS as TOGETHER

LONGEST_LINE = 5_000_000
"""Bytes of the longest line that is read; a thread with hundreds of answers is well below."""
COLUMNS = (
    *("id", "title", "problem", "proposal", "body", "format", "lang", "author", "created_at"),
    *("stage", "departments", "tags", "votes", "comments", "decision"),
    *("answers", "steps", "outcome", "merged_into", "hidden", *TOGETHER),
    *("html", "text", "markdown", "created", "status", "retired", "user", "source", "label"),
)
"""Our own, then those of the other kinds of sources."""
NESTED = ("votes", "comments", "decision", "answers", "steps", *TOGETHER)
DATES = frozenset(
    (
        *("created", "created_at", "at", "asked_at", "confirmed_at", "due", "rests_since"),
        *("again_on", "came_back_at", "left_at", "official_at", "done_on", "adopted_on"),
    )
)
_SLASHED = re.compile(rb"(?:^|[\",;])(\d{1,2})/(\d{1,2})/\d{4}")
_SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}.*)", re.S)


@dataclass(frozen=True, slots=True)
class Line:
    """A line's number and what it holds: an idea, or the reason why it is refused."""

    number: int
    idea: ImportedIdea | None
    reason: str = ""


def lines_of(path: Path, kind: str | None) -> Iterator[Line]:
    """Every line of a file that is not blank; an id that came before is refused."""
    seen: dict[str, int] = {}
    reader = _csv if path.suffix.lower() == ".csv" else _jsonl
    month_first = is_month_first(path)
    for number, raw in reader(path):
        try:
            idea = _understood(raw, kind, month_first=month_first)
            if idea.id in seen:
                raise Refused(_("The same id is in line %(line)d already.", line=seen[idea.id]))
            seen[idea.id] = number
            yield Line(number, idea)
        except Refused as refusal:
            yield Line(number, None, str(refusal))


def is_month_first(path: Path) -> bool:
    """Whether the file writes days as 12/31/2024; only a day over twelve tells, anywhere in it."""
    with path.open("rb") as file:
        found = {
            (int(first) > 12, int(second) > 12)
            for line in iter(lambda: file.readline(LONGEST_LINE), b"")
            for first, second in _SLASHED.findall(line)
        }
    return (False, True) in found and (True, False) not in found


def _understood(raw: Any, kind: str | None, *, month_first: bool) -> ImportedIdea:
    if isinstance(raw, Refused):
        raise raw
    if not isinstance(raw, dict):
        raise Refused(_("This line is not an object."))
    adapted = ADAPTERS[kind or detect(raw)](_day_first(raw) if month_first else raw)
    try:
        said = json.dumps(adapted, sort_keys=True, ensure_ascii=True, default=str)
    except RecursionError:
        raise Refused(_("This line is not JSON.")) from None
    return understand(adapted, hashlib.sha256(said.encode()).hexdigest())


def _day_first(value: Any, name: str = "") -> Any:
    """The same with month/day/year turned to day/month/year, wherever a date stands."""
    if isinstance(value, dict):
        return {key: _day_first(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_day_first(each, name) for each in value]
    if name in DATES and isinstance(value, str):
        return _SLASHED_DAY.sub(r"\2/\1/\3", value)
    return value


def _jsonl(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                _skip_line(file, line)
                yield number, Refused(_("This line is too long."))
            elif line.strip():
                yield number, _parsed(line, first=number == 1)


def _skip_line(file: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(LONGEST_LINE)


def _parsed(line: bytes, *, first: bool) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig" if first else "utf-8"))
    except UnicodeDecodeError:
        return Refused(_("This line is not UTF-8."))
    except (ValueError, RecursionError):
        return Refused(_("This line is not JSON."))


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    sheet = read_sheet(path.read_bytes(), COLUMNS, ["id", "title"])
    read: list[tuple[int, Any]] = [(each.line, _cells(each)) for each in sheet.records]
    read += [(number, Refused(str(reason))) for number, reason in sheet.refused]
    yield from sorted(read, key=lambda each: each[0])


def _cells(record: Record) -> dict[str, Any]:
    """Cells by column, those that say nothing left out; lists and objects may be JSON in a cell."""
    cells: dict[str, Any] = {name: cell for name, cell in record.cells.items() if cell.strip()}
    for name in NESTED:
        if str(cells.get(name, "")).lstrip().startswith(("[", "{")):
            try:
                cells[name] = json.loads(cells[name])
            except (ValueError, RecursionError):
                continue
    return cells
