"""Asked for once: where something was done that somebody wanted, and after a promise was kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.modules import is_on
from forum.departments.models import Department, Representative
from forum.ideas.models import Answer, Idea, Vote
from forum.ideas.together.queries import authored_by
from forum.thanks.kinds import DONE
from forum.thanks.models import Thanks, ThanksNotNow

ASKED_FOR = timedelta(days=30)
"""How long after an idea was done its page asks; later nobody remembers whom to thank."""


def on_ideas(reader: Person, ideas: Sequence[Any]) -> dict[int, str]:
    """Of ideas that were done lately, those which ask the reader for thanks: they supported it, or
    answer for a department it affects, did not write it, have not thanked for it and have not said
    “not now”. One query, none while nothing was done."""
    if not is_on("thanks"):
        return {}
    young = now() - ASKED_FOR
    ids = [i.id for i in ideas if i.stage_kind in DONE and i.stage_since > young]
    if not ids:
        return {}
    query = select(Idea.id).where(
        Idea.id.in_(ids),
        Idea.hidden_at.is_(None),
        or_(_supported(reader), _is_asked(reader)),
        ~authored_by(reader.id),
        ~_answered_already(reader),
    )
    return {number: f"idea-{number}" for number in db.session.scalars(query)}


def _supported(reader: Person) -> ColumnElement[bool]:
    """Only they themselves are told: support is secret."""
    return exists().where(Vote.idea_id == Idea.id, Vote.person_id == reader.id)


def _is_asked(reader: Person) -> ColumnElement[bool]:
    headed = select(Department.id).where(Department.head_id == reader.id)
    answered = select(Representative.department_id).where(Representative.person_id == reader.id)
    theirs = or_(Answer.department_id.in_(headed), Answer.department_id.in_(answered))
    return exists().where(Answer.idea_id == Idea.id, theirs)


def _answered_already(reader: Person) -> ColumnElement[bool]:
    thanked = exists().where(
        Thanks.subject_kind == "idea",
        Thanks.subject_id == Idea.id,
        Thanks.author_id == reader.id,
    )
    not_now = exists().where(
        ThanksNotNow.subject_kind == "idea",
        ThanksNotNow.subject_id == Idea.id,
        ThanksNotNow.person_id == reader.id,
    )
    return or_(thanked, not_now)


def after_a_kept_promise(_reader: Person, kept: Sequence[Any]) -> dict[int, str]:
    """The form with the standard, and who promised, filled in. No query."""
    if not is_on("thanks"):
        return {}
    return {
        each.id: "&".join([f"for=standard-{each.id}", *(f"to=department-{d}" for d in each.by)])
        for each in kept
    }
