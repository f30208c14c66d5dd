"""A text of a survey that ended, whose author is asked about it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from forum.accounts.tokens import new_secret
from forum.core.db import db, transaction
from forum.surveys.models import SurveyText
from forum.surveys.relay.keys import key_of
from forum.surveys.relay.models import VoiceQuestion
from tests.surveys import waves


def filled(app: Flask, moderator: int, service: int, provider: int) -> dict[str, str]:
    """The secret that its author keeps, and its key."""
    wave = waves.wave(app, {}, texts={service: ["Slow"]}, title="Spring", told=False)
    secret = new_secret()
    with app.app_context(), transaction():
        version = db.session.scalars(select(SurveyText.version_id)).first()
        about = {"wave_id": wave, "service_id": service, "version_id": version}
        db.session.add(SurveyText(key=key_of(secret), body="Closed at noon", **about))
        db.session.flush()
        by = {"wave_id": wave, "department_id": provider, "by_id": moderator}
        db.session.add(VoiceQuestion(key=key_of(secret), body="Which desk?", **by))
    return {"text_secret": secret, "text_key": key_of(secret)}
