"""A department asks the author before it answers, and asks again after a change was taken up.

A question is a comment under the idea. From then on the department's time rests, until the author
comments, edits, or says that it is answered; or until the department answers all the same.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select, update

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.discussion.actions import add_comment, record_comment
from forum.discussion.models import Comment
from forum.ideas import clock, facts, policy, stages
from forum.ideas.anonymous.queries import is_reachable
from forum.ideas.models import Answer, AnswerKind, AnswerRevision, Idea, Question
from forum.ideas.together.queries import co_authors_of

ANSWERED = lazy("Your department has answered already; revise that answer instead.")
ONCE = lazy("Your department has asked the author once already. Answer now, or comment.")
YOURS = lazy("This idea is your own: there is nobody else to ask.")
UNKNOWN = lazy("Nobody can be asked: this idea’s author left no way to be reached.")
NOT_ASKED = lazy("This department asks for no change any more.")
UNCHANGED = lazy("Change the text first; then the department is asked again.")


def ask_author(person: Person, idea: Idea, slot: Answer, *, question: str) -> int:
    """Ask the author, once for a slot; its time rests. Returns the comment's id.

    The slot is one that the person answers for (`answers.slot_for`).
    """
    if not question.strip():
        raise Invalid(_("Write what you want to know."), field="question")
    if policy.writes(person, idea, co_authors_of(person, idea)):
        raise Conflict(YOURS)
    if not is_reachable(idea):
        raise Conflict(UNKNOWN)
    if slot.answer != AnswerKind.WAITING:
        raise Conflict(ANSWERED)
    composed = richtext.compose(question)
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED, active_at=now())
        _check_first(slot)
        held = (Answer.id == slot.id, Answer.department_id == slot.department_id, clock.runs())
        resting = update(Answer).where(*held).values(**clock.rest())
        if not db.session.execute(resting).rowcount:  # type: ignore[attr-defined]
            raise Conflict(stages.MOVED_ON)
        asked = add_comment(person, idea.thread_id, composed, parent_id=None)
        counted = {"comment_count": Idea.comment_count + 1}
        db.session.execute(update(Idea).where(Idea.id == idea.id).values(**counted))
        _keep(person, slot, asked)
        record_comment(person, asked, composed, asks=True)
        about, department = ("idea", idea.id), slot.department_id
        record(facts.ASKED_AUTHOR, by=person, about=about, department=department)
    return asked.id


def _check_first(slot: Answer) -> None:
    asked = select(Question.id).where(
        Question.answer_id == slot.id, Question.department_id == slot.department_id
    )
    if db.session.scalar(asked) is not None:
        raise Conflict(ONCE)


def _keep(person: Person, slot: Answer, asked: Comment) -> None:
    kept = Question(
        answer_id=slot.id,
        department_id=slot.department_id,
        comment_id=asked.id,
        by_id=person.id,
        at=asked.created_at,
    )
    db.session.add(kept)
    db.session.flush()


def say_answered(author: Person, idea: Idea, department_id: int) -> None:
    """An author says that a question is answered, wherever that was; again is the same."""
    require(policy.writes(author, idea, co_authors_of(author, idea)))
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED)
        _resume(idea, author, Answer.department_id == department_id)


def author_spoke(idea: Idea, author: Person) -> None:
    """What rests because the author was asked runs again, in the open write."""
    _resume(idea, author)


def without_deleted(idea: Idea, by: Person) -> None:
    """What rests for a question that was deleted runs again, in the open write."""
    gone = (
        select(Question.answer_id)
        .join(Comment, Comment.id == Question.comment_id)
        .where(Question.closed_at.is_(None), Comment.deleted_at.is_not(None))
    )
    _resume(idea, by, Answer.id.in_(gone))


def _resume(idea: Idea, by: Person, *which: ColumnElement[bool]) -> None:
    resting = select(Answer).where(Answer.idea_id == idea.id, Answer.paused_at.is_not(None), *which)
    for slot in list(db.session.scalars(resting.execution_options(populate_existing=True))):
        still = (Answer.id == slot.id, Answer.paused_at == slot.paused_at)
        going = update(Answer).where(*still).values(**clock.go_on(slot))
        if db.session.execute(going).rowcount:  # type: ignore[attr-defined]
            close(slot.id)
            about, department = ("idea", idea.id), slot.department_id
            record(facts.AUTHOR_ANSWERED, by=by, about=about, department=department)


def close(slot_id: int) -> None:
    """A slot's open question is open no longer, in the open write."""
    open_one = update(Question).where(Question.answer_id == slot_id, Question.closed_at.is_(None))
    db.session.execute(open_one.values(closed_at=now()))


def ask_anew(idea: Idea) -> None:
    """The turn of every department that has not answered begins again, in the open write."""
    waiting = (Answer.idea_id == idea.id, Answer.answer == AnswerKind.WAITING)
    open_ones = Question.answer_id.in_(select(Answer.id).where(*waiting))
    closed = update(Question).where(open_ones, Question.closed_at.is_(None))
    again = update(Answer).where(*waiting).values(revision=idea.revision, **clock.begin())
    for query in (closed.values(closed_at=now()), again):
        db.session.execute(query.execution_options(synchronize_session=False))


def take_up(author: Person, idea: Idea, department_id: int) -> None:
    """An author has changed what a department asked to change: it is asked again.

    The slot waits with a clock of its own; what it said before stays in its history. Conflict
    while the text is the one that the department answered.
    """
    require(policy.writes(author, idea, co_authors_of(author, idea)))
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED, active_at=now())
        slot = db.session.scalars(_asks_for_change(idea, department_id)).first()
        if slot is None:
            raise Conflict(NOT_ASKED)
        if slot.revision >= idea.revision:
            raise Conflict(UNCHANGED)
        _ask_again(slot, idea, author)


def _asks_for_change(idea: Idea, department_id: int) -> Select[Answer]:
    return (
        select(Answer)
        .where(
            Answer.idea_id == idea.id,
            Answer.department_id == department_id,
            Answer.answer == AnswerKind.NEEDS_CHANGE,
        )
        .execution_options(populate_existing=True)
    )


def _ask_again(slot: Answer, idea: Idea, author: Person) -> None:
    at = now()
    unsaid = {"answer": AnswerKind.WAITING, "reason_id": None, "by_id": None, "answered_at": None}
    waits = update(Answer).where(Answer.id == slot.id, Answer.answer == AnswerKind.NEEDS_CHANGE)
    values = {**unsaid, "revision": idea.revision, **clock.begin(at)}
    if not db.session.execute(waits.values(**values)).rowcount:  # type: ignore[attr-defined]
        raise Conflict(NOT_ASKED)
    again = AnswerRevision(
        answer_id=slot.id, answer=AnswerKind.WAITING, reason_id=None, by_id=author.id, at=at
    )
    db.session.add(again)
    db.session.flush()
    about, department = ("idea", idea.id), slot.department_id
    record(facts.ASKED_AGAIN, by=author, about=about, departments=[department])
