"""Who reads which thank-yous, as one condition that every query over them carries.

Whom one is to, and who said it, read it whatever it is for; everybody else only a public one, for a
thing they see themselves. Who is thanked in a department are its people, its head and whoever
represents it; in one that was merged or archived, those who belonged to it when it was thanked.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from forum.accounts.models import Kind, Person, Role
from forum.departments.models import Department, Membership, Representative
from forum.departments.scope import scope_of
from forum.departments.visibility import people_visible_to
from forum.ideas.anonymous.models import AnonymousAuthor
from forum.thanks.models import Thanks, ThanksTo
from forum.thanks.subjects import is_seen


def visible_to(reader: Person, only: str = "") -> ColumnElement[bool]:
    """What a reader may read; a hidden one is for who said it, and, were it public, moderators.
    `only` is the kind of thing that the query's thank-yous are for, where all are for one."""
    theirs = or_(addressed_to(reader), and_(Thanks.private.is_(False), _public(reader, only)))
    shown: ColumnElement[bool] = Thanks.hidden_at.is_(None)
    if reader.moderates:
        shown = or_(shown, Thanks.private.is_(False))
    said = Thanks.author_id == reader.id
    return and_(Thanks.withdrawn_at.is_(None), or_(said, and_(shown, theirs)))


def listed_for(reader: Person) -> ColumnElement[bool]:
    """The same for panels on pages of people and departments: public and not hidden."""
    return and_(
        Thanks.withdrawn_at.is_(None),
        Thanks.hidden_at.is_(None),
        Thanks.private.is_(False),
        _public(reader),
    )


def told_to_all() -> ColumnElement[bool]:
    """What everybody reads who works here: public, and for what is not hidden."""
    return listed_for(colleague())


@cache
def colleague() -> Person:
    """Somebody who works here and nobody in particular: what they see, everybody sees who has no
    limit."""
    return Person(id=0, kind=Kind.STAFF, role=Role.EMPLOYEE)


def addressed_to(reader: Person) -> ColumnElement[bool]:
    """Whether it is to the reader, their departments, or to them as an author without a name."""
    to_them = exists().where(
        ThanksTo.thanks_id == Thanks.id,
        or_(
            ThanksTo.person_id == reader.id,
            and_(ThanksTo.person_id.is_(None), _is_theirs(reader, ThanksTo.department_id)),
        ),
    )
    unsigned = exists().where(
        AnonymousAuthor.idea_id == Thanks.subject_id, AnonymousAuthor.person_id == reader.id
    )
    return or_(to_them, and_(Thanks.everyone, Thanks.subject_kind == "idea", unsigned))


def _is_theirs(reader: Person, column: Any) -> ColumnElement[bool]:
    headed = select(Department.id).where(Department.head_id == reader.id)
    answered = select(Representative.department_id).where(Representative.person_id == reader.id)
    own = func.coalesce(reader.department_id, 0)
    return or_(column == own, column.in_(headed), column.in_(answered), _was_theirs(reader, column))


def _was_theirs(reader: Person, column: Any) -> ColumnElement[bool]:
    """Whether it is a department that is no more, and that they belonged to when it was thanked."""
    there = exists().where(
        Membership.person_id == reader.id,
        Membership.department_id == column,
        Membership.since <= Thanks.at,
        Membership.until >= Thanks.at,
        Department.id == column,
        Department.archived_at.is_not(None),
    )
    # It stands two levels within a query for thanks: by itself it would ask for any thank-you.
    return there.correlate(Thanks, ThanksTo)


def _public(reader: Person, only: str = "") -> ColumnElement[bool]:
    return and_(is_seen(reader, only), _within(reader))


def _within(reader: Person) -> ColumnElement[bool]:
    """For a consultant: what names nobody, and no department, that they do not see."""
    scope = scope_of(reader)
    if scope.departments is None:
        return true()
    seen = people_visible_to(reader)
    author = exists().where(Person.id == Thanks.author_id, seen).correlate(Thanks)
    people = exists().where(Person.id == ThanksTo.person_id, seen).correlate(ThanksTo)
    unseen = or_(
        and_(ThanksTo.person_id.is_not(None), ThanksTo.named, ~people),
        and_(
            ThanksTo.person_id.is_(None), ThanksTo.department_id.not_in(sorted(scope.departments))
        ),
    )
    return and_(author, ~exists().where(ThanksTo.thanks_id == Thanks.id, unseen))
