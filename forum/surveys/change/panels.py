"""Before and after on the pages of ideas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core import slots
from forum.core.modules import is_on
from forum.departments.queries import answers_for
from forum.surveys.change import again, phrases, policy, queries
from forum.surveys.policy import may_see


def install() -> None:
    """Fill the places on pages of ideas."""
    slots.fill("idea-outcome", slots.Panel("change", "surveys/change/_on_idea.html", on_ideas))
    slots.fill("beside-idea", slots.Panel("promise", "surveys/change/_beside.html", ways))


def on_ideas(reader: Person, ideas: Sequence[Any]) -> dict[int, phrases.Shown]:
    """What ideas promised and what came of it. One query, five more where it was not drawn before,
    two more where a survey for it is missing, none while the module is off."""
    asked = [idea.id for idea in ideas if idea.stage_kind in policy.PROMISES]
    if not asked or not is_on("surveys") or not may_see(reader):
        return {}
    found = phrases.shown(asked)
    lacking = [number for number, each in found.items() if each.change.lacks_a_survey]
    cancelled = again.told(reader, lacking)
    return {
        number: each._replace(cancelled=cancelled.get(number, ())) for number, each in found.items()
    }


def ways(reader: Person, ideas: Sequence[Any]) -> dict[int, bool]:
    """The way to promise something, for who may. One query, one more for who may unless it is
    measured; none while the module is off."""
    asked = [idea for idea in ideas if idea.stage_kind in policy.PROMISES]
    if not asked or not is_on("surveys") or not may_see(reader):
        return {}
    ours = answers_for(reader.id)
    theirs = [i.id for i in asked if policy.may_promise(reader, i, ours, measured=False)]
    measured = queries.measured(theirs) if theirs else frozenset[int]()
    return {number: True for number in theirs if number not in measured}
