"""A person's part in what is written together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select, update

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Relabel, Rows, Things, blank, rows, with_sources
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.together.models import (
    Adoption,
    AuthorInvitation,
    Suggestion,
    SuggestionState,
    Summary,
    SummaryRevision,
)

UNTITLED = "—"


def about(person_id: int) -> dict[str, Rows]:
    """By table. Eight queries."""
    asked = or_(AuthorInvitation.person_id == person_id, AuthorInvitation.by_id == person_id)
    edits = or_(Suggestion.by_id == person_id, Suggestion.settled_by_id == person_id)
    suggestions = rows(Suggestion, edits)
    wordings = rows(SummaryRevision, SummaryRevision.by_id == person_id)
    return {
        "written_together": rows(IdeaAuthor, IdeaAuthor.person_id == person_id),
        "invitations": rows(AuthorInvitation, asked),
        "suggestions": with_sources(suggestions, "problem_id", "proposal_id", "reason_id"),
        "summaries": rows(Summary, Summary.by_id == person_id),
        "summary_wordings": with_sources(wordings, "text_id"),
        "adoptions": rows(Adoption, Adoption.by_id == person_id),
    }


def erase(erasure: Erasure) -> None:
    """Invitations go; what they wrote with others stays, unless their words are to go.

    A suggestion that was taken is the idea's own text by now.
    """
    who = erasure.person_id
    asked = or_(AuthorInvitation.person_id == who, AuthorInvitation.by_id == who)
    db.session.execute(delete(AuthorInvitation).where(asked))
    if erasure.blank_texts:
        _blank_suggestions(who)
        said = select(SummaryRevision.text_id).where(SummaryRevision.by_id == who)
        blank(db.session.scalars(said))
        reasons = select(Suggestion.reason_id).where(Suggestion.settled_by_id == who)
        blank(db.session.scalars(reasons))


def _blank_suggestions(person_id: int) -> None:
    own = Suggestion.by_id == person_id
    texts = select(Suggestion.problem_id, Suggestion.proposal_id).where(own)
    blank(text_id for row in db.session.execute(texts).all() for text_id in row)
    db.session.execute(update(Suggestion).where(own).values(title=UNTITLED))
    waiting = update(Suggestion).where(own, Suggestion.state == SuggestionState.OPEN)
    db.session.execute(waiting.values(state=SuggestionState.WITHDRAWN))


def shows(text_ids: Sequence[int], relabel: Relabel) -> Things:
    """The ideas beside which these texts stand, titles of suggestions put right. Two queries."""
    stands = or_(
        Suggestion.problem_id.in_(text_ids),
        Suggestion.proposal_id.in_(text_ids),
        Suggestion.reason_id.in_(text_ids),
    )
    found = set()
    for suggestion in list(db.session.scalars(select(Suggestion).where(stands))):
        suggestion.title = relabel(suggestion.title)
        found.add(suggestion.idea_id)
    short = (
        select(Summary.idea_id)
        .join(SummaryRevision, SummaryRevision.summary_id == Summary.id)
        .where(SummaryRevision.text_id.in_(text_ids))
    )
    found.update(db.session.scalars(short))
    db.session.flush()
    return [("idea", idea_id) for idea_id in sorted(found)]


HOLDING = Holding("together", about, erase, shows)
