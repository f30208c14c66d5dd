"""Surveys row by row: questions, what is planned, and what was reported on; nothing of what runs.

The rows of a running survey would tell, compared from export to export, who answered what. Requests
and who took part come along with surveys that ended, so that nobody is asked too often afterwards.
Of answers and texts leaves what figures and pages tell (`forum.surveys.results.leaving`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from forum.admin.records.part import Part
from forum.core.events import record
from forum.core.limits import REASON
from forum.surveys import facts
from forum.surveys.answering import RANGES
from forum.surveys.change import leaving as change
from forum.surveys.change.models import IdeaMeasure, IdeaOutcome, IdeaPromise, RelationFall
from forum.surveys.figures.verdicts import Verdict
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.models import (
    ItemKind,
    ItemVersion,
    SurveyAnswer,
    SurveyItem,
    SurveyText,
    Wave,
    WaveItem,
    WaveParticipation,
    WaveRequest,
    WaveService,
    WaveState,
)
from forum.surveys.relay.models import VoiceAnswer, VoiceQuestion
from forum.surveys.results import leaving
from forum.surveys.results.models import WaveFrame, WaveReport

REPORTED = Wave.id.in_(select(WaveReport.wave_id))
"""Closed, mixed, and with the smallest number and the tree that its figures are made by."""
STANDS = or_(REPORTED, Wave.state == WaveState.PLANNED)
WIDEST = RANGES[ItemKind.RECOMMEND]


def _of(model: Any, which: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [model.wave_id.in_(select(Wave.id).where(which))]


SURVEYS: tuple[Part, ...] = (
    Part(
        "survey-item",
        SurveyItem,
        ("key",),
        checks={"kind": frozenset(ItemKind).__contains__},
        changes=True,
        named=lambda row: row["key"],
        decided=(facts.RETIRED,),
    ),
    Part(
        "survey-item-version",
        ItemVersion,
        ("item_id", "number"),
        named=lambda row: (row["#"].values["item_id"], row["number"]),
    ),
    Part(
        "wave",
        Wave,
        ("title", "created_at"),
        but=("position",),
        where=[STANDS],
        checks={"state": {str(WaveState.PLANNED), str(WaveState.CLOSED)}.__contains__},
        counted=True,
        tells=lambda row: record(facts.IMPORTED, by=None, about=("wave", row["id"])),
    ),
    Part(
        "wave-service",
        WaveService,
        ("wave_id", "service_id"),
        where=_of(WaveService, STANDS),
    ),
    Part(
        "wave-item",
        WaveItem,
        ("wave_id", "version_id"),
        where=_of(WaveItem, STANDS),
    ),
    Part("wave-request", WaveRequest, ("wave_id", "person_id"), where=_of(WaveRequest, REPORTED)),
    Part(
        "wave-participation",
        WaveParticipation,
        ("wave_id", "person_id"),
        where=_of(WaveParticipation, REPORTED),
    ),
    Part(
        "survey-answer",
        SurveyAnswer,
        ("key",),
        checks={"value": WIDEST.__contains__},
        where=_of(SurveyAnswer, REPORTED),
        shape=leaving.answers,
    ),
    Part(
        "survey-text",
        SurveyText,
        ("key",),
        where=_of(SurveyText, REPORTED),
        shape=leaving.texts,
    ),
)
"""What needs people, departments, services and ideas to be there."""


RESULTS: tuple[Part, ...] = (
    # The figures follow from these and the answers; they are made at the first look.
    Part(
        "wave-report",
        WaveReport,
        ("wave_id",),
        begins={"ready": False},
        where=_of(WaveReport, REPORTED),
    ),
    Part("wave-frame", WaveFrame, ("wave_id", "department_id"), where=_of(WaveFrame, REPORTED)),
    Part("survey-reply", Reply, ("wave_id", "department_id"), counted=True, limit=REASON),
    Part("survey-reply-idea", ReplyIdea, ("reply_id", "idea_id")),
    Part("voice-question", VoiceQuestion, ("key",), shape=leaving.of_texts),
    Part("voice-answer", VoiceAnswer, ("key",), shape=leaving.of_texts),
    Part("idea-promise", IdeaPromise, ("idea_id", "service_id", "item_id")),
    Part("idea-measure", IdeaMeasure, ("idea_id",)),
    Part(
        "idea-outcome",
        IdeaOutcome,
        ("idea_id", "wave_id", "service_id", "item_id"),
        checks={"verdict": frozenset(Verdict).__contains__},
        shape=change.outcomes,
    ),
    Part("relation-fall", RelationFall, ("wave_id", "service_id"), shape=change.falls),
)
"""What needs surveys, ideas and standards to be there."""
