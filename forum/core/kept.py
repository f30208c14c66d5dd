"""What this process has made and does not make again: parts of pages, by all that they follow from.

A key holds what the database says now, the language and the time zone; nothing is kept by time, so
that of several processes each shows the same. Where it would cost as much to read all that a part
follows from as to make it, its key holds a *mark* instead: a row of the database that is another
whenever one of them is.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import String, cast, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

NAME = "forum.kept"
Part = TypeVar("Part")


class Shelf:
    """The parts used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._parts: OrderedDict[Hashable, Any] = OrderedDict()

    def part(self, key: Hashable, make: Callable[[], Part]) -> Part:
        """A part as it was made, or made now."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                found: Part = self._parts[key]
                return found
        made = make()
        with self._lock:
            self._parts[key] = made
            while len(self._parts) > self._most:
                self._parts.popitem(last=False)
        return made


def install(app: Flask) -> None:
    """Give this process its shelves."""
    shelves: dict[str, Shelf] = {}
    app.extensions[NAME] = shelves
    app.extensions.setdefault("forum.forget", []).append(shelves.clear)


class Keeper:
    """A shelf of a name and size, in whichever application it is asked."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most

    def __call__(self, key: Hashable, make: Callable[[], Part]) -> Part:
        """A part by all that it follows from, made once."""
        shelves: dict[str, Shelf] = current_app.extensions[NAME]
        shelf = shelves.get(self._name) or shelves.setdefault(self._name, Shelf(self._most))
        return shelf.part(key, make)


class _Joined(FunctionElement[str]):
    """All values of a column as one text, in an order that is always the same."""

    name = "joined"
    type = String()
    inherit_cache = True


@compiles(_Joined, "postgresql")
def _in_order(element: _Joined, compiler: Any, **kw: Any) -> str:
    """By the values: rows come in whatever order a plan reads them, and plans change."""
    value = compiler.process(element.clauses, **kw)
    return f"string_agg({value}, chr(10) ORDER BY {value})"


@compiles(_Joined, "sqlite")
def _as_read(element: _Joined, compiler: Any, **kw: Any) -> str:
    """In the order of the plan, which nothing changes meanwhile; before 3.44 it knows no other."""
    return f"group_concat({compiler.process(element.clauses, **kw)}, '\n')"


# Written out: each value that is bound costs as much as a row that is read.
_EMPTY, _TAB = literal_column("''", String()), literal_column("'\t'", String())
_LINE: Any = literal_column("'\n'", String())


def lines(*columns: Any) -> Any:
    """All rows of a query as one string, for a mark: reading them one by one costs ten times as
    much."""
    line: Any = None
    for column in columns:
        cell = func.coalesce(cast(column, String), _EMPTY) + _TAB
        line = cell if line is None else line + cell
    return func.coalesce(_Joined(line), _EMPTY)


def column(values: Any) -> Any:
    """A column of all rows as one string of lines, in the same order as others of the same query:
    for values without line breaks."""
    return func.aggregate_strings(cast(values, String), _LINE)
