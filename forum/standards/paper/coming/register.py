"""A list of a company's standards: who owns each, whom it is for, when it is looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from forum.core.csvfiles import Record, read_sheet
from forum.core.i18n import _
from forum.standards.paper.coming.documents import Document, read_day, split_number
from forum.standards.paper.coming.reading import Refused

COLUMNS = ("file", "number", "title", "owner", "departments", "review", "since", "change")


@dataclass(slots=True)
class Register:
    """Lines by file and by number; those of which no document came are told at the end."""

    path: Path
    by_file: dict[str, Record] = field(default_factory=dict)
    by_number: dict[str, Record] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def complete(self, document: Document) -> int:
        """Let a document say what its line says; the line, 0 for none. Raises Refused."""
        record = self.by_file.get(document.name) or self.by_number.get(document.number)
        if record is None:
            return 0
        self.used.add(record.line)
        number = split_number(record.get("number"))[0]
        document.number = number or document.number
        document.title = record.get("title") or document.title
        document.owner = record.get("owner") or document.owner
        document.change = record.get("change") or document.change
        document.departments = record.list_of("departments") or document.departments
        document.review_on = _day(record, "review") or document.review_on
        document.since = _day(record, "since") or document.since
        return record.line

    def unused(self) -> Iterable[Record]:
        """Lines of which no document came."""
        lines = {id(r): r for r in (*self.by_file.values(), *self.by_number.values())}
        return (record for record in lines.values() if record.line not in self.used)


def read_register(path: Path) -> Register:
    """Read a list; what cannot be read is among its refusals."""
    register = Register(path)
    sheet = read_sheet(path.read_bytes(), COLUMNS, ("file", "number"))
    register.refused = [(line, str(reason)) for line, reason in sheet.refused]
    for record in sheet.records:
        number = split_number(record.get("number"))[0]
        if record.get("file"):
            register.by_file[record.get("file").replace("\\", "/")] = record
        if number:
            register.by_number[number] = record
        if not record.get("file") and not number:
            register.refused.append((record.line, _("This line names neither file nor number.")))
    return register


def _day(record: Record, column: str) -> date | None:
    said = record.get(column)
    if not said:
        return None
    try:
        return read_day(said)
    except ValueError:
        raise Refused(_("“%(text)s” is no day.", text=said[:40])) from None
