"""`forum restore`: an archive into an empty data folder and an empty database, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from flask import Flask
from sqlalchemy import (
    JSON,
    Connection,
    ForeignKeyConstraint,
    NullPool,
    Table,
    create_engine,
    inspect,
    make_url,
    text,
)
from sqlalchemy.schema import AddConstraint, DropConstraint

from forum.core import config, epoch
from forum.core.db import db
from forum.core.schema import known_revisions, migrate
from forum.ops import archive
from forum.ops.archive import BadArchive, Manifest, Refused
from forum.ops.snapshot import tables_of

ROWS = 500
"""Rows an INSERT."""


def restore(path: Path, load_app: Callable[[], Flask]) -> Manifest:
    """Check the archive, then the place, and only then write. Raises BadArchive, Refused.

    `load_app` is called last, because an application makes its data folder.
    """
    reading = archive.Reading(path)
    manifest = reading.check()
    if manifest.revision not in dict(known_revisions()):
        raise BadArchive("The archive was made by a newer version of the forum.")
    settings = config.load()
    _refuse_used(settings["DATA_DIR"], settings["DATABASE_URL"])
    app = load_app()
    with app.app_context():
        try:
            _fill(reading, manifest, settings["DATA_DIR"])
        except BaseException:
            _undo(settings["DATA_DIR"])
            raise
    return manifest


def _refuse_used(folder: Path, url: str) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; nothing was changed.")
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return
    engine = create_engine(address, poolclass=NullPool)
    if inspect(engine).get_table_names():
        raise Refused("The database is not empty; nothing was changed.")


def _fill(reading: archive.Reading, manifest: Manifest, folder: Path) -> None:
    migrate(manifest.revision)
    _load(reading, manifest, folder)
    migrate()
    epoch.renew()
    db.session.remove()


def _undo(folder: Path) -> None:
    """Leave the place as empty as it was, so that one may try again."""
    db.session.remove()
    with db.engine.execution_options(forum_write=True).begin() as connection:
        cascade = "" if connection.dialect.name == "sqlite" else " CASCADE"
        if not cascade:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for name in inspect(connection).get_table_names():
            connection.exec_driver_sql(f'DROP TABLE "{name}"{cascade}')
    db.engine.dispose()
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _load(reading: archive.Reading, manifest: Manifest, folder: Path) -> None:
    with db.engine.execution_options(forum_write=True).begin() as connection:
        tables = {table.name: table for table in tables_of(connection)}
        constraints = _loosen(connection, tables)
        for table in tables.values():
            connection.execute(table.delete())  # what the migrations put there is in the archive
        for name, content in islice(reading.members(), 1, None):
            if name.startswith("tables/"):
                table = tables[name.removeprefix("tables/").removesuffix(".jsonl")]
                _insert(connection, table, manifest.tables[table.name], content)
            else:
                _put(folder / name, content)
        _tighten(connection, constraints)


def _insert(
    connection: Connection, table: Table, note: archive.TableNote, content: IO[bytes]
) -> None:
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = True
    lines = iter(content)
    while rows := list(_rows(islice(lines, ROWS), note.columns)):
        connection.execute(table.insert(), rows)
    if note.last_id:
        _count_from(connection, table, note.last_id)


def _rows(lines: Iterator[bytes], columns: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield dict(zip(columns, archive.decode(line), strict=True))


def _count_from(connection: Connection, table: Table, last_id: int) -> None:
    """Go on counting ids where the original had come to."""
    values = {"name": table.name, "last": last_id}
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        added = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"
    else:
        added = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :last, true)"
    connection.execute(text(added), values)


def _loosen(connection: Connection, tables: dict[str, Table]) -> list[ForeignKeyConstraint]:
    """Let rows come in any order: tables refer to each other in circles."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        return []
    found = [
        constraint
        for table in tables.values()
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
    ]
    for constraint in found:
        connection.execute(DropConstraint(constraint))
    return found


def _tighten(connection: Connection, constraints: list[ForeignKeyConstraint]) -> None:
    """Check every reference again; one that points nowhere ends the restore."""
    for constraint in constraints:
        connection.execute(AddConstraint(constraint))
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise BadArchive(f"The archive refers to rows it does not hold, in {broken[0]}.")


def _put(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := content.read(archive.CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
