"""What is finished is forgotten, when the company says so, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import OneTimeToken, Person, PersonSession, Purpose, SignInFailure
from forum.accounts.tokens import issue, new_secret
from forum.core import jobs
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import ATTEMPTS, OutboxMail
from forum.core.site import save_settings
from forum.files.models import Upload, UploadUse
from forum.ops import sweeps
from tests.support import make


@pytest.fixture
def finished(app: Flask) -> int:
    """Somebody of whom a finished and a living row of every kind is kept; all made just now."""
    person = make.person(app)
    with app.app_context(), transaction():
        someone = db.session.get_one(Person, person)
        far = now() + timedelta(days=999)
        for revoked in (now(), None):
            row: Any = PersonSession(
                token_hash=new_secret(), person_id=person, epoch=1, expires_at=far,
                revoked_at=revoked,
            )  # fmt: skip
            db.session.add(row)
        issue(Purpose.INVITATION, someone, new_secret())
        issue(Purpose.PASSWORD_RESET, someone, new_secret())
        for token in db.session.scalars(select(OneTimeToken)):
            token.expires_at = far
            token.used_at = now() if token.purpose == Purpose.INVITATION else None
        db.session.add(SignInFailure(key="x"))
        for attempts in (0, ATTEMPTS):
            letter = {"recipient": "a@example.org", "subject": "s", "body": "b"}
            db.session.add(OutboxMail(**letter, attempts=attempts))
        db.session.add(OutboxMail(recipient="", subject="", body="", sent_at=now()))
        for key in ("shown", "unshown"):
            look = {"media_type": "image/png", "size": 1, "width": 1, "height": 1}
            db.session.add(Upload(key=key, person_id=person, sha256=key, **look))
        db.session.flush()
        shown = db.session.scalars(select(Upload.id).where(Upload.key == "shown")).one()
        db.session.add(UploadUse(upload_id=shown, kind="idea", subject_id=1))
    return person


def _left(app: Flask, *, days: int) -> dict[str, int]:
    """How many rows of each kind are left after the sweeps of a day to come."""
    with app.app_context(), time_machine.travel(now() + timedelta(days=days, minutes=1)):
        for sweep in (*sweeps.SWEEPS.values(), jobs.SWEEPS["uploads"]):
            sweep()
        models = (PersonSession, OneTimeToken, SignInFailure, OutboxMail, Upload)
        return {m.__tablename__: db.session.scalar(select(func.count(m.id))) or 0 for m in models}


def test_without_a_choice_what_is_finished_goes_after_a_month(app: Flask, finished: int) -> None:
    week = _left(app, days=8)
    month = _left(app, days=31)

    assert week == {
        "person_session": 2, "one_time_token": 2, "sign_in_failure": 0, "outbox_mail": 2,
        "upload": 2,
    }  # fmt: skip
    assert month == {
        "person_session": 1, "one_time_token": 1, "sign_in_failure": 0, "outbox_mail": 0,
        "upload": 1,
    }  # fmt: skip


def test_the_company_says_how_many_days_are_enough(app: Flask, finished: int) -> None:
    with app.app_context(), transaction():
        save_settings({"retention_days": 3})

    before, after = _left(app, days=2), _left(app, days=4)

    assert (before["person_session"], before["one_time_token"], before["outbox_mail"]) == (2, 2, 3)
    assert (after["person_session"], after["one_time_token"], after["outbox_mail"]) == (1, 1, 2)


def test_what_still_works_is_never_swept(app: Flask, finished: int) -> None:
    with app.app_context(), transaction():
        save_settings({"retention_days": 1})

    left = _left(app, days=400)

    assert left["person_session"] == left["one_time_token"] == 1
    assert left["upload"] == 1
