"""`forum serve`: it starts quickly, ends wholly, mends itself and is not held up by the slow."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from forum.core.db import db
from forum.ops import worker
from tests.support.server import (
    Server,
    Visitor,
    family,
    forum,
    free_port,
    processes,
    threads,
    wait_until,
)

Serve = Callable[..., Server]


def memory_mb(pid: int) -> float:
    """What a process holds: its own memory, and its share of what several hold together."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.split("\nPss:")[1].split()[0]) / 1024


def test_the_first_process_starts_no_thread_and_the_workers_stay_small(serve: Serve) -> None:
    server = serve(workers=2)

    Visitor(server.port).sign_in("writer1@example.org").get("/ideas")

    assert threads(server.first) == 1
    assert len(server.members) == 5  # the first, the web master, two workers, the jobs
    assert max(memory_mb(pid) for pid in server.members) < 80


def test_killing_the_first_process_ends_all_and_frees_the_port(serve: Serve) -> None:
    server = serve()

    server.kill_first()

    assert wait_until(server.is_gone, within=1)


def test_asking_it_to_end_ends_all_of_it_without_complaint(serve: Serve) -> None:
    server = serve()

    server.stop()

    assert server.process is not None
    assert server.process.returncode == 0
    assert wait_until(server.is_gone, within=1)


def test_a_fallen_child_is_replaced_while_the_others_serve(serve: Serve) -> None:
    server = serve(workers=2)
    direct = {pid for pid, parent in processes().items() if parent == server.first}
    grandchildren = server.members - direct - {server.first}
    jobs = next(pid for pid in direct if pid not in {processes()[each] for each in grandchildren})

    fallen = {jobs, min(grandchildren)}

    for pid in fallen:
        os.kill(pid, signal.SIGKILL)

    assert wait_until(lambda: not fallen & processes().keys(), within=10)
    assert Visitor(server.port).get("/health/live").status == 200
    assert wait_until(lambda: len(family(server.first)) == 5, within=10)


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
        ("DELETE FROM alembic_version", "forum init"),
    ],
    ids=["newer", "none"],
)
def test_a_database_of_another_schema_is_refused_in_one_line(
    company: Flask, folder: Path, change: str, advice: str
) -> None:
    with company.app_context():
        with db.engine.connect().execution_options(forum_write=True) as connection:
            connection.exec_driver_sql(change)
            connection.commit()
        db.engine.dispose()

    for command in (("serve", "--port", str(free_port())), ("worker",)):
        refused = forum(*command, folder=folder)
        assert refused.returncode == 1
        assert refused.stderr.strip().count("\n") == 0
        assert advice in refused.stderr
    assert advice in forum("doctor", folder=folder).stdout


def test_a_taken_port_is_refused_in_one_line(serve: Serve, folder: Path) -> None:
    server = serve(workers=1)

    refused = forum("serve", "--port", str(server.port), folder=folder)

    assert refused.returncode == 1
    assert refused.stderr.strip() == f"Cannot listen on 127.0.0.1:{server.port}: in use."


def test_a_demo_looks_at_its_port_before_it_makes_a_company(serve: Serve, tmp_path: Path) -> None:
    server = serve(workers=1)

    refused = forum("demo", "--port", str(server.port), folder=tmp_path / "demo")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.strip() == f"Cannot listen on 127.0.0.1:{server.port}: in use."


def test_health_tells_whether_the_jobs_live(serve: Serve, company: Flask, folder: Path) -> None:
    server = serve(workers=1)

    assert wait_until(lambda: b'"jobs":"ok"' in Visitor(server.port).get("/health/ready").body, 10)
    server.stop()

    assert worker.state(company) == "none"
    assert "No jobs process" in forum("doctor", folder=folder).stdout


@contextlib.contextmanager
def slow_clients(port: int, number: int) -> Iterator[None]:
    """Half of them never finish their headers, half never finish the body they announced."""
    unfinished = (
        b"GET /ideas HTTP/1.1\r\nHost: slow\r\nX-Slow: ",
        b"POST /sign-in HTTP/1.1\r\nHost: slow\r\nContent-Length: 5000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=",
    )
    sockets = []
    try:
        for index in range(number):
            client = socket.create_connection(("127.0.0.1", port), timeout=10)
            sockets.append(client)
            client.sendall(unfinished[index % 2])
        yield
    finally:
        for client in sockets:
            client.close()


@pytest.mark.parametrize(
    "number", [200, pytest.param(1000, marks=pytest.mark.full)], ids=["200", "1000"]
)
def test_slow_connections_do_not_stop_ordinary_requests(serve: Serve, number: int) -> None:
    server = serve(workers=2)
    reader = Visitor(server.port).sign_in("writer1@example.org")
    reader.get("/ideas")

    with slow_clients(server.port, number):
        for _ in range(20):
            assert reader.get("/ideas").status == 200

    assert reader.get("/health/live").status == 200


def test_the_demo_makes_way_for_a_server_as_lean_as_any(folder: Path) -> None:
    server = Server(folder, command="demo")
    try:
        server.start()

        assert threads(server.first) == 1
        assert max(memory_mb(pid) for pid in server.members) < 80
        assert Visitor(server.port).get("/sign-in").status == 200
    finally:
        server.stop()
    assert wait_until(server.is_gone, within=1)
