"""Who may write together with whom."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Kind, Person
from forum.ideas import policy
from forum.ideas.models import Idea, StageKind

SHARED = tuple(
    kind
    for kind in StageKind
    if kind not in (StageKind.DRAFT, StageKind.MERGED, StageKind.WITHDRAWN)
)
"""Stages in which somebody may still come to write an idea too."""
SUMMARISED = tuple(k for k in StageKind if k not in (StageKind.DRAFT, StageKind.MERGED))
"""Stages in which somebody may still say an idea in short."""


def may_share(person: Person, idea: Idea) -> bool:
    """Its author alone asks others to write it too, once it is posted."""
    return idea.author_id == person.id and idea.stage_kind in SHARED


def may_suggest(
    person: Person, idea: Idea, co_authors: Set[int] = policy.NOBODY_ELSE, *, shared: bool
) -> bool:
    """Whoever may comment, while the text may change and somebody is there to take it; its authors
    edit it themselves. `shared`: it has co-authors."""
    changes = idea.stage_kind == StageKind.OPEN and policy.is_rewritable(idea, shared=shared)
    outside = not policy.writes(person, idea, co_authors)
    return changes and outside and policy.may_comment(person, idea)


def may_settle(person: Person, idea: Idea, co_authors: Set[int] = policy.NOBODY_ELSE) -> bool:
    """Its authors take or leave what others suggest."""
    return policy.writes(person, idea, co_authors)


def may_summarise(person: Person, idea: Idea) -> bool:
    """Whoever may comment; of a merged idea nobody reads a summary."""
    return policy.may_comment(person, idea)


def may_adopt(person: Person, department_id: int, answers_for: Set[int]) -> bool:
    """Who answers for a department; boards do not."""
    return department_id in answers_for and person.kind != Kind.BOARD
