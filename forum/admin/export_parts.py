"""What stands around exported ideas: departments and answers, tags, comments, steps, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.names import ANONYMOUS, shown_name
from forum.core.db import db
from forum.core.texts import Text
from forum.departments.models import Department
from forum.discussion.models import Comment, CommentRevision
from forum.ideas.again.models import Condition
from forum.ideas.models import Answer, AnswerKind, Decision, Idea, IdeaTag, StageChange, StageKind
from forum.ideas.models import Tag as TagRow
from forum.ideas.stage_cards import slug_of

Line = dict[str, Any]
Lists = dict[int, list[Any]]


def parts_of(ideas: Sequence[Idea]) -> dict[str, dict[int, Any]]:
    """For each field of a line, its value by the idea's id. Six queries."""
    ids = [idea.id for idea in ideas]
    slots = _slots(ids)
    return {
        "departments": {key: [each["department"] for each in rows] for key, rows in slots.items()},
        "tags": _tags(ids),
        "comments": _comments(ids),
        "answers": {key: _given(rows) for key, rows in slots.items()},
        "steps": _steps(ids),
        "decision": _decisions(ids),
    }


def called(person: Person | None) -> str:
    """What an import finds somebody by again; of those who were erased only that they were here."""
    if person is None:
        return ""
    if person.name == ANONYMOUS:
        return ANONYMOUS
    if person.erased_at is not None:
        return shown_name(person.name)
    return person.email or person.login or person.imported_from or person.name


def moment(at: datetime | None) -> str:
    """A moment as files have it."""
    return at.isoformat() if at else ""


def without_nothing(line: Line) -> Line:
    """A line without the fields that say nothing."""
    return {name: value for name, value in line.items() if value not in ("", [], None)}


def grouped(rows: Iterable[Any]) -> Lists:
    """Lists of values by their key, out of pairs."""
    groups: Lists = {}
    for key, value in rows:
        groups.setdefault(key, []).append(value)
    return groups


def _slots(ids: list[int]) -> Lists:
    """What affected departments answered, those that were archived since too."""
    query = (
        select(Answer, Department.slug, Person, Text.source)
        .join(Department, Department.id == Answer.department_id)
        .outerjoin(Person, Person.id == Answer.by_id)
        .outerjoin(Text, Text.id == Answer.reason_id)
        .where(Answer.idea_id.in_(ids))
        .order_by(Answer.id)
    )
    return grouped(
        (answer.idea_id, _slot(answer, slug, by, reason))
        for answer, slug, by, reason in db.session.execute(query)
    )


def _slot(answer: Answer, slug: str, by: Person | None, reason: str | None) -> Line:
    return without_nothing(
        {
            "department": slug,
            "answer": str(answer.answer),
            "reason": reason,
            "by": called(by),
            "asked_at": moment(answer.asked_at),
            "at": moment(answer.answered_at),
            "due": answer.due_on.isoformat() if answer.due_on else "",
            "days": answer.allowed_days,
            "rests_since": moment(answer.paused_at),
        }
    )


def _given(slots: list[Line]) -> list[Line]:
    """What says more than that a department is asked: an answer, or its last day."""
    return [slot for slot in slots if slot["answer"] != AnswerKind.WAITING or "due" in slot]


def _tags(ids: list[int]) -> Lists:
    query = (
        select(IdeaTag.idea_id, TagRow.name)
        .join(TagRow, TagRow.id == IdeaTag.tag_id)
        .where(IdeaTag.idea_id.in_(ids))
        .order_by(IdeaTag.position)
    )
    return grouped((row[0], row[1]) for row in db.session.execute(query))


LAST_WORDING = (
    select(func.coalesce(func.max(CommentRevision.number), 1))
    .where(CommentRevision.comment_id == Comment.id)
    .correlate(Comment)
    .scalar_subquery()
)


def _comments(ids: list[int]) -> Lists:
    query = (
        select(Idea.id, Comment, Person, Text, Department.slug, LAST_WORDING)
        .join(Comment, Comment.thread_id == Idea.thread_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Text, Text.id == Comment.text_id)
        .outerjoin(Department, Department.id == Comment.side_department_id)
        .where(Idea.id.in_(ids), Comment.deleted_at.is_(None))
        .order_by(Comment.parent_id.is_not(None), Comment.id)
    )
    rows = db.session.execute(query).all()
    names = _names([(idea_id, comment) for idea_id, comment, *_rest in rows])
    return grouped(
        (
            idea_id,
            {
                "id": names[comment.id],
                "author": called(author),
                "body": said.source,
                "format": said.format,
                "created_at": moment(comment.created_at),
                "parent": names.get(comment.parent_id or 0),
                "revision": number if number > 1 else None,
                **_marks(comment, home),
            },
        )
        for idea_id, comment, author, said, home, number in rows
    )


def _marks(comment: Comment, home: str | None) -> Line:
    """What a comment is besides its words."""
    marks = {
        "hidden": True if comment.hidden_at else None,
        "official_at": moment(comment.official_at),
        "question": comment.question,
        "side": comment.side,
        "department": home,
    }
    return without_nothing(marks)


def _names(comments: list[tuple[int, Comment]]) -> dict[int, str]:
    """What comments are called: the source's id, else their own, marked if that is taken.

    A merge may bring two together that their sources call the same: the later one gets its own.
    """
    taken: dict[tuple[int, str | None], int] = {}
    for idea_id, comment in sorted(comments, key=lambda pair: pair[1].id):
        taken.setdefault((idea_id, comment.source_id), comment.id)
    names: dict[int, str] = {}
    for idea_id, comment in comments:
        first = taken.get((idea_id, comment.source_id or str(comment.id)), comment.id)
        own = f"own-{comment.id}" if first != comment.id else str(comment.id)
        names[comment.id] = comment.source_id if comment.source_id and first == comment.id else own
    return names


def _steps(ids: list[int]) -> Lists:
    """How each came to its stage; that it was posted goes without saying."""
    query = (
        select(StageChange, Person)
        .outerjoin(Person, Person.id == StageChange.by_id)
        .where(StageChange.idea_id.in_(ids))
        .order_by(StageChange.id)
    )
    return grouped(
        (
            step.idea_id,
            without_nothing(
                {
                    "stage": slug_of(step.to_kind, step.stage_id),
                    "by": called(by),
                    "at": moment(step.at),
                }
            ),
        )
        for step, by in db.session.execute(query)
        if not (step.from_kind == StageKind.DRAFT and step.to_kind == StageKind.OPEN)
    )


def _decisions(ids: list[int]) -> dict[int, Line]:
    """The decision that stands on each."""
    reason, revisit = aliased(Text), aliased(Text)
    query = (
        select(Decision, Person, reason.source, revisit.source, Department.slug, Condition)
        .outerjoin(Person, Person.id == Decision.by_id)
        .outerjoin(reason, reason.id == Decision.reason_id)
        .outerjoin(revisit, revisit.id == Decision.revisit_id)
        .outerjoin(Department, Department.id == Decision.owner_department_id)
        .outerjoin(Condition, Condition.decision_id == Decision.id)
        .where(Decision.idea_id.in_(ids))
        .order_by(Decision.id)
    )
    return {row[0].idea_id: _decision(*row) for row in db.session.execute(query)}


def _decision(
    decision: Decision,
    by: Person | None,
    reason: str,
    revisit: str,
    owner: str | None,
    condition: Condition | None,
) -> Line:
    return without_nothing(
        {
            "by": called(by),
            "reason": reason,
            "at": moment(decision.at),
            "decision": decision.decision,
            "reason_code": decision.reason_code,
            "revisit": revisit,
            "owner": owner,
            "due": decision.due_on.isoformat() if decision.due_on else "",
            "override": True if decision.override else None,
            "confirmed_at": moment(decision.confirmed_at),
            **(_condition(condition) if condition is not None else {}),
        }
    )


def _condition(condition: Condition) -> Line:
    """What brings a declined idea back; who still needs it is a secret that stays here."""
    return {
        "again_on": condition.on_day.isoformat() if condition.on_day else "",
        "again_departments": condition.departments,
        "came_back_at": moment(condition.met_at),
        "left_at": moment(condition.answered_at),
    }
