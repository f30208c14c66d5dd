"""`forum serve`: a first process that does nothing but watch; workers and jobs are its children."""

from __future__ import annotations

import errno
import gc
import http.client
import os
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import click
from flask import Flask

from forum.core import words
from forum.core.db import db
from forum.core.errors import DomainError
from forum.core.orphans import die_with
from forum.core.schema import current_revision, known_revisions, schema_state
from forum.ops import worker
from forum.ops.gate import Gate
from forum.ops.supervisor import Child, Supervisor

SLOW_CLIENTS = 2048
"""Connections a worker holds open at once; beyond them new ones wait in the backlog."""
WAITING_THREADS = 1024
"""Threads a worker may start for clients that send their body slowly; idle ones end after 10 s."""
HEADERS_WITHIN_MS = 15_000

REFUSALS = {
    "empty": "The database is empty. Run `forum init` or `forum demo` first.",
    "other": "The database has an older schema than this version. Run `forum upgrade`.",
    "newer": "The database belongs to a newer version of the forum. Install that one.",
    "failed": "The database does not answer.",
}


class CannotServe(DomainError):
    """Why the server does not start, in one line."""


def serve(app: Flask, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotServe."""
    check_schema(app)
    port = claim(host, port)
    words.preload()
    _drop_connections(app)
    web = partial(_serve_web, app, host, port, workers)
    children = [Child("web", web), Child("jobs", partial(worker.run, app))]
    Supervisor(children).run(_announcer(host, port))


def become(host: str, port: int) -> NoReturn:
    """Turn this process into `forum serve`: what filled a forum leaves no thread or memory."""
    sys.stdout.flush()
    sys.stderr.flush()
    serving = ["-P", "-m", "forum", "serve", "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, *serving])  # noqa: S606 -- our own command


def check_schema(app: Flask) -> None:
    """Refuse a database whose schema is older or newer than the code. Raises CannotServe."""
    with app.app_context():
        state = which_schema(schema_state())
        db.session.remove()
    if state != "ok":
        raise CannotServe(REFUSALS[state])


def which_schema(state: str) -> str:
    """The state of the schema, telling one that is newer than the code from one that is older."""
    newer = state == "other" and current_revision() not in dict(known_revisions())
    return "newer" if newer else state


def _drop_connections(app: Flask) -> None:
    """Children open their own connections; one shared through a fork would mix its answers."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    gc.collect()
    gc.freeze()  # so that the collector leaves the pages alone that all processes share


def claim(host: str, port: int) -> int:
    """The port to serve on, 0 meaning any that is free. Raises CannotServe when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # Old connections may linger, but another listener is refused.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as error:
            reason = "in use" if error.errno == errno.EADDRINUSE else (error.strerror or "refused")
            raise CannotServe(f"Cannot listen on {host}:{port}: {reason}.") from error
        return int(trial.getsockname()[1])


def _serve_web(app: Flask, host: str, port: int, workers: int) -> None:
    """Run granian in this process; it forks the workers and restarts those that fall."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    Granian(
        target="forum",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        websockets=False,
        backlog=4096,
        backpressure=SLOW_CLIENTS,
        blocking_threads=WAITING_THREADS,
        blocking_threads_idle_timeout=10,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    ).serve(target_loader=partial(_web_application, app, os.getpid()), wrap_loader=False)


def _web_application(app: Flask, parent: int) -> Any:
    """What a web worker serves; called in the worker, first of all."""
    die_with(parent)
    return Gate(app)


def _announcer(host: str, port: int) -> Callable[[], bool]:
    """Ask for `/health/live` until it answers, then say so once."""
    shown = f"[{host}]" if ":" in host else host
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    next_try = [0.0]

    def started() -> bool:
        if time.monotonic() < next_try[0]:
            return False
        next_try[0] = time.monotonic() + 0.05
        if not _answers(asked, port):
            return False
        click.echo(f"Listening on http://{shown}:{port}")
        return True

    return started


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
