"""Promises of an older schema keep the survey that their idea was measured by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.discussion.models import Thread
from forum.standards.models import Standard
from forum.surveys import wordings
from forum.surveys.change.models import IdeaMeasure, IdeaOutcome, IdeaPromise
from forum.surveys.models import Wave
from tests.house.test_migrations import empty
from tests.support import make
from tests.surveys import waves

__all__ = ["empty"]
PROMISES = "SELECT service_id, baseline_id FROM idea_promise ORDER BY service_id"
MEASURES = "SELECT since, baseline_id FROM idea_measure"


def _rows(statement: str) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(statement))]
    db.session.remove()
    return found


def test_a_promise_keeps_the_survey_its_idea_was_measured_by(empty: Flask) -> None:  # noqa: F811
    upgrade()
    services, idea, items = _promising(empty)
    with transaction():
        older, newer = (_wave(days_ago) for days_ago in (90, 20))
        for service, wave in zip(services, (newer, older), strict=True):
            of_it = {"idea_id": idea, "service_id": service, "item_id": items["scale"]}
            db.session.add(IdeaPromise(**of_it, baseline_id=wave))
        db.session.add(IdeaMeasure(idea_id=idea, standard_id=_standard(), since=now().date()))
    db.session.remove()

    downgrade(revision="0032")
    assert [row[1] for row in _rows(MEASURES)] == [newer]
    upgrade()

    assert _rows(PROMISES) == [(service, newer) for service in services]


@pytest.mark.parametrize(("kind", "left"), [("scale", [("better",)]), ("recommend", [])])
def test_verdicts_on_who_would_recommend_go_since_they_were_by_the_mean(
    empty: Flask,  # noqa: F811
    kind: str,
    left: list[tuple[object, ...]],
) -> None:
    upgrade()
    services, idea, items = _promising(empty)
    with transaction():
        promise = {"idea_id": idea, "service_id": services[0], "item_id": items[kind]}
        db.session.add(IdeaPromise(**promise))
        db.session.add(IdeaOutcome(**promise, wave_id=_wave(1), verdict="better"))
    db.session.remove()

    downgrade(revision="0032")
    upgrade()

    assert _rows("SELECT verdict FROM idea_outcome") == left


def _promising(app: Flask) -> tuple[list[int], int, dict[str, int]]:
    """Two services, an idea, and an item of each kind."""
    provider, customer = (make.department(app, name) for name in ("IT", "Sales"))
    services = [waves.service(app, provider, customer, name) for name in ("Help", "Phones")]
    idea = make.idea(app, departments=[provider])
    with transaction():
        wordings.ensure()
        items = {each.kind: each.item_id for each in wordings.current()}
    db.session.remove()
    return services, idea, items


def _wave(days_ago: int) -> int:
    ended = now() - timedelta(days=days_ago)
    made = Wave(title="Spring", opens_at=ended - timedelta(days=9), closes_at=ended)
    db.session.add(made)
    db.session.flush()
    return made.id


def _standard() -> int:
    thread = Thread(subject="standard", subject_id=1)
    db.session.add(thread)
    db.session.flush()
    named = {"number": "PS-001", "sequence": 1, "title": "T", "excerpt": "", "lang": "en"}
    made = Standard(**named, thread_id=thread.id)
    db.session.add(made)
    db.session.flush()
    return made.id
