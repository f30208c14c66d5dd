"""The way from an idea to its scorecard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.core.modules import is_on
from forum.ideas.models import StageKind
from forum.ideas.together.queries import authors_by_idea
from forum.scorecards import policy
from forum.scorecards.models import Expert


def install() -> None:
    """Fill the slot beside ideas."""
    slots.fill("beside-idea", slots.Panel("scorecards", "scorecards/_beside.html", beside))


def beside(reader: Person, ideas: Sequence[Any]) -> dict[int, bool]:
    """For moderators and experts, whether it waits for them. One query, and one more for who writes
    them; none when it is off."""
    if not is_on("scorecards"):
        return {}
    ids = [idea.id for idea in ideas if idea.stage_kind != StageKind.DRAFT]
    query = select(Expert).where(Expert.person_id == reader.id, Expert.idea_id.in_(ids))
    mine = {expert.idea_id: expert for expert in db.session.scalars(query)}
    writers = authors_by_idea(ids) if mine or reader.moderates else {}
    shown: dict[int, bool] = {}
    for idea in ideas:
        expert, beside = mine.get(idea.id), frozenset(writers.get(idea.id, ()))
        if idea.id in ids and policy.may_open_card(reader, idea, expert, beside):
            shown[idea.id] = policy.may_rate(reader, idea, expert, beside)
    return shown
