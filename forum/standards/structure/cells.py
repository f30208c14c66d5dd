"""Tables and lists out of a clause's HTML, as plain words. Bounded, whatever was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

MOST_ROWS = 400
"""Rows and items read of a clause; those after them stay text."""
MOST_CELLS = 8
"""Cells read of a row."""
LONGEST = 400
"""Characters read of a cell."""
_CELLS = ("td", "th")
_LISTS = ("ol", "ul")
_BREAKS = ("br", "p", "li", "div", "tr", "ol", "ul")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's heading and rows; no heading where the text gave none."""

    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """The tables of a clause, and the items of its numbered and of its other lists."""

    tables: tuple[Table, ...] = ()
    numbered: tuple[str, ...] = ()
    bulleted: tuple[str, ...] = ()


def cells_of(html: str) -> Cells:
    """What tables and lists hold, in the order of the text; a list within another is its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found()


class _Reader(HTMLParser):
    """Follows sanitised HTML; what it does not know, or has had enough of, is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._tables: list[Table] = []
        self._items: dict[str, list[str]] = {"ol": [], "ul": []}
        self._rows: list[Row] = []
        self._row: list[str] = []
        self._head: Row = ()
        self._row_is_head = True
        self._words: list[str] | None = None
        self._table = self._read = 0
        self._lists: list[str] = []

    def found(self) -> Cells:
        """Everything that was read."""
        ordered, others = self._items["ol"], self._items["ul"]
        return Cells(tuple(self._tables), tuple(ordered), tuple(others))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS and self._words is not None:
            self._words.append(" ")
        if tag == "table":
            self._open_table()
        elif tag in _CELLS and self._table == 1:
            self._words = []
            self._row_is_head = self._row_is_head and tag == "th"
        elif tag in _LISTS and not self._table:
            self._lists.append(tag)
        elif tag == "li" and len(self._lists) == 1 and not self._table:
            self._close_item()
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS and self._table == 1 and self._words is not None:
            self._row.append(self._taken())
        elif tag == "tr" and self._table == 1:
            self._close_row()
        elif tag == "table" and self._table:
            self._close_table()
        elif tag == "li" and len(self._lists) == 1 and not self._table:
            self._close_item()
        elif tag in _LISTS and self._lists and not self._table:
            self._close_list()

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def _open_table(self) -> None:
        self._table += 1
        if self._table == 1:
            self._close_item()
            self._rows, self._row, self._head, self._row_is_head = [], [], (), True

    def _close_table(self) -> None:
        self._table -= 1
        if self._table == 0:
            self._close_row()
            if self._head or self._rows:
                self._tables.append(Table(self._head, tuple(self._rows)))
            self._words = None

    def _close_row(self) -> None:
        row, is_head = tuple(self._row[:MOST_CELLS]), self._row_is_head
        self._row, self._row_is_head = [], True
        if not any(row) or self._read >= MOST_ROWS:
            return
        if is_head and not self._head and not self._rows:
            self._head = row
        else:
            self._read += 1
            self._rows.append(row)

    def _close_list(self) -> None:
        if len(self._lists) == 1:
            self._close_item()
        self._lists.pop()

    def _close_item(self) -> None:
        words = self._taken() if self._words is not None and self._lists else ""
        if words and self._read < MOST_ROWS:
            self._read += 1
            self._items[self._lists[0]].append(words)

    def _taken(self) -> str:
        """The words since the cell or item began, which ends with them."""
        words = " ".join("".join(self._words or ()).split())
        self._words = None
        return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def column(row: Sequence[str], place: int | None) -> str:
    """A cell of a row, nothing where the row is shorter or has no such column."""
    return row[place] if place is not None and place < len(row) else ""
