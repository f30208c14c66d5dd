"""On pages of surveys before and after a change: for which idea they ask, and what the other one
was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.surveys.change.models import IdeaPromise
from forum.surveys.models import Purpose, Wave

TEMPLATE = "surveys/change/_on_wave.html"


class Whence(NamedTuple):
    """The ideas that the reader sees of those a survey asks for, and the surveys before it;
    `above` is where it stands."""

    ideas: Sequence[Any]
    before: Sequence[Any]
    above: bool = True


def install() -> None:
    """Fill the places on pages of surveys and of their results."""
    slots.fill("wave", slots.Panel("whence", TEMPLATE, on_waves))
    slots.fill("wave-results", slots.Panel("whence", TEMPLATE, on_results))


def on_waves(reader: Person, waves: Sequence[Wave]) -> dict[int, Whence]:
    """Two queries for a survey that asks for an idea, none for others."""
    return {
        wave.id: found
        for wave in waves
        if wave.purpose != Purpose.REGULAR and (found := _whence(reader, wave)).ideas
    }


def on_results(reader: Person, wholes: Sequence[Any]) -> dict[int, Whence]:
    """The same, beside results."""
    return on_waves(reader, [whole.wave for whole in wholes])


def _whence(reader: Person, wave: Wave) -> Whence:
    columns = (Idea.id, Idea.title, Idea.lang)
    ideas = db.session.execute(
        select(*columns).where(Idea.id == wave.idea_id, listed_for(reader))
    ).all()
    if wave.purpose != Purpose.AFTER:
        return Whence(ideas, ())
    of_idea = select(IdeaPromise.baseline_id).where(IdeaPromise.idea_id == wave.idea_id)
    before = select(Wave.id, Wave.title, Wave.lang, Wave.state).where(
        or_(Wave.id == wave.baseline_id, Wave.id.in_(of_idea))
    )
    return Whence(ideas, db.session.execute(before.order_by(Wave.closes_at, Wave.id)).all())
