"""What became of an idea elsewhere: answers of departments, steps, the decision, the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from forum.core.i18n import _
from forum.core.numbers import number_or_none
from forum.ideas.imports.fields import (
    ImportedText,
    Raw,
    Refused,
    Stand,
    day_of,
    line_of,
    markdown_of,
    moment_of,
    person_of,
    stage_of,
    yes_of,
)
from forum.ideas.imports.fields import objects_of as _objects
from forum.ideas.models import NEEDS_REASON, AnswerKind, StageKind

ACCEPTED = (StageKind.ACCEPTED, StageKind.STANDARDISED, StageKind.DONE)
DECIDED = (*ACCEPTED, StageKind.DECLINED)
LONGEST_CODE = 40
LONGEST_TIME = 365


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """What an affected department answered; `waiting` when it has not."""

    department: str
    answer: AnswerKind
    reason: ImportedText | None
    by: str
    asked_at: datetime | None
    at: datetime | None
    due: date | None = None
    days: int | None = None
    rests_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportedStep:
    """A change of stage; by nobody where the source does not say."""

    stage: StageKind
    by: str
    at: datetime | None
    added: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """Who decided what, why and when; `decision` is empty where the source does not say."""

    by: str
    reason: ImportedText | None
    at: datetime | None
    decision: str = ""
    code: str = ""
    revisit: ImportedText | None = None
    owner: str = ""
    due: date | None = None
    override: bool = False
    confirmed_at: datetime | None = None
    again: dict[str, Any] | None = None
    """The columns of the condition that brings it back."""


def answers_of(raw: Raw) -> tuple[ImportedAnswer, ...]:
    """What departments answered, one answer each. Raises Refused."""
    answers = tuple(_answer(each) for each in _objects(raw, "answers"))
    named = [each.department.casefold() for each in answers]
    if len(set(named)) < len(named):
        raise Refused(_("Two answers are of one department."))
    return answers


def _answer(raw: Raw) -> ImportedAnswer:
    given = line_of(raw, "answer") or AnswerKind.WAITING
    if given not in frozenset(AnswerKind):
        raise Refused(_("“%(text)s” is not an answer.", text=given[:40]))
    department, reason = line_of(raw, "department"), markdown_of(raw, "reason")
    if not department:
        raise Refused(_("An answer names no department."))
    if given in NEEDS_REASON and reason is None:
        raise Refused(_("The answer “%(text)s” needs a reason.", text=given))
    return ImportedAnswer(
        department=department,
        answer=AnswerKind(given),
        reason=reason,
        by=person_of(raw, "by"),
        asked_at=moment_of(raw.get("asked_at")),
        at=moment_of(raw.get("at")),
        due=day_of(raw.get("due")),
        days=_days(raw.get("days")),
        rests_since=moment_of(raw.get("rests_since")),
    )


def _days(value: object) -> int | None:
    """Working days to answer, where a line says so. Raises Refused."""
    if value in (None, ""):
        return None
    found = number_or_none(value)
    if found is None or not 1 <= found <= LONGEST_TIME:
        raise Refused(_("“%(text)s” is no number of working days.", text=str(value)[:40]))
    return found


def steps_of(raw: Raw) -> tuple[ImportedStep, ...]:
    """How it came to its stage, in order. Raises Refused."""
    return tuple(_step(each) for each in _objects(raw, "steps"))


def _step(raw: Raw) -> ImportedStep:
    stage = stage_of(raw)
    if stage is None or stage.kind == StageKind.DRAFT:
        raise Refused(_("A step leads to no stage."))
    return ImportedStep(stage.kind, line_of(raw, "by"), moment_of(raw.get("at")), stage.added)


def decision_of(raw: Raw) -> ImportedDecision | None:
    """The decision, if there is one. Raises Refused."""
    value = raw.get("decision")
    if not value:
        return None
    if not isinstance(value, dict):
        raise Refused(_("“decision” is not a decision."))
    kind = line_of(value, "decision")
    if kind not in ("", "accept", "decline"):
        raise Refused(_("“%(text)s” is not a decision.", text=kind[:40]))
    return ImportedDecision(
        by=person_of(value, "by"),
        reason=markdown_of(value, "reason"),
        at=moment_of(value.get("at")),
        decision=kind,
        code=line_of(value, "reason_code")[:LONGEST_CODE],
        revisit=markdown_of(value, "revisit"),
        owner=line_of(value, "owner"),
        due=day_of(value.get("due")),
        override=yes_of(value, "override"),
        confirmed_at=moment_of(value.get("confirmed_at")),
        again=_again(value) if kind != "accept" else None,
    )


def _again(value: Raw) -> dict[str, Any] | None:
    """The condition that brings a declined idea back, None where there is none."""
    departments = number_or_none(value.get("again_departments"))
    on_day = day_of(value.get("again_on"))
    if on_day is None and not departments:
        return None
    return {
        "on_day": on_day,
        "departments": departments or None,
        "met_at": moment_of(value.get("came_back_at")),
        "answered_at": moment_of(value.get("left_at")),
    }


def resulting_stage(
    said: Stand | None, decision: ImportedDecision | None, steps: Sequence[ImportedStep]
) -> Stand:
    """Where an idea stands: as it says, else by its last step or its decision, else open.

    Raises Refused where these contradict one another.
    """
    stage = said or _implied(decision, steps)
    if steps and (steps[-1].stage, steps[-1].added) != stage:
        raise Refused(_("The last step does not lead to its stage."))
    fitting = {"accept": ACCEPTED, "decline": (StageKind.DECLINED,)}
    kind = decision.decision if decision is not None else ""
    if kind and stage.kind in DECIDED and stage.kind not in fitting[kind]:
        raise Refused(_("The decision does not fit the stage “%(stage)s”.", stage=stage.kind))
    return stage


def _implied(decision: ImportedDecision | None, steps: Sequence[ImportedStep]) -> Stand:
    if steps:
        return Stand(steps[-1].stage, steps[-1].added)
    kind = decision.decision if decision is not None else ""
    known = {"accept": StageKind.ACCEPTED, "decline": StageKind.DECLINED}
    return Stand(known.get(kind, StageKind.OPEN))
