"""The relay: through it a department asks an author whom it does not know, and is answered once.

An author comes with the secret that they keep, or, where moderators may know them, signed in. What
they say is a comment of nobody's, of the day, but no earlier than the question it answers.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.accounts.nobody import nobody
from forum.core import richtext
from forum.core.access import require
from forum.core.calendar import start_of_day
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import lazy
from forum.discussion.actions import add_comment, record_comment
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas import clock, facts, policy, stages
from forum.ideas.anonymous.models import AnonymousAuthor
from forum.ideas.anonymous.policy import may_learn, may_withdraw
from forum.ideas.anonymous.posting import refuse_files
from forum.ideas.models import Answer, Idea, Question, StageKind

EMPTY = lazy("Write an answer first.")
USED = lazy("This question is answered already, or not open any more.")
DECIDED = lazy("This idea is decided and cannot be withdrawn any more.")


def answer(idea: Idea, question_id: int, body: str) -> int:
    """Answer a department's question, once; its time runs again. Returns the comment's id.

    Whoever calls has found the idea by what its author has (`queries`).
    """
    if not body.strip():
        raise Invalid(EMPTY, field="answer")
    refuse_files(body, field="answer")
    composed = richtext.compose(body)
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED, conflict=USED)
        question = _asked(idea, question_id)
        at = max(start_of_day(), question.at)
        _close(question, at)
        said = add_comment(nobody(), idea.thread_id, composed, parent_id=question.comment_id, at=at)
        counted = {"comment_count": Idea.comment_count + 1}
        db.session.execute(update(Idea).where(Idea.id == idea.id).values(**counted))
        record_comment(None, said, composed, at=at)
        about, department = ("idea", idea.id), question.department_id
        record(facts.AUTHOR_ANSWERED, by=None, at=at, about=about, department=department)
    return said.id


def _asked(idea: Idea, question_id: int) -> Question:
    query = (
        select(Question)
        .join(Answer, Answer.id == Question.answer_id)
        .join(Comment, Comment.id == Question.comment_id)
        .where(Question.id == question_id, Answer.idea_id == idea.id, standing())
    )
    question = db.session.scalars(query).first()
    if question is None:
        raise NotFound
    return question


def _close(question: Question, at: datetime) -> None:
    """Claim the question, so that it is answered once, and let the department's time run."""
    still = (Question.id == question.id, Question.closed_at.is_(None))
    claimed = db.session.execute(update(Question).where(*still).values(closed_at=at))
    if not claimed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(USED)
    slot = db.session.get_one(Answer, question.answer_id, populate_existing=True)
    if slot.paused_at is not None:
        going = update(Answer).where(Answer.id == slot.id).values(**clock.go_on(slot))
        db.session.execute(going)


def withdraw(idea: Idea) -> None:
    """Take the idea back; it stays readable, marked as withdrawn. Again is the same."""
    if idea.stage_kind == StageKind.WITHDRAWN:
        return
    if not may_withdraw(idea):
        raise Conflict(DECIDED)
    with transaction():
        at = max(start_of_day(), idea.stage_since)
        stages.move(idea, StageKind.WITHDRAWN, by=None, allowed=policy.UNSETTLED, at=at)
        record(facts.WITHDRAWN, by=None, at=at, about=("idea", idea.id))


def author_of(moderator: Person, idea: Idea) -> Person | None:
    """Who posted it, for a moderator, with a privileged event; None where they were erased."""
    require(may_learn(moderator, idea))
    with transaction():
        record(facts.AUTHOR_READ, by=moderator, about=("idea", idea.id))
    query = select(Person).join(AnonymousAuthor, AnonymousAuthor.person_id == Person.id)
    return db.session.scalars(query.where(AnonymousAuthor.idea_id == idea.id)).first()
