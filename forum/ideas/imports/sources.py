"""Lines of a file, JSONL or CSV, one after the other and never all at once."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forum.core.i18n import _
from forum.ideas.imports.adapters import ADAPTERS, detect
from forum.ideas.imports.records import ImportedIdea, Refused, understand

LONGEST_LINE = 2_000_000
"""Bytes of the longest line that is read; a thread with hundreds of answers is well below."""
csv.field_size_limit(LONGEST_LINE)


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
    for number, raw in reader(path):
        try:
            idea = _understood(raw, kind)
            if idea.id in seen:
                raise Refused(_("The same id is in line %(line)d already.", line=seen[idea.id]))
            seen[idea.id] = number
            yield Line(number, idea)
        except Refused as refusal:
            yield Line(number, None, str(refusal))


def _understood(raw: Any, kind: str | None) -> ImportedIdea:
    if isinstance(raw, Refused):
        raise raw
    if not isinstance(raw, dict):
        raise Refused(_("This line is not an object."))
    adapted = ADAPTERS[kind or detect(raw)](raw)
    said = json.dumps(adapted, sort_keys=True, ensure_ascii=True, default=str)
    return understand(adapted, hashlib.sha256(said.encode()).hexdigest())


def _jsonl(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
            if text:
                yield number, _parsed(text)


def _parsed(text: str) -> Any:
    if len(text) > LONGEST_LINE:
        return Refused(_("This line is too long."))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return Refused(_("This line is not JSON."))


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.readline()
        file.seek(0)
        reader = csv.DictReader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
        try:
            for row in reader:
                yield reader.line_num, _cells(row)
        except csv.Error:
            yield reader.line_num, Refused(_("The quotes in this line do not match."))


def _cells(row: dict[Any, Any]) -> dict[str, Any]:
    """Cells by column; lists and objects may be written as JSON inside a cell."""
    cells = {str(name): value for name, value in row.items() if name and value}
    for name in ("votes", "comments", "decision"):
        if str(cells.get(name, "")).lstrip().startswith(("[", "{")):
            try:
                cells[name] = json.loads(cells[name])
            except (ValueError, RecursionError):
                continue
    return cells
