"""The database: typed base, one commit, reads that cannot write.

Every change of state runs in `transaction()`. Outside it a request only reads, and all it reads is
of one moment: on SQLite the connection is put in `query_only` and begins deferred, on PostgreSQL it
begins REPEATABLE READ. Inside it SQLite begins IMMEDIATE, so two writers queue instead of failing
half-way, and on PostgreSQL each statement sees what was committed before it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as ForumSession
from sqlalchemy import (
    JSON,
    BigInteger,
    CompoundSelect,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    Text,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import (
    DeclarativeBase,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    registry,
)

from forum.core.columns import ShortText


class UTCDateTime(TypeDecorator[datetime]):
    """Aware datetimes in Python, UTC in both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
LongText = Annotated[str, mapped_column(Text)]
JsonDict = Annotated[dict[str, Any], mapped_column(JSON().with_variant(JSONB, "postgresql"))]

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all models; every table with an own id never reuses one (AUTOINCREMENT)."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UTCDateTime, date: Date, str: ShortText},
    )
    __table_args__: Any = {"sqlite_autoincrement": True}


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

BUSY_TIMEOUT_MS = 20_000
"""How long a writer waits for the other writer before it gives up."""
FIRST_WAIT, LONGEST_WAIT = 0.0003, 0.02
"""Seconds between two tries of a writer: a write takes a millisecond or two, and what SQLite itself
sleeps is so long that two processes write less than one."""


def prepare_engine(engine: Engine) -> None:
    """Say how each connection begins: to read, or to write."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _begin_postgresql(connection: Connection) -> None:
    """Without a round trip: the driver says it with its own BEGIN. Whoever asked for a level of
    their own keeps it."""
    from psycopg import IsolationLevel

    options = connection.get_execution_options()
    if "isolation_level" in options:
        return
    plain: Any = connection.connection.dbapi_connection
    wanted = None if options.get("forum_write") else IsolationLevel.REPEATABLE_READ
    if plain.isolation_level != wanted:
        plain.isolation_level = wanted


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Past SQLAlchemy, which spends a tenth of a vote on these few words; its errors remain."""
    plain: Any = connection.connection.dbapi_connection
    writes = bool(connection.get_execution_options().get("forum_write"))
    try:
        _only_read(connection, plain, not writes)
        if writes:
            _begin_writing(plain)
        else:
            plain.execute("BEGIN")
    except sqlite3.Error as trouble:
        raise DBAPIError.instance(
            "BEGIN", None, trouble, sqlite3.Error, dialect=connection.dialect
        ) from trouble


def _only_read(connection: Connection, plain: sqlite3.Connection, only: bool) -> None:
    """Said only where it changes: SQLite then compiles every statement of the connection anew."""
    if connection.info.get(QUERY_ONLY) is not only:
        plain.execute(f"PRAGMA query_only={'ON' if only else 'OFF'}")
        connection.info[QUERY_ONLY] = only


def _begin_writing(plain: sqlite3.Connection) -> None:
    """Wait for the other writer, for as long as that may take."""
    pause, until = FIRST_WAIT, time.monotonic() + BUSY_TIMEOUT_MS / 1000
    plain.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                plain.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as trouble:
                busy = trouble.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # for any reason
                if not busy or time.monotonic() > until:
                    raise
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_WAIT)
    finally:
        plain.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


WRITING = "forum.writing"
PENDING = "forum.events"
QUERY_ONLY = "forum.query_only"
WAKE = "forum.wake"
"""What a write leaves in its session's `info` where the jobs are to look once it is durable."""
_before_commit: list[Callable[[Session], None]] = []


def before_commit(hook: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what runs last inside every write, such as appending the events."""
    _before_commit.append(hook)
    return hook


_after_commit: list[Callable[[Session], None]] = []


def after_commit(hook: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what runs once a write is durable; it must not raise, and a crash may skip it."""
    _after_commit.append(hook)
    return hook


def is_writing() -> bool:
    """Whether this context holds an open write."""
    return bool(db.session().info.get(WRITING))


def assert_no_write_open(what: str) -> None:
    """Refuse slow work (rendering, hashing) while other writers wait for us."""
    from flask import has_app_context

    if has_app_context() and is_writing():
        raise RuntimeError(f"{what} while a write is open")


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the write, or join the one that is open; the outermost one commits.

    Raises whatever the body raised, after rolling everything back.
    """
    session: Session = db.session()
    if session.info.get(WRITING):
        yield session
        return
    end_read(session)
    session.info[WRITING] = True
    try:
        session.connection(execution_options={"forum_write": True})
        yield session
        session.flush()
        for hook in _before_commit:
            hook(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITING, None)
        session.info.pop(PENDING, None)
    for hook in _after_commit:
        hook(session)


def zero_what_goes() -> None:
    """In the open write, SQLite writes zeros over what is deleted instead of leaving it there."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA secure_delete=ON"))


def end_read(session: Session | None = None) -> None:
    """End the read snapshot, keeping loaded objects; a change made outside a write is a bug."""
    session = session or db.session()
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise RuntimeError("changed outside transaction()")
    session.commit()


@event.listens_for(ForumSession, "before_flush")
def _no_flush_outside(session: Session, _context: UOWTransaction, _instances: object) -> None:
    touched = session.new or session.deleted or session.dirty
    if touched and not session.info.get(WRITING):
        raise RuntimeError("flushed outside transaction()")


@event.listens_for(ForumSession, "do_orm_execute")
def _no_write_outside(state: ORMExecuteState) -> None:
    changes = state.is_insert or state.is_update or state.is_delete
    if changes and not state.session.info.get(WRITING):
        raise RuntimeError("executed a change outside transaction()")


def read_columns(
    statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]],
    values: Mapping[str, Any] | None = None,
) -> Any:
    """What a statement reads that names columns and no entities: past the ORM, at half its cost."""
    return db.session.connection().execute(statement, values)


def engine_options(url: str) -> dict[str, Any]:
    """Pool settings: PostgreSQL connections are checked, and speak UTC."""
    if url.startswith("postgresql"):
        return {"pool_pre_ping": True, "connect_args": {"options": "-c timezone=UTC"}}
    return {"connect_args": {"check_same_thread": False}}
