"""A person's ideas, votes, answers, decisions and follows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, delete, or_, select, update

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Relabel, Rows, Things, blank, rows, with_sources
from forum.ideas import personal_beside
from forum.ideas.actions import delete_draft
from forum.ideas.models import (
    Answer,
    AnswerRevision,
    Decision,
    Follow,
    Handover,
    Idea,
    IdeaRevision,
    Question,
    StageChange,
    StageKind,
    Vote,
)

TEXTS = ("problem_id", "proposal_id")
UNTITLED = "—"
OTHER_COLUMNS = tuple(
    column.name for column in Idea.__table__.columns if column.name not in ("id", "outcome_id")
)


def about(person_id: int) -> dict[str, Rows]:
    """Everything by table; votes are told to nobody else. Twenty-two queries."""
    wordings = rows(IdeaRevision, IdeaRevision.editor_id == person_id)
    answers = rows(AnswerRevision, AnswerRevision.by_id == person_id)
    settled = or_(Decision.by_id == person_id, Decision.confirmed_by_id == person_id)
    decisions = rows(Decision, settled)
    outcomes = rows(Idea, Idea.outcome_id.in_(_outcomes_by(person_id)), hide=OTHER_COLUMNS)
    return {
        "ideas": rows(Idea, Idea.author_id == person_id, hide=("source_digest",)),
        "wordings": with_sources(wordings, *TEXTS),
        "votes": rows(Vote, Vote.person_id == person_id),
        "follows": rows(Follow, Follow.person_id == person_id),
        "answers": with_sources(answers, "reason_id"),
        "slots": rows(Answer, Answer.by_id == person_id),
        "questions": rows(Question, Question.by_id == person_id),
        "handovers": rows(Handover, Handover.by_id == person_id),
        "decisions": with_sources(decisions, "reason_id", "revisit_id", "asked_reason_id"),
        "outcomes": with_sources(outcomes, "outcome_id"),
        "stages": rows(StageChange, StageChange.by_id == person_id),
        **personal_beside.about(person_id),
    }


def erase(erasure: Erasure) -> None:
    """Drafts and follows go, votes stay as numbers; posted texts only if asked.

    Decisions stay in any case: they are the company's, given in an office.
    """
    own = select(Idea).where(Idea.author_id == erasure.person_id)
    for draft in list(db.session.scalars(own.where(Idea.stage_kind == StageKind.DRAFT))):
        _blank_wordings([draft.id])
        delete_draft(draft)
    db.session.execute(delete(Follow).where(Follow.person_id == erasure.person_id))
    if erasure.blank_texts:
        _blank_written(erasure.person_id)


def _blank_written(person_id: int) -> None:
    ids = list(db.session.scalars(select(Idea.id).where(Idea.author_id == person_id)))
    _blank_wordings(ids)
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        for query in (
            update(Idea).where(Idea.id.in_(chunk)).values(title=UNTITLED, excerpt=""),
            update(IdeaRevision).where(IdeaRevision.idea_id.in_(chunk)).values(title=UNTITLED),
        ):
            db.session.execute(query)
    blank(db.session.scalars(_outcomes_by(person_id)))
    blank(
        db.session.scalars(
            select(AnswerRevision.reason_id).where(AnswerRevision.by_id == person_id)
        )
    )


def _outcomes_by(person_id: int) -> Select[int | None]:
    """The texts in which somebody said what changed, whoever's idea it was."""
    return (
        select(Idea.outcome_id)
        .join(StageChange, StageChange.idea_id == Idea.id)
        .where(
            StageChange.to_kind == StageKind.DONE,
            StageChange.by_id == person_id,
            Idea.outcome_id.is_not(None),
        )
    )


def _blank_wordings(idea_ids: Sequence[int]) -> None:
    for start in range(0, len(idea_ids), 500):
        chunk = idea_ids[start : start + 500]
        query = select(IdeaRevision.problem_id, IdeaRevision.proposal_id).where(
            IdeaRevision.idea_id.in_(chunk)
        )
        blank(text_id for row in db.session.execute(query).all() for text_id in row)
        now = select(Idea.problem_id, Idea.proposal_id).where(Idea.id.in_(chunk))
        blank(text_id for row in db.session.execute(now).all() for text_id in row)


def shows(text_ids: Sequence[int], relabel: Relabel) -> Things:
    """The ideas in whose wordings, answers and decisions these texts stand, titles put right."""
    found: set[int] = set()
    for query in (
        select(IdeaRevision.idea_id).where(
            or_(IdeaRevision.problem_id.in_(text_ids), IdeaRevision.proposal_id.in_(text_ids))
        ),
        select(Idea.id).where(Idea.outcome_id.in_(text_ids)),
        select(Decision.idea_id).where(
            or_(
                Decision.reason_id.in_(text_ids),
                Decision.revisit_id.in_(text_ids),
                Decision.asked_reason_id.in_(text_ids),
            )
        ),
        select(Answer.idea_id)
        .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
        .where(AnswerRevision.reason_id.in_(text_ids)),
    ):
        found.update(db.session.scalars(query))
    found.update(personal_beside.shows(text_ids))
    _retitle(found, relabel)
    return [("idea", idea_id) for idea_id in sorted(found)]


def _retitle(idea_ids: set[int], relabel: Relabel) -> None:
    for idea in list(db.session.scalars(select(Idea).where(Idea.id.in_(idea_ids)))):
        idea.title, idea.excerpt = relabel(idea.title), relabel(idea.excerpt)
    wordings = select(IdeaRevision).where(IdeaRevision.idea_id.in_(idea_ids))
    for wording in list(db.session.scalars(wordings)):
        wording.title = relabel(wording.title)
    db.session.flush()


HOLDING = Holding("ideas", about, erase, shows)
