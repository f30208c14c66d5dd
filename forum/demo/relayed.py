"""What IT asked whoever wrote a text in a survey, and what they answered."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select

from forum.core.db import db
from forum.core.errors import NotFound
from forum.demo.people import Cast
from forum.surveys.models import SurveyText
from forum.surveys.relay import actions, queries
from forum.surveys.relay.queries import Own
from forum.surveys.results.told import wave_or_404

UNCLEAR = "New terminal, same wobbly stand. Please bolt it down."
"""What somebody wrote; nobody reads out of it which terminal is meant."""
QUESTION = "Which one is it? There are nine on the line, and at three the stands are new."
ANSWER = "The one at the end of line two, beside the pallets."


def add(cast: Cast) -> None:
    """Ask about such a text, where it is told as one of the department's own, and answer as its
    author would. Its key is as random as any, and nobody holds the secret that belongs to it."""
    boris = cast.people["boris"]
    said = select(SurveyText.key, SurveyText.wave_id).where(SurveyText.body == UNCLEAR)
    text = db.session.execute(said.order_by(SurveyText.key)).first()
    if text is None:
        return
    told = wave_or_404(boris, text.wave_id)
    with suppress(NotFound):  # too few wrote to tell it
        voice = queries.voice_or_404(told, text.key)
        actions.ask(boris, told, voice, QUESTION)
        own = Own(voice.key, told.wave, "", voice.lang, voice.body, voice.scope)
        actions.answer(own, asked=True, body=ANSWER)
