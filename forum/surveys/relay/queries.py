"""Reading texts by what their authors keep, and what was asked about texts."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select

from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.site import site
from forum.departments.models import Department
from forum.surveys.models import SurveyText, Wave, WaveService
from forum.surveys.relay.keys import key_of
from forum.surveys.relay.models import VoiceAnswer, VoiceQuestion
from forum.surveys.relay.policy import ASKED_AT
from forum.surveys.results.models import WaveReport, WaveVoice
from forum.surveys.results.told import Told


class Exchange(NamedTuple):
    """What a department asked about a text, and what was answered, empty while nothing was."""

    department: str
    lang: str
    question: str
    answer_lang: str
    answer: str


COLUMNS: tuple[Any, ...] = (
    *(VoiceQuestion.key, Department.name, VoiceQuestion.lang, VoiceQuestion.body),
    *(VoiceAnswer.lang, VoiceAnswer.body),
)


def exchanges_of(wave_id: int) -> dict[str, Exchange]:
    """What was asked about texts of a wave, told or not, by their keys. One query."""
    return _exchanges(OF_WAVE, wave=wave_id)


def exchange_of(key: str) -> Exchange | None:
    """What was asked about one text. One query."""
    return _exchanges(OF_KEY, key=key).get(key)


EXCHANGES = (
    select(*COLUMNS)
    .join(Department, Department.id == VoiceQuestion.department_id)
    .outerjoin(VoiceAnswer, VoiceAnswer.key == VoiceQuestion.key)
)
OF_WAVE = EXCHANGES.where(VoiceQuestion.wave_id == bindparam("wave"))
OF_KEY = EXCHANGES.where(VoiceQuestion.key == bindparam("key"))


def _exchanges(query: Any, **which: Any) -> dict[str, Exchange]:
    return {
        row[0]: Exchange(row[1], row[2], row[3], row[4] or "", row[5] or "")
        for row in read_columns(query, which)
    }


class Voice(NamedTuple):
    """A text that is told of one department, and which that is."""

    key: str
    lang: str
    body: str
    provider_id: int | None
    service_id: int
    scope: str


def voice_or_404(told: Told, key: str) -> Voice:
    """A text of a wave that is told, and told as one of one department's. One query."""
    query = (
        select(SurveyText.key, SurveyText.lang, SurveyText.body)
        .add_columns(WaveService.provider_id, SurveyText.service_id, WaveVoice.scope)
        .join(WaveVoice, WaveVoice.key == SurveyText.key)
        .join(
            WaveService,
            (WaveService.wave_id == SurveyText.wave_id)
            & (WaveService.service_id == SurveyText.service_id),
        )
        .where(
            SurveyText.key == key,
            SurveyText.wave_id == told.wave.id,
            WaveVoice.scope.in_(ASKED_AT),
            WaveVoice.people >= told.k,
        )
    )
    row = db.session.execute(query).first() if told.report is not None else None
    if row is None:
        raise NotFound
    return Voice(*row)


class Own(NamedTuple):
    """A text as its author sees it; `told` is where everybody reads it, empty for nowhere.

    `about` is the service it was stored with: no longer its own once several are told together.
    """

    key: str
    wave: Wave
    about: str
    lang: str
    body: str
    told: str

    @property
    def ended(self) -> bool:
        """Whether its survey ended and was mixed; before, nothing of it is read."""
        return self.wave.mixed_at is not None

    @property
    def service(self) -> str:
        """What it is about, empty where that is forgotten."""
        return self.about if not self.ended or self.told == "service" else ""


def own_by_secret(secret: str) -> Own:
    """The text whose author keeps that secret; NotFound for any other. One query. Where the
    smallest number was raised since, it is told nowhere."""
    enough = and_(WaveVoice.people >= WaveReport.k, WaveVoice.people >= site().survey_k)
    query = (
        select(SurveyText.key, Wave, WaveService.name, SurveyText.lang, SurveyText.body)
        .add_columns(WaveVoice.scope)
        .join(Wave, Wave.id == SurveyText.wave_id)
        .join(
            WaveService,
            (WaveService.wave_id == SurveyText.wave_id)
            & (WaveService.service_id == SurveyText.service_id),
        )
        .outerjoin(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
        .outerjoin(WaveVoice, and_(WaveVoice.key == SurveyText.key, enough))
        .where(SurveyText.key == key_of(secret))
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    key, wave, about, lang, body, told = row
    return Own(key, wave, about, lang, body, told or "")
