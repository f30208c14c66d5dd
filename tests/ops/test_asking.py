"""A wave to many people is asked in batches: killed in between, it goes on and doubles nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.notifications.models import Notification
from forum.surveys.models import Wave, WaveRequest, WaveSample
from tests.ops.test_jobs import run_script
from tests.support import make, postgres
from tests.support.server import ROOT, environment
from tests.surveys import company as waves

PEOPLE = 23


@pytest.fixture
def url(database: str) -> str | None:
    """Both databases."""
    return None if database == "sqlite" else postgres.new_database()


@pytest.fixture
def wave(company: Flask) -> int:
    """A wave that is due, to people who have heard of nothing yet."""
    waves.switch_on(company)
    service, _people = waves.served(company, PEOPLE)
    planned = waves.plan(company, [service])
    with company.app_context(), transaction():
        db.session.execute(update(Person).values(unread=0))
    return planned


def check_everybody_once(company: Flask, wave: int) -> None:
    with company.app_context():
        db.session.expire_all()
        assert db.session.get_one(Wave, wave).asked_all_at is not None
        for model in (WaveRequest, WaveSample):
            people = db.session.scalars(select(model.person_id)).all()
            assert len(people) == len(set(people)) == PEOPLE
        told = select(Notification.person_id).where(Notification.object_kind == "surveys")
        assert sorted(db.session.scalars(told)) == sorted(people)
        asked = select(Person.unread).join(WaveRequest, WaveRequest.person_id == Person.id)
        assert set(db.session.scalars(asked)) == {1}


@pytest.mark.share(2)
@pytest.mark.parametrize("moment", ["within", "after"])
def test_asking_that_is_killed_goes_on_and_asks_nobody_twice(
    company: Flask, folder: Path, url: str | None, wave: int, moment: str
) -> None:
    for batch in ("1", "2"):
        killed = run_script("dying_asker", moment, batch, folder=folder, url=url)
        assert killed == -signal.SIGKILL
    ended = run_script("dying_asker", "never", "0", folder=folder, url=url)

    assert ended == 0
    check_everybody_once(company, wave)


def test_two_processes_that_ask_at_once_ask_nobody_twice(
    company: Flask, folder: Path, url: str | None, wave: int
) -> None:
    make.person(company)
    command = [sys.executable, "-m", "tests.ops.scripts.dying_asker", "never", "0"]

    both = [subprocess.Popen(command, env=environment(folder, url), cwd=ROOT) for _ in range(2)]
    for process in both:
        process.wait(180)
    run_script("dying_asker", "never", "0", folder=folder, url=url)

    check_everybody_once(company, wave)
