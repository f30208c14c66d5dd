"""Moving an idea to another stage from a board: which ways are open to whom, and going one."""

from __future__ import annotations

from typing import Any, NamedTuple

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import transaction
from forum.core.errors import Conflict
from forum.ideas import policy, stages, transitions
from forum.ideas.models import Idea, StageKind


class Way(NamedTuple):
    """A stage an idea may go to; one that asks for words leads to the idea's page."""

    slug: str
    kind: str
    label: str
    asks: bool


def ways(person: Person, idea: Any) -> list[Way]:
    """Where this person may move an idea, in the order of the stages. No query."""
    if not _may_move(person, idea):
        return []
    kinds = {
        **dict.fromkeys(transitions.ONE_TAP.get(idea.stage_kind, ()), False),
        **dict.fromkeys(transitions.WITH_WORDS.get(idea.stage_kind, ()), True),
    }
    ordered = (kind for kind in StageKind if kind in kinds)
    return [Way(str(kind), str(kind), stages.name_of(kind), kinds[kind]) for kind in ordered]


def _may_move(person: Person, idea: Any) -> bool:
    if idea.stage_kind == StageKind.ACCEPTED:
        return policy.may_standardise(person, idea)
    return policy.may_decide(person, idea)


def asks_for_words(idea: Idea, kind: str) -> bool:
    """Whether this step is taken on the idea's page."""
    return kind in transitions.WITH_WORDS.get(idea.stage_kind, ())


def move_to(person: Person, idea: Idea, kind: StageKind) -> None:
    """Take a step that asks for nothing; already there is the same. Conflict says why not."""
    require(policy.may_decide(person, idea))
    if idea.stage_kind == kind:
        return
    if kind not in transitions.ONE_TAP.get(idea.stage_kind, ()):
        raise Conflict(transitions.refusal(idea.stage_kind, kind))
    with transaction():
        stages.move(idea, kind, by=person, allowed=[StageKind(idea.stage_kind)])
