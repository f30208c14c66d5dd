"""What a comment is besides its words: an official update, a question, something on a side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import EventType, record
from forum.discussion import facts, policy
from forum.discussion.models import Comment, Question, Side
from forum.discussion.subjects import SUBJECTS

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a writer says their comment is."""

    official: bool = False
    question: bool = False
    side: str = ""


PLAIN = Marks()


def columns_of(
    author: Person, kind: str, subject: object, marks: Marks, *, before: Comment | None = None
) -> Values:
    """A comment's columns with these marks; what was marked before stays as it was.

    Refused is an official update of somebody who does not speak for the subject.
    """
    was = before or Comment(question="", side="")
    if marks.official and was.official_at is None:
        require(SUBJECTS[kind].speaks(author, subject))
    side = marks.side if marks.side in frozenset(Side) and SUBJECTS[kind].takes_sides else ""
    kept = was.side_department_id if side == was.side else author.department_id
    return {
        "official_at": (was.official_at or now()) if marks.official else None,
        "question": (was.question or Question.OPEN) if marks.question else "",
        "side": side,
        "side_department_id": kept if side else None,
    }


def record_official(author: Person, target: Comment, values: Values) -> None:
    """Tell the log when an edit made a comment an official update, or a plain one again."""
    if bool(values["official_at"]) != bool(target.official_at):
        made = facts.MADE_OFFICIAL if values["official_at"] else facts.MADE_PLAIN
        record(made, by=author, about=("comment", target.id), thread=target.thread_id)


def make_plain(person: Person, kind: str, subject: object, target: Comment) -> None:
    """Take the mark of an official update away; twice is the same as once."""
    _require_mark(person, kind, subject, target)
    _turn(person, target, facts.MADE_PLAIN, was=Comment.official_at.is_not(None), official_at=None)


def make_official(person: Person, kind: str, subject: object, target: Comment) -> None:
    """Mark a comment of who speaks for its subject; twice is the same as once."""
    writer = db.session.get_one(Person, target.author_id)
    _require_mark(person, kind, subject, target)
    require(SUBJECTS[kind].speaks(writer, subject))
    at: datetime = now()
    _turn(person, target, facts.MADE_OFFICIAL, was=Comment.official_at.is_(None), official_at=at)


def _require_mark(person: Person, kind: str, subject: object, target: Comment) -> None:
    curates = SUBJECTS[kind].curates(person, subject)
    require(policy.may_take_mark(person, target, curates=curates))


def resolve(person: Person, kind: str, subject: object, target: Comment) -> None:
    """Say that a question is answered; twice is the same as once."""
    require(policy.may_resolve(person, target, leads=SUBJECTS[kind].leads(person, subject)))
    was = Comment.question == Question.OPEN
    _turn(person, target, facts.RESOLVED, was=was, question=Question.RESOLVED)


def reopen(person: Person, kind: str, subject: object, target: Comment) -> None:
    """Undo: the question is open again."""
    require(policy.may_resolve(person, target, leads=SUBJECTS[kind].leads(person, subject)))
    was = Comment.question == Question.RESOLVED
    _turn(person, target, facts.REOPENED, was=was, question=Question.OPEN)


def _turn(person: Person, target: Comment, fact: EventType, *, was: Any, **values: Any) -> None:
    here = (Comment.id == target.id, Comment.deleted_at.is_(None), was)
    with transaction():
        turned = db.session.execute(update(Comment).where(*here).values(**values))
        if turned.rowcount:  # type: ignore[attr-defined]
            record(fact, by=person, about=("comment", target.id), thread=target.thread_id)
