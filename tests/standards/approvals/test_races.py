"""Two at once: publishing, answering, editing, sending, the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import DomainError
from forum.standards import drafts
from forum.standards.approvals import coming, emergencies
from forum.standards.approvals.models import Side
from forum.standards.models import Standard, Version
from tests.standards import standards
from tests.standards.approvals import approving
from tests.standards.approvals.approving import SignIn, publish
from tests.support import make

NEW = "## Purpose\n\nThe next text."


def at_once(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """Do these at the same time; what became of each."""
    barrier, outcomes = Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(type(refusal).__name__)

    threads = [Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_two_who_publish_an_approved_version_one_wins(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    scene.everybody_approves()
    scene.say(scene.reviewer, scene.row(Side.MODERATOR))

    outcomes = at_once(app, *(partial(publish, scene, by) for by in (scene.author, scene.reviewer)))

    assert outcomes in (["Stale", "done"], ["Conflict", "done"])
    assert scene.states() == ["in_force"]


def test_an_edit_and_an_answer_at_once_leave_no_approval_of_another_text(app: Flask) -> None:
    scene = approving.scene(app)
    scene.send()
    row = scene.row(Side.DEPARTMENT, scene.it)

    at_once(
        app,
        partial(scene.say, scene.of_it, row),
        partial(approving.rewrite, app, scene.number, scene.author, NEW),
    )

    assert scene.states() == ["draft"]
    assert scene.said()["IT"] == "waiting"


def test_of_two_who_send_at_once_one_wins(app: Flask) -> None:
    scene = approving.scene(app)

    outcomes = at_once(app, scene.send, partial(scene.send, scene.owner))

    assert outcomes in (["Stale", "done"], ["Conflict", "done"])
    assert len(scene.said()) == 4


def test_a_day_that_comes_twice_at_once_puts_one_version_in_force(app: Flask) -> None:
    scene = approving.scene(app, in_force=True)
    publish(scene, scene.author, effective_on=now().date() + timedelta(days=2))

    def swept() -> None:
        with app.app_context():
            coming.sweep()

    with time_machine.travel(now() + timedelta(days=3)):
        at_once(app, swept, swept)

    assert scene.states() == ["superseded", "in_force"]
    with app.app_context():
        assert db.session.query(Standard).one().in_force == 2


def test_two_who_look_back_at_once_leave_one_note(app: Flask) -> None:
    scene = approving.scene(app)
    publish(scene, scene.author, emergency=True, why="A pipe burst.")
    others = [scene.reviewer, make.moderator(app)]

    def look(by: int) -> None:
        with app.app_context():
            person, version = db.session.get_one(Person, by), db.session.query(Version).one()
            emergencies.look_back(person, standards.by_number(scene.number), version, note="Ok")

    assert at_once(app, *(partial(look, by) for by in others)) == ["Conflict", "done"]


def test_a_stale_page_does_not_send(app: Flask, sign_in: SignIn) -> None:
    scene = approving.scene(app)

    answer = sign_in(scene.author).post(
        f"/standards/{scene.number}/send-for-approval", {"lock": "0"}
    )

    assert answer.status_code == 409
    assert str(drafts.Stale.sentence) in answer.text
