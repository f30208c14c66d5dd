"""Cases and sessions row by row: what they touch, who checked them, who came, how cases ended.

What a case was made of stays behind: nobody there could look it up. Feedback comes along under its
random keys once nobody can add to it, and who gave some never: two exports would tell whose is new.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from forum.admin.records.kinds import numbered
from forum.admin.records.part import Part
from forum.core.clock import now
from forum.core.db import UTCDateTime
from forum.core.events import record
from forum.core.textcheck import clean_line
from forum.standards.why.models import ClauseOrigin, Source
from forum.training import facts
from forum.training.models import (
    AgendaItem,
    Case,
    CaseClause,
    CaseDepartment,
    CaseIdea,
    CaseService,
    CaseStandard,
    CaseState,
    Check,
    Feedback,
    Invitation,
    Outcome,
    Seat,
    Session,
    SessionDepartment,
    SessionStandard,
    Share,
)
from forum.training.policy import FEEDBACK_FOR

CASE = numbered("training_case")
A_DAY = timedelta(days=1)
"""The longest that a session takes."""
LONG_OVER = Session.starts_at <= bindparam(
    None, callable_=lambda: now() - FEEDBACK_FOR - A_DAY, type_=UTCDateTime()
)


def _one_line(title: str) -> bool:
    return title == clean_line(title)


def _among(values: Any) -> Any:
    known = frozenset(map(str, values))
    return lambda value: value is None or value in known


TRAINING: tuple[Part, ...] = (
    Part(
        "case",
        Case,
        ("title", "created_at"),
        but=("origin_kind", "origin_id"),
        checks={"title": _one_line, "state": _among(CaseState)},
        counted=True,
        tells=lambda row: record(facts.CASE_IMPORTED, by=None, about=("case", row["id"])),
    ),
    Part(
        "case-department",
        CaseDepartment,
        ("case_id", "department_id"),
        checks={"answer": _among(Check)},
    ),
    Part("case-service", CaseService, ("case_id", "service_id")),
    Part("case-standard", CaseStandard, ("case_id", "standard_id")),
    Part("case-clause", CaseClause, ("case_id", "clause_id")),
    Part("case-idea", CaseIdea, ("idea_id",)),
    Part(
        "clause-from-case",
        ClauseOrigin,
        ("clause_id", "source_id"),
        kinds={"source_id": CASE},
        where=[ClauseOrigin.kind == Source.CASE],
        fixed={"kind": str(Source.CASE)},
    ),
    Part(
        "training",
        Session,
        ("uid",),
        checks={"title": _one_line},
        counted=True,
        tells=lambda row: record(facts.IMPORTED, by=None, about=("training", row["id"])),
    ),
    Part("training-department", SessionDepartment, ("session_id", "department_id")),
    Part("training-standard", SessionStandard, ("session_id", "standard_id")),
    Part("training-invitation", Invitation, ("session_id", "person_id")),
    Part("training-seat", Seat, ("session_id", "person_id"), but=("answered",)),
    Part("training-share", Share, ("department_id", "standard_id")),
    Part(
        "training-agenda",
        AgendaItem,
        ("session_id", "case_id"),
        checks={"outcome": _among(Outcome)},
    ),
    Part(
        "training-feedback",
        Feedback,
        ("key",),
        where=[Feedback.session_id.in_(select(Session.id).where(LONG_OVER))],
    ),
)
