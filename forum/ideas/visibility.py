"""Which ideas a reader sees, as one condition that every query over ideas carries.

The conditions take plain values, or bind parameters so that a hot page can build its statement once
(see `READER`, `SCOPE` and `parameters_for`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select, true

from forum.accounts.models import Person
from forum.departments.scope import Scope, scope_of
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Answer, Idea, StageKind

READER: BindParameter[int] = bindparam("reader_id", type_=Idea.id.type)
SCOPE: BindParameter[Any] = bindparam("scope_ids", expanding=True, type_=Idea.id.type)


def visible_to(reader: Person) -> ColumnElement[bool]:
    """Drafts to their author, hidden ones to who writes them too and to moderators, the rest
    within the reader's scope."""
    return visible(reader.id, _ids(scope_of(reader)), moderates=reader.moderates)


def listed_for(reader: Person) -> ColumnElement[bool]:
    """As `visible_to`, but without drafts and the trash: what lists, counts and feeds show."""
    return listed(reader.id, _ids(scope_of(reader)), moderates=reader.moderates)


def visible(reader_id: Any, scope: Any, *, moderates: bool) -> ColumnElement[bool]:
    """`visible_to` over a reader's id and scope; a scope of None is no limit."""
    beside = exists().where(IdeaAuthor.idea_id == Idea.id, IdeaAuthor.person_id == reader_id)
    shown = _published(True)
    if not moderates:
        shown = and_(shown, or_(Idea.hidden_at.is_(None), beside))
    return or_(Idea.author_id == reader_id, and_(shown, _touches(scope)))


def listed(reader_id: Any, scope: Any, *, moderates: bool) -> ColumnElement[bool]:
    """`listed_for` over a reader's id and scope."""
    kept = (
        and_(_published(moderates), Idea.trashed_at.is_(None)) if moderates else _published(False)
    )
    if scope is None:
        return kept
    return and_(kept, or_(Idea.author_id == reader_id, _touches(scope)))


def parameters_for(reader: Person) -> dict[str, Any]:
    """Values for `READER` and, where the reader's scope is limited, `SCOPE`."""
    scope = _ids(scope_of(reader))
    return {"reader_id": reader.id, **({} if scope is None else {"scope_ids": scope})}


def touches(scope: Scope) -> ColumnElement[bool]:
    """Ideas that affect, come from or are owned by a department of the scope."""
    return _touches(_ids(scope))


def _published(moderates: bool) -> ColumnElement[bool]:
    posted = Idea.stage_kind != StageKind.DRAFT
    return posted if moderates else and_(posted, Idea.hidden_at.is_(None))


def _touches(scope: Any) -> ColumnElement[bool]:
    if scope is None:
        return true()
    slots = select(Answer.id).where(Answer.idea_id == Idea.id, Answer.department_id.in_(scope))
    # The question is about this idea's slots even where the page itself lists answers.
    affected = slots.correlate(Idea).exists()
    return or_(affected, Idea.author_department_id.in_(scope), Idea.owner_department_id.in_(scope))


def _ids(scope: Scope) -> Sequence[int] | None:
    return None if scope.departments is None else sorted(scope.departments)
