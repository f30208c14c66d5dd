"""What IT asked whoever wrote a text in a survey, and what they answered."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db
from forum.demo.people import Cast
from forum.departments.queries import answers_for
from forum.surveys.models import SurveyText, Wave, WaveService
from forum.surveys.relay import actions, queries
from forum.surveys.relay.policy import ASKED_AT
from forum.surveys.relay.queries import Own, Voice
from forum.surveys.results.models import WaveVoice
from forum.surveys.results.told import wave_or_404

UNCLEAR = "New terminal, same wobbly stand. Please bolt it down."
"""What somebody wrote; nobody reads out of it which terminal is meant."""
QUESTION = "Which one is it? There are nine on the line, and at three the stands are new."
ANSWER = "The one at the end of line two, beside the pallets."


def add(cast: Cast) -> None:
    """Ask about such a text that is told as one of the department's own, and answer as its author
    would. Its key is as random as any, and nobody holds the secret that belongs to it."""
    boris = cast.people["boris"]
    said = select(SurveyText.wave_id).where(SurveyText.body == UNCLEAR)
    wave = db.session.scalars(select(Wave).where(Wave.id.in_(said))).first()
    if wave is None:
        return
    told = wave_or_404(boris, wave.id)
    key = _key(wave.id, answers_for(boris.id))
    if key is not None:
        voice = queries.voice_or_404(told, key)
        actions.ask(boris, told, voice, QUESTION)
        actions.answer(_own(wave, voice), asked=True, body=ANSWER)


def _key(wave_id: int, departments: frozenset[int]) -> str | None:
    """A text that says so and is told of one of these departments. One query."""
    query = (
        select(SurveyText.key)
        .join(WaveVoice, WaveVoice.key == SurveyText.key)
        .join(
            WaveService,
            (WaveService.wave_id == SurveyText.wave_id)
            & (WaveService.service_id == SurveyText.service_id),
        )
        .where(
            SurveyText.wave_id == wave_id,
            SurveyText.body == UNCLEAR,
            WaveVoice.scope.in_(ASKED_AT),
            WaveService.provider_id.in_(departments),
        )
        .order_by(SurveyText.key)
        .limit(1)
    )
    return db.session.scalar(query)


def _own(wave: Wave, voice: Voice) -> Own:
    return Own(voice.key, wave, "", voice.lang, voice.body, voice.scope)
