"""Which ideas a reader sees, as one condition that every query over ideas carries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, true

from forum.accounts.models import Person
from forum.departments.scope import Scope, scope_of
from forum.ideas.models import Answer, Idea, StageKind


def visible_to(reader: Person) -> ColumnElement[bool]:
    """Drafts to their author, hidden ones to moderators, the rest within the reader's scope."""
    mine = Idea.author_id == reader.id
    published = and_(Idea.stage_kind != StageKind.DRAFT, _not_hidden(reader))
    return or_(mine, and_(published, touches(scope_of(reader))))


def listed_for(reader: Person) -> ColumnElement[bool]:
    """As `visible_to`, but without anybody's drafts: what lists, counts and feeds show."""
    published = and_(Idea.stage_kind != StageKind.DRAFT, _not_hidden(reader))
    scope = scope_of(reader)
    if not scope.limited:
        return published
    return and_(published, or_(Idea.author_id == reader.id, touches(scope)))


def _not_hidden(reader: Person) -> ColumnElement[bool]:
    return true() if reader.moderates else Idea.hidden_at.is_(None)


def touches(scope: Scope) -> ColumnElement[bool]:
    """Ideas that affect, come from or are owned by a department of the scope."""
    if scope.departments is None:
        return true()
    ids = list(scope.departments)
    affected = exists().where(Answer.idea_id == Idea.id, Answer.department_id.in_(ids))
    return or_(affected, Idea.author_department_id.in_(ids), Idea.owner_department_id.in_(ids))
