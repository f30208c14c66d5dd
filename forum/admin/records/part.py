"""One table of a file of records: its columns, what tells its rows apart, what an import does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from forum.admin.records.kinds import TEXT, Kind, kind_of
from forum.core.events import EventType
from forum.core.limits import TEXT as TEXT_LIMIT
from forum.core.limits import Limit

Row = dict[str, Any]


class Cell(NamedTuple):
    """A column, what a line calls it, and how a row that it refers to is called."""

    column: Any
    name: str
    kind: Kind | None

    @property
    def is_text(self) -> bool:
        """Whether the words themselves are told."""
        return self.kind is TEXT


@dataclass(frozen=True)
class Part:
    """Rows of one table, in the order of their ids where an import keeps it, or sorted.

    A row is known by its `key`. One that is not here is added unless `adds` is false; one that is
    here takes the line's values where `changes` says so, unless an event of the types in `decided`
    tells that people here have spoken since. `counted` rows are referred to by later ones.
    """

    name: str
    model: Any
    key: tuple[str, ...]
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    checks: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    """What values of columns have to be, besides being of their type."""
    where: Sequence[ColumnElement[bool]] = ()
    """Which rows are told; `among` those of them that a line can mean at all."""
    among: Sequence[ColumnElement[bool]] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Values by which rows of this record are known among those of their table."""
    begins: Mapping[str, Any] = field(default_factory=dict)
    """Values of new rows, which are others later."""
    adds: bool = True
    changes: bool = False
    counted: bool = False
    decided: tuple[EventType, ...] = ()
    tells: Callable[[Row], None] | None = None
    """Writes the event of a row that was added or changed."""
    named: Callable[[Row], Any] | None = None
    """What a row is called by later ones that refer to it, where it has a name."""
    limit: Limit = TEXT_LIMIT
    """Up to where its texts are marked up."""
    before: Callable[[list[Row]], None] = lambda _rows: None
    """What rows that are added need to be there first, in the open write."""
    finish: Callable[[list[Row]], None] = lambda _rows: None
    """What else is to be done for rows that were added, in the open write."""
    admit: Callable[[list[Row]], list[Row]] = lambda rows: rows
    """Those of missing rows that may be added."""
    shape: Callable[[list[Row]], list[Row]] = lambda rows: rows
    """Rows as they are told elsewhere, before ids become names; a batch, or all without ids."""

    @property
    def table(self) -> Any:
        """Its table."""
        return self.model.__table__

    @property
    def has_ids(self) -> bool:
        """Whether rows have a number of their own."""
        return [column.name for column in self.table.primary_key] == ["id"]

    @property
    def keeps_order(self) -> bool:
        """Whether numbers follow the order of the file: not where other files bring rows too."""
        return self.has_ids and not self.changes

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """What a line tells, in the order of the table."""
        return tuple(self._cell(column) for column in self.table.columns if self._told(column.name))

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """What tells a row from the others."""
        return tuple(row[name] for name in self.key)

    @property
    def key_cells(self) -> tuple[Cell, ...]:
        """The cells of its key."""
        return tuple(cell for cell in self.cells if cell.column.name in self.key)

    def _told(self, name: str) -> bool:
        ours = name in self.fixed or name in self.begins or name in self.but
        if ours or (name == "id" and "id" not in self.kinds):
            return False
        return not self.only or name in (*self.only, *self.key)

    def _cell(self, column: Any) -> Cell:
        kind = self.kinds.get(column.name)
        keys = list(column.foreign_keys)
        # A random key is its own name, here and everywhere.
        if kind is None and keys and keys[0].column.name == "id":
            kind = kind_of(keys[0].column.table.name)
        shown = self.table.name if column.name == "id" else column.name.removesuffix("_id")
        return Cell(column, shown, kind)
