"""Jobs: nothing is lost or done twice, whenever a process dies; event ids are commit order."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from forum.accounts import facts
from forum.accounts.models import OneTimeToken, Person, PersonSession, SignInFailure
from forum.core import db as database_module
from forum.core import events, jobs, mail, readers
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import record
from forum.core.mail import OutboxMail, queue_mail
from forum.ops import worker
from forum.ops.lease import lease_of
from tests.support import make, postgres
from tests.support.postbox import postbox
from tests.support.server import ROOT, environment, threads, wait_until


@pytest.fixture
def url(database: str) -> str | None:
    """Both databases."""
    return None if database == "sqlite" else postgres.new_database()


def write_events(app: Flask, number: int) -> None:
    """Events as an action writes them, one a write."""
    with app.app_context():
        for _ in range(number):
            with transaction():
                record(facts.SIGNED_IN, by=None, about=("person", 1))


def run_script(name: str, *arguments: str, folder: Path, url: str | None) -> int:
    """Run a script of tests/ops/scripts to its end; its exit code."""
    command = [sys.executable, "-m", f"tests.ops.scripts.{name}", *arguments]
    done = subprocess.run(command, env=environment(folder, url), cwd=ROOT, timeout=180, check=False)
    return done.returncode


@pytest.fixture
def seen(company: Flask) -> Iterator[Flask]:
    """The company with a table that the dying reader fills."""
    with company.app_context():
        with db.engine.connect().execution_options(forum_write=True) as connection:
            connection.execute(text("CREATE TABLE seen (id INTEGER)"))
            connection.commit()
        yield company


@pytest.mark.share(2)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_reader_killed_in_the_middle_of_its_batches_loses_and_repeats_nothing(
    seen: Flask, folder: Path, url: str | None, moment: str
) -> None:
    write_events(seen, 23)

    for batch in ("1", "3"):
        killed = run_script("dying_reader", moment, batch, folder=folder, url=url)
        assert killed == -signal.SIGKILL
    ended = run_script("dying_reader", "never", "0", folder=folder, url=url)

    assert ended == 0
    noted = list(db.session.scalars(text("SELECT id FROM seen ORDER BY id")))
    assert noted == list(db.session.scalars(text("SELECT id FROM event ORDER BY id")))


def test_two_processes_on_one_reader_apply_each_event_once(
    seen: Flask, folder: Path, url: str | None
) -> None:
    write_events(seen, 60)
    command = [sys.executable, "-m", "tests.ops.scripts.dying_reader", "never", "0"]

    both = [subprocess.Popen(command, env=environment(folder, url), cwd=ROOT) for _ in range(2)]
    for process in both:
        process.wait(180)
    run_script("dying_reader", "never", "0", folder=folder, url=url)

    noted = list(db.session.scalars(text("SELECT id FROM seen ORDER BY id")))
    assert noted == list(db.session.scalars(text("SELECT id FROM event ORDER BY id")))


def test_event_ids_are_commit_order_when_two_writers_meet_at_the_worst_moment(app: Flask) -> None:
    """The first has its id and has not committed; the second may not overtake it."""
    holding, go_on = threading.Event(), threading.Event()
    first = threading.current_thread()

    def hold(_session: object) -> None:
        if threading.current_thread() is first:
            return
        if not holding.is_set():
            holding.set()
            go_on.wait(10)

    database_module._before_commit.append(hold)
    try:
        slow = threading.Thread(target=write_events, args=(app, 1))
        slow.start()
        assert holding.wait(10)
        quick = threading.Thread(target=write_events, args=(app, 1))
        quick.start()
        quick.join(0.5)

        assert quick.is_alive(), "the second writer overtook the first"
        with app.app_context():
            assert events.last_id() == 0, "a reader saw what was not committed"
    finally:
        go_on.set()
        slow.join(10)
        quick.join(10)
        database_module._before_commit.remove(hold)

    with app.app_context():
        assert len(events.after(0, limit=10)) == 2


def test_a_follower_sees_every_event_in_order_while_four_threads_write(app: Flask) -> None:
    writers = [threading.Thread(target=write_events, args=(app, 15)) for _ in range(4)]
    for each in writers:
        each.start()

    read: list[int] = []
    with app.app_context():
        while len(read) < 60 and (any(w.is_alive() for w in writers) or len(read) < 60):
            position = read[-1] if read else 0
            read += [event.id for event in events.after(position, limit=7)]
            db.session.rollback()
    for each in writers:
        each.join()

    assert read == sorted(set(read))
    assert len(read) == 60


def test_mail_whose_wake_was_lost_is_found_by_the_sweep(
    company: Flask, folder: Path, url: str | None
) -> None:
    assert run_script("dying_wake", folder=folder, url=url) == -signal.SIGKILL

    with postbox() as box:
        company.config["MAIL_URL"] = box.url
        company.extensions["forum.jobs"].sweep()

    assert len(box.mails) == 1
    assert "An answer is wanted." in box.mails[0]


def test_a_committed_mail_leaves_at_once_and_only_once_with_two_jobs_processes(
    company: Flask, folder: Path, url: str | None
) -> None:
    with postbox() as box:
        settings = environment(folder, url, FORUM_MAIL_URL=box.url)
        command = [sys.executable, "-c", "from forum.__main__ import main; main()", "worker"]
        both = [subprocess.Popen(command, env=settings, cwd=ROOT) for _ in range(2)]
        assert wait_until(lambda: all(threads(each.pid) >= 3 for each in both), within=40)
        company.config["MAIL_URL"] = box.url
        try:
            with company.app_context():
                for number in range(3):
                    with transaction():
                        queue_mail("anna@example.org", f"Number {number}", "Text")
            assert wait_until(lambda: len(box.mails) >= 3, within=10)
        finally:
            for process in both:
                process.terminate()
            ended = [process.wait(20) for process in both]

    assert len(box.mails) == 3
    assert ended == [0, 0]


def test_more_mails_than_a_look_takes_wait_for_no_sweep(company: Flask, monkeypatch) -> None:
    monkeypatch.setattr(mail, "AT_A_TIME", 2)
    wakes: jobs.Wakes = company.extensions["forum.jobs"]

    with postbox() as box:
        company.config["MAIL_URL"] = box.url
        with company.app_context(), transaction():
            for number in range(5):
                queue_mail("anna@example.org", f"Number {number}", "Text")
        looks = 0
        while (task := wakes.huey.dequeue()) is not None:
            wakes.huey.execute(task)
            looks += 1

    assert len(box.mails) == 5
    assert looks == 4  # the last one finds nothing


def test_there_is_one_leader_and_another_when_it_goes(company: Flask) -> None:
    one, two = lease_of(company), lease_of(company)

    with company.app_context():
        assert (one.held(), two.held()) == (True, False)
        one.release()
        assert two.held()
        two.release()


def test_a_reader_in_trouble_is_tried_again_and_holds_no_other_up(app: Flask) -> None:
    write_events(app, 3)
    caught: list[int] = []

    def broken(_batch: object) -> object:
        raise ZeroDivisionError

    readers.register(readers.Reader("tests.broken", broken))  # type: ignore[arg-type]
    readers.register(
        readers.Reader("tests.fine", lambda batch: lambda: caught.extend(e.id for e in batch))
    )
    try:
        with app.app_context():
            assert worker._advance_all() is False
            assert readers.position_of("tests.broken") == 0
    finally:
        del readers.READERS["tests.broken"], readers.READERS["tests.fine"]

    assert len(caught) == 3


def test_a_thread_of_the_jobs_that_fell_is_replaced(
    company: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = worker.Leader(company)
    leader.tick()
    [(fallen, thread)] = leader._consumer.worker_threads
    try:
        monkeypatch.setattr(fallen, "loop", lambda *_now: 1 / 0)
        assert wait_until(lambda: not thread.is_alive(), within=20)

        leader.tick()

        assert all(each.is_alive() for _worker, each in leader._consumer.worker_threads)
    finally:
        leader.retire()


def test_the_sweep_forgets_what_ran_out_long_ago_and_nothing_else(app: Flask) -> None:
    person = make.person(app)
    long_ago, later = now() - timedelta(days=40), now() + timedelta(days=1)
    with app.app_context():
        with transaction():
            for number, at in enumerate((long_ago, later)):
                db.session.add_all(
                    [
                        PersonSession(
                            token_hash=f"s{number}", person_id=person, epoch=1, expires_at=at
                        ),
                        OneTimeToken(
                            purpose="invitation",
                            token_hash=f"t{number}",
                            person_id=person,
                            expires_at=at,
                        ),
                        SignInFailure(key="account:x", at=at),
                        OutboxMail(recipient="", subject="", body="", sent_at=at),
                    ]
                )
        jobs.wakes().sweep()

        for model in (PersonSession, OneTimeToken, SignInFailure, OutboxMail):
            assert len(db.session.scalars(db.select(model)).all()) == 1, model.__tablename__
        assert db.session.get(Person, person) is not None
