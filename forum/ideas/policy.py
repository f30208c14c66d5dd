"""Who may do what to an idea they can see: pure functions, three lines each."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Kind, Person
from forum.ideas.models import VOTABLE, Idea, StageKind

EDITABLE = (StageKind.DRAFT, StageKind.OPEN)
UNSETTLED = (StageKind.OPEN, StageKind.REVIEW)


NOBODY_ELSE: Set[int] = frozenset()
"""An idea without co-authors."""


def writes(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Its author and who writes it with them."""
    return idea.author_id == person.id or person.id in co_authors


def may_edit(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Its author and co-authors, until review begins."""
    return writes(person, idea, co_authors) and idea.stage_kind in EDITABLE


def leads(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Who settles questions in its discussion: its authors and moderators."""
    return person.moderates or writes(person, idea, co_authors)


def carries_out(person: Person, idea: Idea, answers_for: Set[int]) -> bool:
    """Who answers for the department that owns it, boards apart."""
    return idea.owner_department_id in answers_for and person.kind != Kind.BOARD


def may_withdraw(person: Person, idea: Idea) -> bool:
    """Its author, until it is decided; drafts too."""
    return idea.author_id == person.id and idea.stage_kind in (*UNSETTLED, StageKind.DRAFT)


def may_vote(person: Person, idea: Idea) -> bool:
    """Everybody who sees it; whether its stage takes votes is a conflict, not a permission."""
    return person.can_sign_in


def takes_votes(idea: Idea) -> bool:
    """Only while it is open or under review."""
    return idea.stage_kind in VOTABLE


def may_comment(person: Person, idea: Idea) -> bool:
    """Everybody who sees it, in any stage but a draft and a merged one."""
    return person.can_sign_in and idea.stage_kind not in (StageKind.DRAFT, StageKind.MERGED)


def may_answer(person: Person, department_id: int, answers_for: Set[int]) -> bool:
    """Who answers for the department: its representatives and its head; boards do not answer."""
    return department_id in answers_for and person.kind != Kind.BOARD


def may_decide(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Moderators, on ideas that are not their own: to take one up, hand it back and decide it."""
    return person.moderates and not writes(person, idea, co_authors)


def may_tag_departments(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Its authors while it is open, and moderators until it is decided."""
    mine = writes(person, idea, co_authors) and idea.stage_kind == StageKind.OPEN
    return mine or (person.moderates and idea.stage_kind in UNSETTLED)


def owns(person: Person, idea: Idea, answers_for: Set[int]) -> bool:
    """Who answers for the department that carries it out, boards apart, or a moderator."""
    if idea.stage_kind != StageKind.ACCEPTED:
        return False
    return person.moderates or carries_out(person, idea, answers_for)


def may_standardise(person: Person, idea: Idea) -> bool:
    """Moderators, on accepted ideas; what became a standard already leads there instead."""
    return person.moderates and idea.stage_kind == StageKind.ACCEPTED
