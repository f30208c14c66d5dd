"""Columns of short text, and the constants they are compared with.

A member of an enumeration that a column is compared with, alone or in a list or set, stands in the
statement as it is written, not as a bound value: SQLite prepares a statement anew at each run where
it held a bound value against the condition of a partial index, which may cost more than the run,
and the general plans of PostgreSQL use no such index.

Objects of the session that such an UPDATE or DELETE concerns are found by the rows it gives back.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.visitors import InternalTraversal

LISTS = (list, tuple, set, frozenset)


class Constant(ColumnElement[str]):
    """A member of an enumeration in a statement. It is no column: joins take nothing from it."""

    _traverse_internals = [("word", InternalTraversal.dp_string)]  # noqa: RUF012 - as its base
    type = String()

    def __init__(self, member: StrEnum) -> None:
        self.word = member.value


@compiles(Constant)
def _write(element: Constant, compiler: Any, **_kw: Any) -> str:
    return str(compiler.render_literal_value(element.word, element.type))


class ShortText(String):
    """Text that members of enumerations are written beside."""

    cache_ok = True

    class Comparator(String.Comparator[str]):
        """What is compared with such text."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            return super().operate(op, *(_written(each) for each in other), **kwargs)

    comparator_factory = Comparator


def _written(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return Constant(value)
    if isinstance(value, LISTS) and any(isinstance(each, StrEnum) for each in value):
        # In the order of the condition of an index, or it is not known again; sets have none.
        order = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [_written(each) for each in order]
    return value
