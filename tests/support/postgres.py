"""A private PostgreSQL cluster for the test run, started once and stopped at its end."""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

ADDRESS = "FORUM_TEST_POSTGRES"
"""Environment variable with the address of a cluster to use instead; xdist workers get it too."""

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"

FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal "
    "-c max_wal_senders=0 -c max_wal_size=4GB -c jit=off -c max_connections=200"
)
"""Nothing has to outlive the power, and no question is so long that compiling it would pay."""


def binaries() -> Path:
    """Where initdb and pg_ctl lie."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError("PostgreSQL is not installed; run `make test-tools`")
    return Path(on_path).resolve().parent


@cache
def cluster() -> str:
    """The address of a running cluster, `postgresql://…/`, without a database name."""
    return os.environ.get(ADDRESS) or start()


def start() -> str:
    """Start a cluster on a Unix socket that ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="forum-pg-"))
    folder.chmod(0o755)
    data, socket = folder / "data", folder / "socket"
    for path in (data, socket):
        path.mkdir()
        _give_away(path)
    _run(
        "initdb",
        "-D",
        str(data),
        "-U",
        "forum",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--locale=C.UTF-8",
    )
    options = f"{FAST} -c listen_addresses='' -c unix_socket_directories={socket}"
    _run("pg_ctl", "-D", str(data), "-o", options, "-l", str(data / "log"), "-w", "start")
    atexit.register(_stop, data, folder)
    address = f"postgresql://forum@/{{name}}?host={socket}"
    os.environ[ADDRESS] = address
    return address


def _stop(data: Path, folder: Path) -> None:
    _run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _as_other_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _give_away(path: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _run(command: str, *arguments: str) -> None:
    prefix = _as_other_user() if os.geteuid() == 0 else []
    program = [*prefix, str(binaries() / command), *arguments]
    subprocess.run(program, check=True, stdout=subprocess.DEVNULL, cwd="/tmp")


def new_database() -> str:
    """The address of a new, empty database."""
    name = f"forum_{secrets.token_hex(6)}"
    administer(f'CREATE DATABASE "{name}"')
    return _psycopg(name)


def administer(*statements: str) -> None:
    """Run statements that concern whole databases."""
    engine = create_engine(_psycopg("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


class Behind:
    """Changes to a database behind the application's back, minding no foreign key and no trigger.

    Its one connection stays open: a new one would have to learn every table anew.
    """

    def __init__(self, address: str) -> None:
        self.engine = create_engine(address, pool_size=1, pool_pre_ping=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes hold together."""
        with self.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection

    def run(self, script: str) -> None:
        """Run many statements as one change."""
        with self.writing() as connection:
            connection.exec_driver_sql(script)


class Copies:
    """Copies of all rows of a database, each in a schema of its own beside them."""

    def __init__(self, behind: Behind) -> None:
        self.behind = behind
        self.scripts: dict[str, str] = {}

    def keep(self, name: str) -> None:
        """Copy the rows away, in the place of an older copy of this name."""
        with self.behind.writing() as connection:
            tables = connection.execute(text(TABLES)).scalars().all()
            counters = connection.execute(text(COUNTERS)).all()
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))
            connection.execute(text(f'CREATE SCHEMA "{name}"'))
            filled = [table for table in tables if _copied(connection, name, table)]
        self.scripts[name] = "; ".join(
            [
                *(f'DELETE FROM "{table}"' for table in tables),
                *(f'INSERT INTO "{table}" SELECT * FROM "{name}"."{table}"' for table in filled),
                *(f"SELECT setval('\"{row[0]}\"', {row[1] or 1}, {row[1] is not None})"
                  for row in counters),
            ]
        )  # fmt: skip

    def bring_back(self, name: str) -> None:
        """Put the copied rows in the place of those there are."""
        self.behind.run(self.scripts[name])

    def close(self) -> None:
        """End the connection they are made with."""
        self.behind.engine.dispose()


def _copied(connection: Connection, name: str, table: str) -> bool:
    """Copy a table into the schema of this name, if it has any rows."""
    if not connection.execute(text(f'SELECT EXISTS (SELECT FROM "{table}")')).scalar_one():
        return False
    connection.execute(text(f'CREATE TABLE "{name}"."{table}" AS TABLE "{table}"'))
    return True


def _psycopg(name: str) -> str:
    return cluster().format(name=name).replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def version() -> str:
    """What runs, in words."""
    if ADDRESS not in os.environ:
        return "PostgreSQL"
    engine = create_engine(_psycopg("postgres"))
    with engine.connect() as connection:
        found = connection.execute(text("SHOW server_version")).scalar_one()
    engine.dispose()
    return f"PostgreSQL {found}"
