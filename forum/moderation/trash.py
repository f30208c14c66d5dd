"""The trash: ideas lie there for thirty days, then lose their contents for good; comments too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.core.personal import blank
from forum.discussion import facts as discussion
from forum.discussion.models import Comment, CommentRevision
from forum.files.uses import let_go
from forum.ideas import facts, policy
from forum.ideas.anonymous.models import AnonymousAuthor, AnonymousPost
from forum.ideas.models import (
    Answer,
    AnswerRevision,
    Decision,
    Follow,
    Idea,
    IdeaRevision,
    IdeaTag,
    StageKind,
)
from forum.ideas.personal import UNTITLED
from forum.ideas.together.queries import co_authors_of
from forum.moderation import merged_texts
from forum.moderation.models import Trashed

KEPT_FOR = timedelta(days=30)
BATCH = 20
"""Ideas or comments that lose their contents in one write."""
TOO_LATE = lazy("Its contents are gone for good; it cannot be restored.")


def put_in_trash(moderator: Person, idea: Idea, *, why: str = "", **told: Any) -> None:
    """Take an idea away from everybody but moderators and its author; twice is the same as once."""
    require(policy.moderates(moderator, idea) and idea.stage_kind != StageKind.DRAFT)
    composed = richtext.compose(why, "text") if why.strip() else None
    with transaction():
        lay(moderator, idea, texts.store_if_any(composed), **told)


def lay(moderator: Person, idea: Idea, why: texts.Text | None, **told: Any) -> None:
    """The same in the open write."""
    at, hidden_since = now(), _hold(idea)
    laid = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.trashed_at.is_(None))
        .values(trashed_at=at, hidden_at=hidden_since or at, pinned_at=None)
    )
    if not laid.rowcount:  # type: ignore[attr-defined]
        return
    db.session.add(
        Trashed(
            idea_id=idea.id,
            at=at,
            by_id=moderator.id,
            why_id=why.id if why else None,
            was_hidden=hidden_since is not None,
        )
    )
    db.session.flush()
    merged_texts.take_away(idea.id, moderator.id, at)
    record(facts.TRASHED, by=moderator, about=("idea", idea.id), **told)


def _hold(idea: Idea) -> Any:
    """Since when an idea is hidden; its row is held until the write ends."""
    query = select(Idea.hidden_at).where(Idea.id == idea.id).with_for_update()
    return db.session.scalar(query)


def leave_hidden(idea_id: int, *, hidden: bool) -> None:
    """Whether an idea that lies in the trash comes back hidden, in the open write."""
    query = update(Trashed).where(Trashed.idea_id == idea_id).values(was_hidden=hidden)
    db.session.execute(query)


def may_restore(moderator: Person, idea: Idea) -> bool:
    """Moderators where they act; of what they write only what they put there themselves. At most
    two queries, none for those who do not moderate."""
    if not policy.moderates(moderator, idea):
        return False
    if not policy.writes(moderator, idea, co_authors_of(moderator, idea)):
        return True
    laid = select(Trashed.by_id).where(Trashed.idea_id == idea.id)
    return db.session.scalar(laid) in (None, moderator.id)


def restore(moderator: Person, idea: Idea) -> None:
    """Take an idea out of the trash as it was; Conflict once its contents are gone."""
    require(may_restore(moderator, idea))
    if idea.purged_at is not None:
        raise Conflict(TOO_LATE)
    with transaction():
        bring_back(moderator, idea)


def bring_back(moderator: Person, idea: Idea) -> None:
    """The same in the open write; what is not there stays as it is."""
    _hold(idea)
    query = select(Trashed.was_hidden, Trashed.at).where(Trashed.idea_id == idea.id)
    trashed = db.session.execute(query).first()
    if trashed is None:
        return
    values: dict[str, Any] = {"trashed_at": None}
    if not trashed.was_hidden:
        values["hidden_at"] = None
    back = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.trashed_at.is_not(None), Idea.purged_at.is_(None))
        .values(**values)
    )
    if not back.rowcount:  # type: ignore[attr-defined]
        raise Conflict(TOO_LATE)
    db.session.execute(delete(Trashed).where(Trashed.idea_id == idea.id))
    merged_texts.put_back(idea.id, trashed.at)
    record(facts.RESTORED, by=moderator, about=("idea", idea.id))


def empty() -> int:
    """Remove the contents of what has lain in the trash for thirty days, a batch a write; how many
    ideas and comments that was."""
    return _drain(Idea, Idea.trashed_at, _purge_ideas) + _drain(
        Comment, Comment.deleted_at, _purge_comments
    )


def _drain(model: Any, since: Any, purge: Any) -> int:
    old = select(model.id).where(since < now() - KEPT_FOR, model.purged_at.is_(None))
    total = 0
    while ids := list(db.session.scalars(old.limit(BATCH))):
        with transaction():
            total += purge(ids)
    return total


def _purge_ideas(ids: list[int]) -> int:
    """Blank what they and everything under them says; the rows stay, as numbers others refer to."""
    still = Idea.id.in_(ids), Idea.trashed_at.is_not(None), Idea.purged_at.is_(None)
    at = now()
    gone = update(Idea).where(*still).values(purged_at=at, title=UNTITLED, excerpt="")
    ids = list(db.session.scalars(gone.returning(Idea.id)))
    _blank_texts(ids)
    threads = select(Idea.thread_id).where(Idea.id.in_(ids))
    comments = list(db.session.scalars(select(Comment.id).where(Comment.thread_id.in_(threads))))
    _blank_comments(comments)
    wordings = update(IdeaRevision).where(IdeaRevision.idea_id.in_(ids))
    db.session.execute(wordings.values(title=UNTITLED))
    for model in (Follow, IdeaTag, AnonymousAuthor, AnonymousPost):
        db.session.execute(delete(model).where(model.idea_id.in_(ids)))
    let_go("idea", ids)
    for idea_id in ids:
        record(facts.PURGED, by=None, about=("idea", idea_id))
    return len(ids)


def _blank_texts(ids: list[int]) -> None:
    for query in (
        select(IdeaRevision.problem_id, IdeaRevision.proposal_id).where(
            IdeaRevision.idea_id.in_(ids)
        ),
        select(Idea.problem_id, Idea.proposal_id, Idea.outcome_id).where(Idea.id.in_(ids)),
        select(Decision.reason_id, Decision.revisit_id, Decision.asked_reason_id).where(
            Decision.idea_id.in_(ids)
        ),
        select(AnswerRevision.reason_id)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .where(Answer.idea_id.in_(ids)),
    ):
        blank(text_id for row in db.session.execute(query).all() for text_id in row)


def _blank_comments(ids: list[int]) -> None:
    said = select(CommentRevision.text_id).where(CommentRevision.comment_id.in_(ids))
    blank(list(db.session.scalars(said)))


def _purge_comments(ids: list[int]) -> int:
    still = Comment.id.in_(ids), Comment.deleted_at.is_not(None), Comment.purged_at.is_(None)
    gone = update(Comment).where(*still).values(purged_at=now()).returning(Comment.id)
    ids = list(db.session.scalars(gone))
    _blank_comments(ids)
    for comment_id in ids:
        record(discussion.COMMENT_PURGED, by=None, about=("comment", comment_id))
    return len(ids)
