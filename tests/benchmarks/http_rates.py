"""Requests a second and latencies over HTTP, ours and the reference's behind the same server."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from forum.accounts import sessions
from forum.accounts.models import Person
from forum.core.db import db, transaction
from tests.support.server import ROOT, Server, free_port, wait_until

CLIENTS, SECONDS, WORKERS = 2, 5.0, 2
Page = tuple[str, dict[str, str] | None]


def http_rates(app: Flask, folder: Path, scratch: Path, pages: dict[str, Page]) -> None:
    """Print a line for each page that is read."""
    cookie = _cookie(app, 50)
    read = {name: path for name, (path, sent) in pages.items() if sent is None}
    columns = f"{'req/s':>8} {'p50 ms':>8} {'p95 ms':>8} {'ref req/s':>10} {'ratio':>7}"
    print(f"\n{'over HTTP':20} {columns}")
    server = Server(folder, workers=WORKERS)
    server.start()
    try:
        for name, path in read.items():
            rate, p50, p95 = rate_of(server.port, path, cookie)
            with reference(scratch, len(_fetched(app, path, cookie))) as port:
                other, *_rest = rate_of(port, "/", "")
            ratio = other / rate
            print(f"{name:20} {rate:8.0f} {p50:8.1f} {p95:8.1f} {other:10.0f} {ratio:7.2f}")
    finally:
        server.stop()


def _cookie(app: Flask, person_id: int) -> str:
    with app.app_context():
        with transaction():
            person = db.session.get_one(Person, person_id)
            user = sessions.begin(person, user_agent="bench", shared=False)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return "forum=" + serializer.dumps({"_user_id": user.id, "_fresh": True, "csrf": "t"})


def _fetched(app: Flask, path: str, cookie: str) -> bytes:
    client = app.test_client(use_cookies=False)
    return client.get(path, headers={"Cookie": cookie, "Accept": "text/html"}).get_data()


@contextmanager
def reference(scratch: Path, size: int) -> Iterator[int]:
    """The bare page behind granian, as many workers as ours; its port."""
    port = free_port()
    made = {"REFERENCE_DATABASE": str(scratch / f"http-{port}.db"), "REFERENCE_BYTES": str(size)}
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS)),
        *("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "error"),
        *("--factory", "tests.benchmarks.reference:served"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **made})
    try:
        assert wait_until(lambda: _answers(port), within=60)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False


def rate_of(port: int, path: str, cookie: str) -> tuple[float, float, float]:
    """Requests a second of all clients together, and the p50 and p95 of their waits in ms."""
    fork = multiprocessing.get_context("fork")  # no thread runs here
    waits: Any = fork.Queue()
    clients = [fork.Process(target=_ask, args=(port, path, cookie, waits)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    gathered = [waits.get(timeout=120) for _ in clients]
    for client in clients:
        client.join()
    times = sorted(wait for some in gathered for wait in some)
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    return len(times) / SECONDS, middle * 1000, late * 1000


def _ask(port: int, path: str, cookie: str, waits: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Cookie": cookie, "Accept": "text/html"} if cookie else {}
    times: list[float] = []
    for _ in range(10):  # warm up
        _one(connection, path, headers)
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        _one(connection, path, headers)
        times.append(time.perf_counter() - began)
    waits.put(times)


def _one(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> None:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
