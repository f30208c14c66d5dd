"""A reader of the log: first posts become matters, what was repaired comes back to moderators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, or_, select, update

from forum.core.db import db
from forum.core.events import Event
from forum.core.readers import Reader
from forum.discussion import facts as discussion
from forum.discussion.models import Comment, Thread
from forum.ideas import facts as ideas
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea, StageKind
from forum.moderation.models import FIRST_POST, OPEN, Matter, Outcome, State
from forum.thanks import facts as thanks
from forum.thanks.models import Thanks

HELD = (ideas.HELD.name, discussion.COMMENT_HELD.name)
REPAIRED = (ideas.EDITED.name, discussion.COMMENT_EDITED.name)
GONE = (
    *(ideas.WITHDRAWN.name, discussion.COMMENT_DELETED.name, ideas.PURGED.name),
    thanks.WITHDRAWN.name,
)
ACTED_ON = frozenset((*HELD, *REPAIRED, *GONE))


class Post(NamedTuple):
    """Who wrote a thing, and which idea it is or hangs on."""

    author_id: int
    idea_id: int | None


def prepare(batch: Sequence[Event]) -> Callable[[], None]:
    """Work out what a batch means; most batches mean nothing, and cost no query."""
    news = [event for event in batch if event.type in ACTED_ON]
    posts = _posts([event for event in news if event.type in HELD]) if news else {}

    def apply() -> None:
        for event in news:
            thing = (event.object_kind, event.object_id)
            if event.type in HELD:
                _begin(thing, posts.get(thing), event.at)
            elif event.type in REPAIRED:
                _come_back(thing, event)
            else:
                _close(thing)

    return apply


READER = Reader("moderation", prepare)


def _posts(held: Sequence[Event]) -> dict[tuple[str, int], Post]:
    """The posts that are held, those that have become matters left out. At most three queries."""
    if not held:
        return {}
    numbers = {kind: [e.object_id for e in held if e.object_kind == kind] for kind in KINDS}
    own = select(Idea.id, Idea.author_id, Idea.id).where(Idea.id.in_(numbers["idea"]))
    said = (
        select(Comment.id, Comment.author_id, Thread.subject, Thread.subject_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.id.in_(numbers["comment"]))
    )
    posts = {("idea", row[0]): Post(row[1], row[2]) for row in db.session.execute(own)}
    for row in db.session.execute(said):
        idea_id = row.subject_id if row.subject == "idea" else None
        posts["comment", row.id] = Post(row.author_id, idea_id)
    known = select(Matter.thing_kind, Matter.thing_id).where(
        Matter.kind == FIRST_POST, Matter.thing_id.in_([e.object_id for e in held])
    )
    for kind, number in db.session.execute(known):
        posts.pop((kind, number), None)
    return posts


KINDS = ("idea", "comment")


def _begin(thing: tuple[str, int], post: Post | None, at: datetime) -> None:
    if post is None:
        return
    db.session.add(
        Matter(
            kind=FIRST_POST,
            thing_kind=thing[0],
            thing_id=thing[1],
            idea_id=post.idea_id,
            author_id=post.author_id,
            opened_at=at,
            moved_at=at,
        )
    )
    db.session.flush()


def _come_back(thing: tuple[str, int], event: Event) -> None:
    """An author repaired what was hidden: moderators have the turn again."""
    beside = exists().where(
        Matter.thing_kind == "idea",
        IdeaAuthor.idea_id == Matter.thing_id,
        IdeaAuthor.person_id == event.actor_id,
    )
    _change(
        thing,
        [
            Matter.state == State.AUTHOR,
            Matter.decided_at < event.at,
            or_(Matter.author_id == event.actor_id, beside),
        ],
        {"state": State.REPAIRED, "moved_at": event.at, "reminded_at": None, "before": ""},
    )


def _close(thing: tuple[str, int]) -> None:
    """What is gone, and has not come back since, waits for nobody."""
    if thing[0] == "idea":
        left = or_(Idea.stage_kind == StageKind.WITHDRAWN, Idea.purged_at.is_not(None))
        gone = exists().where(Idea.id == Matter.thing_id, left)
    elif thing[0] == "thanks":
        gone = exists().where(Thanks.id == Matter.thing_id, Thanks.withdrawn_at.is_not(None))
    else:
        gone = exists().where(Comment.id == Matter.thing_id, Comment.deleted_at.is_not(None))
    _change(
        thing,
        [Matter.state.in_((*OPEN, State.AUTHOR)), gone],
        {"state": State.CLOSED, "outcome": Outcome.DELETED, "before": ""},
    )


def _change(thing: tuple[str, int], where: list[Any], values: dict[str, Any]) -> None:
    this = (Matter.thing_kind == thing[0], Matter.thing_id == thing[1])
    db.session.execute(
        update(Matter)
        .where(*this, *where)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
