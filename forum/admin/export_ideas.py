"""Ideas as the lines that `forum import ideas` reads, a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.core.texts import Text
from forum.departments.models import Department
from forum.discussion.models import Comment
from forum.ideas.imports.records import STAGES
from forum.ideas.models import Answer, Decision, Idea, IdeaTag, Tag

BATCH = 200
Lists = dict[int, list[Any]]


def idea_lines() -> Iterator[str]:
    """Every posted idea that is not hidden, oldest first. Five queries a batch."""
    last = 0
    while batch := _batch(last):
        yield from (json.dumps(line, ensure_ascii=False) + "\n" for line in _lines(batch))
        last = batch[-1][0].id


def _batch(after: int) -> Sequence[Any]:
    problem, proposal = aliased(Text), aliased(Text)
    query = (
        select(Idea, Person, problem, proposal)
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(problem, problem.id == Idea.problem_id)
        .outerjoin(proposal, proposal.id == Idea.proposal_id)
        .where(Idea.id > after, Idea.stage_kind.in_(sorted(STAGES)), Idea.hidden_at.is_(None))
        .order_by(Idea.id)
        .limit(BATCH)
    )
    return db.session.execute(query).all()


def _lines(batch: Sequence[Any]) -> Iterator[dict[str, Any]]:
    ids = [row[0].id for row in batch]
    departments, tags, decisions = _departments(ids), _tags(ids), _decisions(ids)
    comments = _comments([row[0].thread_id for row in batch])
    for idea, author, problem, proposal in batch:
        line = {
            "id": idea.source_id or str(idea.id),
            "title": idea.title,
            "problem": problem.source if problem else "",
            "proposal": proposal.source if proposal else "",
            "format": problem.format if problem else "markdown",
            "lang": idea.lang,
            "author": called(author),
            "created_at": _moment(idea.posted_at or idea.created_at),
            "stage": str(idea.stage_kind),
            "departments": departments.get(idea.id, []),
            "tags": tags.get(idea.id, []),
            "votes": idea.vote_count + idea.imported_votes,
            "comments": comments.get(idea.thread_id, []),
            "decision": decisions.get(idea.id),
        }
        yield {name: value for name, value in line.items() if value not in ("", [], None)}


def called(person: Person) -> str:
    """What an import finds somebody by again; of those who were erased only that they were here."""
    if person.erased_at is not None:
        return shown_name(person.name)
    return person.email or person.login or person.imported_from or person.name


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _departments(ids: list[int]) -> Lists:
    query = (
        select(Answer.idea_id, Department.slug)
        .join(Department, Department.id == Answer.department_id)
        .where(Answer.idea_id.in_(ids), Department.archived_at.is_(None))
        .order_by(Answer.id)
    )
    return _grouped(db.session.execute(query).all())


def _tags(ids: list[int]) -> Lists:
    query = (
        select(IdeaTag.idea_id, Tag.name)
        .join(Tag, Tag.id == IdeaTag.tag_id)
        .where(IdeaTag.idea_id.in_(ids))
        .order_by(IdeaTag.position)
    )
    return _grouped(db.session.execute(query).all())


def _grouped(rows: Sequence[Any]) -> Lists:
    groups: Lists = {}
    for key, value in rows:
        groups.setdefault(key, []).append(value)
    return groups


def _comments(threads: list[int]) -> Lists:
    query = (
        select(Comment, Person, Text)
        .join(Person, Person.id == Comment.author_id)
        .join(Text, Text.id == Comment.text_id)
        .where(Comment.thread_id.in_(threads), Comment.deleted_at.is_(None))
        .order_by(Comment.parent_id.is_not(None), Comment.id)
    )
    rows = db.session.execute(query).all()
    names = {comment.id: comment.source_id or str(comment.id) for comment, *_rest in rows}
    return _grouped(
        [
            (
                comment.thread_id,
                {
                    "id": names[comment.id],
                    "author": called(author),
                    "body": said.source,
                    "format": said.format,
                    "created_at": _moment(comment.created_at),
                    "parent": names.get(comment.parent_id or 0),
                },
            )
            for comment, author, said in rows
        ]
    )


def _decisions(ids: list[int]) -> dict[int, dict[str, Any]]:
    """The decision that stands on each."""
    query = (
        select(Decision, Person, Text)
        .outerjoin(Person, Person.id == Decision.by_id)
        .outerjoin(Text, Text.id == Decision.reason_id)
        .where(Decision.idea_id.in_(ids))
        .order_by(Decision.id)
    )
    return {
        decision.idea_id: {
            "by": called(by) if by else "",
            "reason": reason.source if reason else "",
            "at": _moment(decision.at),
        }
        for decision, by, reason in db.session.execute(query)
    }
