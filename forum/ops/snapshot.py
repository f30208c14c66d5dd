"""One consistent look at every table, on either database, while others go on writing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from sqlalchemy import JSON, Connection, MetaData, String, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from forum.core.db import db
from forum.ops.archive import TableNote, encode

FETCH = 500
OURS_NOT = {"alembic_version"}


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection whose every query sees the same moment; it writes nothing."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they are in the database, referred ones first where that is possible."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = [table for table in metadata.tables.values() if table.name not in OURS_NOT]
    return sorted(found, key=lambda table: table.name)


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row as a line, in the order of the primary key, bytewise on both databases."""
    columns = sorted(table.columns, key=lambda column: column.name)
    as_json = frozenset(
        place for place, column in enumerate(columns) if isinstance(column.type, JSON)
    )
    query = select(*columns).order_by(*_order(connection, table))
    rows = connection.execution_options(yield_per=FETCH).execute(query)
    for row in rows:
        yield encode(row, as_json)


def _order(connection: Connection, table: Table) -> list[Any]:
    plain = connection.dialect.name != "postgresql"
    return [
        column if plain or not isinstance(column.type, String) else column.collate("C")
        for column in table.primary_key.columns
    ]


def dump(connection: Connection, table: Table, target: IO[bytes] | None = None) -> TableNote:
    """Write a table's lines, or only count and digest them."""
    digest, rows = hashlib.sha256(), 0
    for line in lines_of(connection, table):
        whole = line + b"\n"
        digest.update(whole)
        rows += 1
        if target is not None:
            target.write(whole)
    columns = sorted(column.name for column in table.columns)
    return TableNote(rows, digest.hexdigest(), columns, _last_id(connection, table))


def checksums() -> dict[str, TableNote]:
    """What every table holds now; equal for equal content on either database."""
    with snapshot() as connection:
        return {table.name: dump(connection, table) for table in tables_of(connection)}


def _last_id(connection: Connection, table: Table) -> int | None:
    """The highest id ever given out, so that none is given out twice after a restore."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        try:
            return connection.execute(query, {"name": table.name}).scalar() or None
        except DBAPIError:  # no table here counts its ids
            return None
    if "id" not in table.columns:
        return None
    sequence = select(func.pg_get_serial_sequence(table.name, "id"))
    name = connection.execute(sequence).scalar()
    if name is None:
        return None
    asked = text(f"SELECT CASE WHEN is_called THEN last_value END FROM {name}")  # noqa: S608
    return connection.execute(asked).scalar()
