"""Who may do what to an idea they can see: pure functions, three lines each."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Kind, Person
from forum.ideas import deciding
from forum.ideas.models import VOTABLE, Idea, StageKind

EDITABLE = (StageKind.DRAFT, StageKind.OPEN)
UNSETTLED = (StageKind.OPEN, StageKind.REVIEW)


NOBODY_ELSE: Set[int] = frozenset()
"""An idea without co-authors."""


def writes(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Its author and who writes it with them."""
    return idea.author_id == person.id or person.id in co_authors


def may_edit(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Its author and co-authors, until review begins; not in the trash."""
    theirs = writes(person, idea, co_authors) and idea.trashed_at is None
    return theirs and idea.stage_kind in EDITABLE


def is_rewritable(idea: Idea, *, shared: bool) -> bool:
    """Whether anybody may change its text: of an idea without a name only its co-authors."""
    return not idea.anonymous or shared


def leads(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Who settles questions in its discussion: its authors and moderators."""
    return writes(person, idea, co_authors) or moderates(person, idea)


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
    """Only while it is open or under review, and not in the trash."""
    return idea.stage_kind in VOTABLE and idea.trashed_at is None


def may_comment(person: Person, idea: Idea) -> bool:
    """Everybody who sees it, in any stage but a draft and a merged one, unless it is locked."""
    closed = idea.locked_at is not None or idea.trashed_at is not None
    talked_of = idea.stage_kind not in (StageKind.DRAFT, StageKind.MERGED)
    return person.can_sign_in and talked_of and not closed


def may_answer(person: Person, department_id: int, answers_for: Set[int]) -> bool:
    """Who answers for the department: its representatives and its head; boards do not answer."""
    return department_id in answers_for and person.kind != Kind.BOARD


def may_decide(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """To take an idea up, hand it back and decide it: nobody on their own; moderators within their
    reach; where the company wants it the head of the only department it affects."""
    if writes(person, idea, co_authors):
        return False
    return deciding.acts_on(person, idea.id) or deciding.heads_it_alone(person, idea)


def may_step(
    person: Person,
    idea: Idea,
    who: Set[str],
    *,
    heads: bool,
    co_authors: Set[int] = NOBODY_ELSE,
) -> bool:
    """Those whom a stage lets in or out: moderators, heads of affected departments, its authors."""
    return (
        ("moderators" in who and may_decide(person, idea, co_authors))
        or ("heads" in who and heads and person.kind != Kind.BOARD)
        or ("author" in who and writes(person, idea, co_authors))
    )


def may_tag_departments(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Its authors while it is open, and moderators until it is decided."""
    mine = writes(person, idea, co_authors) and idea.stage_kind == StageKind.OPEN
    return mine or (idea.stage_kind in UNSETTLED and moderates(person, idea))


def moderates(person: Person, idea: Idea) -> bool:
    """Moderators, where they act."""
    return deciding.acts_on(person, idea.id)


def may_show_again(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Moderators where they act, but nobody what they wrote: another one looks at it."""
    return moderates(person, idea) and not writes(person, idea, co_authors)


def owns(person: Person, idea: Idea, answers_for: Set[int]) -> bool:
    """Who answers for the department that carries it out, boards apart, or a moderator."""
    if idea.stage_kind != StageKind.ACCEPTED:
        return False
    return carries_out(person, idea, answers_for) or moderates(person, idea)


def may_standardise(person: Person, idea: Idea) -> bool:
    """Moderators, on accepted ideas; what became a standard already leads there instead."""
    return idea.stage_kind == StageKind.ACCEPTED and moderates(person, idea)
