"""Statements built once for all readers of a kind; the reader's own values are bound at execution.

Building a statement costs as much as running it, so hot pages write a builder `(reader, *shape) ->
statement` and call `run` or `load`. For everybody whose view is not limited, the builder meets a
`StandIn` and its statement is kept; for consultants it is built with the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam

from forum.accounts.models import Person, Role
from forum.core.db import db, read_columns

Builder = Callable[..., Any]


class StandIn:
    """Takes a person's place while a statement is built; with a column for the id, the place of all
    who see the same, in a statement about many of them."""

    is_consultant = False
    can_sign_in = True

    def __init__(self, role: str, kind: str, *, person_id: Any = None) -> None:
        self.role, self.kind = role, kind
        alone = bindparam("reader_id", type_=Integer)
        self.id: Any = alone if person_id is None else person_id
        self.department_id = bindparam("reader_department_id", type_=Integer)

    @property
    def moderates(self) -> bool:
        """As `Person.moderates`."""
        return self.role in (Role.MODERATOR, Role.ADMIN)


@cache
def _built(builder: Builder, role: str, kind: str, *shape: Any) -> Any:
    return builder(StandIn(role, kind), *shape)


def run(builder: Builder, reader: Person, *shape: Any, **values: Any) -> Any:
    """Execute what the builder makes of the reader, which reads columns and no entities; `values`
    fill its own bind parameters."""
    return read_columns(*ready(builder, reader, shape, values))


def load(builder: Builder, reader: Person, *shape: Any, **values: Any) -> Any:
    """As `run`, for what reads entities too."""
    return db.session.execute(*ready(builder, reader, shape, values))


def ready(
    builder: Builder, reader: Person, shape: Sequence[Any], values: Mapping[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """The statement and its values: for what is read bit by bit, when the reader may be gone."""
    if reader.is_consultant:
        return builder(reader, *shape), dict(values)
    statement = _built(builder, reader.role, reader.kind, *shape)
    bound = {"reader_id": reader.id, "reader_department_id": reader.department_id}
    return statement, {**bound, **values}
