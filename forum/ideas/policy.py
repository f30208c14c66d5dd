"""Who may do what to an idea they can see: pure functions, three lines each."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Kind, Person
from forum.ideas.models import VOTABLE, Idea, StageKind

EDITABLE = (StageKind.DRAFT, StageKind.OPEN)
UNSETTLED = (StageKind.OPEN, StageKind.REVIEW)


def may_edit(person: Person, idea: Idea) -> bool:
    """Its author, until review begins."""
    return idea.author_id == person.id and idea.stage_kind in EDITABLE


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


def may_decide(person: Person, idea: Idea) -> bool:
    """Moderators, on ideas that are not their own: to take one up, hand it back and decide it."""
    return person.moderates and idea.author_id != person.id


def may_step(person: Person, idea: Idea, who: Set[str], *, heads: bool) -> bool:
    """Those whom a stage lets in or out: moderators, heads of affected departments, its author."""
    return (
        ("moderators" in who and may_decide(person, idea))
        or ("heads" in who and heads and person.kind != Kind.BOARD)
        or ("author" in who and idea.author_id == person.id)
    )


def may_tag_departments(person: Person, idea: Idea) -> bool:
    """Its author while it is open, and moderators until it is decided."""
    mine = idea.author_id == person.id and idea.stage_kind == StageKind.OPEN
    return mine or (person.moderates and idea.stage_kind in UNSETTLED)


def owns(person: Person, idea: Idea, answers_for: Set[int]) -> bool:
    """Who answers for the department that carries it out, boards apart, or a moderator."""
    if idea.stage_kind != StageKind.ACCEPTED:
        return False
    answers = idea.owner_department_id in answers_for and person.kind != Kind.BOARD
    return person.moderates or answers


def may_standardise(person: Person, idea: Idea) -> bool:
    """Moderators, on accepted ideas; what became a standard already leads there instead."""
    return person.moderates and idea.stage_kind == StageKind.ACCEPTED
