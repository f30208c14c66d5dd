"""CSV as offices make it: UTF-8 with or without BOM, comma or semicolon, cells of several lines;
also the “Unicode text” of spreadsheets, which is UTF-16 with tabs.

A spreadsheet runs a cell that begins like a formula, so such cells are written with an apostrophe
before them, and read without it: writing and reading again gives the same text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from forum.core.i18n import lazy
from forum.core.textcheck import clean_line, clean_text

# Full-width signs too: East Asian spreadsheets take them for the plain ones.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001
# Spreadsheets tell each other in a first line what separates the cells; ours are counted.
_SEPARATOR = re.compile("sep=[,;\t]?", re.IGNORECASE)
LONGEST_CELL = 100_000
LINES = 500
"""Lines in a part of a file that is written bit by bit."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a file by column name; a missing last cell is a missing column."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """A cell as one cleaned line, empty when the file does not have it."""
        return clean_line(self.cells.get(column, ""))

    def text(self, column: str) -> str:
        """A cell as it is, with its line breaks, empty when the file does not have it."""
        return self.cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether the file says anything about this column."""
        return column in self.cells

    def list_of(self, column: str) -> list[str]:
        """A cell as a list written with semicolons, each entry once."""
        parts = (clean_line(part) for part in self.cells.get(column, "").split(";"))
        return list(dict.fromkeys(part for part in parts if part))


@dataclass(slots=True)
class Sheet:
    """A file that was read: its records, what could not be read, and columns nobody knows."""

    records: list[Record] = field(default_factory=list)
    refused: list[tuple[int, Any]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_sheet(raw: bytes, columns: Sequence[str], required: Sequence[str]) -> Sheet:
    """Every line of a file; never raises, whatever the bytes.

    `required`: at least one of these columns must be there.
    """
    sheet = Sheet()
    text = _decoded(raw, sheet)
    if text is None:
        return sheet
    rows = _rows(text, _delimiter(text, columns), sheet)
    heading = next(rows, None)
    if heading is None or not _check_heading(heading, columns, required, sheet):
        return sheet
    names = [clean_line(cell).casefold() for cell in heading[1]]
    for line, cells in rows:
        _add(sheet, names, set(columns), line, cells)
    return sheet


def decoded(raw: bytes) -> str:
    """A file as text. Raises UnicodeDecodeError where it is neither UTF-8 nor marked as UTF-16."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16")
    return raw.decode("utf-8-sig")


def _decoded(raw: bytes, sheet: Sheet) -> str | None:
    try:
        return decoded(raw)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        sheet.refused.append((line, lazy("This is not UTF-8. Save the file as “CSV UTF-8”.")))
        return None


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """Comma, semicolon or tab: whichever finds more known columns in the heading."""
    lines = (line for line in text.splitlines() if line.strip() and not _SEPARATOR.fullmatch(line))
    heading = next(lines, "")

    def known(delimiter: str) -> int:
        try:
            cells = next(csv.reader([heading], delimiter=delimiter), [])
        except csv.Error:  # a cell that is too long; told when the line is read
            return 0
        return sum(clean_line(cell).casefold() in columns for cell in cells)

    return max(",;\t", key=known)


def _rows(text: str, delimiter: str, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line it begins on. A quote that is never closed costs
    the line it stands on, not those below."""
    csv.field_size_limit(LONGEST_CELL)
    lines = list(io.StringIO(text, newline=""))
    above, reader = 0, _reader(lines, 0, delimiter)
    while True:
        line = above + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            sheet.refused.append((line, lazy("The quotes in this line do not match.")))
            above, reader = line, _reader(lines, line, delimiter)
            continue
        hint = line == 1 and _SEPARATOR.fullmatch(delimiter.join(cells))
        if any(cell.strip() for cell in cells) and not hint:
            yield line, cells


def _reader(lines: Sequence[str], start: int, delimiter: str) -> Any:
    rest = (lines[number] for number in range(start, len(lines)))
    return csv.reader(rest, delimiter=delimiter, strict=True)


def _check_heading(
    heading: tuple[int, list[str]], columns: Sequence[str], required: Sequence[str], sheet: Sheet
) -> bool:
    line, cells = heading
    names = [clean_line(cell).casefold() for cell in cells]
    sheet.unknown = [name for name in names if name and name not in columns]
    if not any(name in names for name in required):
        text = lazy(
            "The first line must name the columns, among them %(names)s.", names=", ".join(required)
        )
        sheet.refused.append((line, text))
        return False
    if len({name for name in names if name}) < len([name for name in names if name]):
        sheet.refused.append((line, lazy("A column is named twice.")))
        return False
    return True


def _add(sheet: Sheet, names: list[str], known: set[str], line: int, cells: list[str]) -> None:
    if any(cell.strip() for cell in cells[len(names) :]):
        text = lazy("This line has more cells than the first one. Put lists in quotes.")
        sheet.refused.append((line, text))
        return
    record = Record(line, {})
    for name, cell in zip(names, cells, strict=False):
        if name in known:
            record.cells[name] = clean_text(plain_cell(cell))
    sheet.records.append(record)


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet runs."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(cell: str) -> str:
    """What a cell written by `safe_cell` said."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file as text, with commas and a heading; lists are joined by semicolons."""
    return "".join(sheet_parts(columns, rows))


def sheet_parts(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same in parts, each of a few hundred lines, for a file that is never whole in memory."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([safe_cell(_joined(value)) for value in row])
        if number % LINES == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _joined(value: object) -> object:
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else value
