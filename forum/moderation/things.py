"""What can be flagged: ideas, comments and thank-yous, loaded for a reader; how they are hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.events import record
from forum.core.i18n import _
from forum.departments.reach import reach_of
from forum.discussion import facts as discussion
from forum.discussion.models import Comment
from forum.discussion.policy import EDIT_WINDOW
from forum.discussion.queries import comment_or_404
from forum.discussion.subjects import SUBJECTS
from forum.ideas import facts as ideas
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea, StageKind
from forum.ideas.policy import EDITABLE
from forum.ideas.queries import idea_or_404
from forum.ideas.together import queries as together
from forum.moderation.models import Matter
from forum.thanks import facts as thanks
from forum.thanks.models import Thanks
from forum.thanks.visibility import visible_to

PLACES = {"idea": "/ideas", "comment": "/comments", "thanks": "/thanks"}
"""Where things of each kind stand."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An idea, a comment with what it hangs on, or a thank-you."""

    kind: str
    row: Any
    subject_kind: str
    subject: Any

    @property
    def id(self) -> int:
        """Its number among its kind."""
        return int(self.row.id)

    @property
    def author_id(self) -> int:
        """Who wrote it."""
        return int(self.row.author_id)

    @property
    def idea_id(self) -> int | None:
        """The idea it is, or hangs on."""
        return int(self.subject.id) if self.subject_kind == "idea" else None

    @property
    def hidden(self) -> bool:
        """Whether only moderators and its author see it."""
        return self.row.hidden_at is not None

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"{PLACES[self.kind]}/{self.id}"

    @property
    def title(self) -> str:
        """What it is called, or what it is under."""
        return _("A thank-you") if self.kind == "thanks" else str(self.subject.title)

    @property
    def private(self) -> bool:
        """Whether only those it is from and to read it, and moderators because it was flagged."""
        return self.kind == "thanks" and bool(self.row.private)


def thing_or_404(reader: Person, kind: str, number: int) -> Thing:
    """A thing that the reader may see; drafts are nobody else's business."""
    if kind == "thanks":
        said = _thanks_or_404(reader, number)
        return Thing("thanks", said, "thanks", said)
    if kind == "idea":
        idea = idea_or_404(reader, number)
        if idea.stage_kind == StageKind.DRAFT:
            raise NotFound
        return Thing("idea", idea, "idea", idea)
    comment, subject_kind, subject = comment_or_404(reader, number)
    return Thing("comment", comment, subject_kind, subject)


def _thanks_or_404(reader: Person, number: int) -> Thanks:
    """Moderators read a private one from the day on which somebody flagged it, those who act
    everywhere, as its matter."""
    seen = visible_to(reader)
    if reader.moderates and reach_of(reader) is None:
        flagged = exists().where(Matter.thing_kind == "thanks", Matter.thing_id == Thanks.id)
        seen = or_(seen, and_(Thanks.withdrawn_at.is_(None), flagged))
    found = db.session.scalars(select(Thanks).where(Thanks.id == number, seen)).first()
    if found is None:
        raise NotFound
    return found


def set_hidden(moderator: Person, thing: Thing, *, hidden: bool, **told: Any) -> bool:
    """Hide a thing or show it again, in the open write; whether that changed anything."""
    if thing.kind == "thanks":
        return _set_thanks_hidden(moderator, thing, hidden=hidden, **told)
    model: Any = Idea if thing.kind == "idea" else Comment
    column = model.hidden_at
    gone = Idea.trashed_at if thing.kind == "idea" else Comment.deleted_at
    changed = db.session.execute(
        update(model)
        .where(model.id == thing.id, column.is_(None) if hidden else column.is_not(None))
        .where(gone.is_(None))
        .values(hidden_at=now() if hidden else None)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    about = (thing.kind, thing.id)
    if thing.kind == "idea":
        if hidden:
            db.session.execute(update(Idea).where(Idea.id == thing.id).values(pinned_at=None))
        record(ideas.HIDDEN, by=moderator, about=about, hidden=hidden, **told)
    else:
        change = -1 if hidden else 1
        SUBJECTS[thing.subject_kind].commented(thing.subject, change, moderator)
        record(discussion.COMMENT_HIDDEN, by=moderator, about=about, hidden=hidden, **told)
    return True


def _set_thanks_hidden(moderator: Person, thing: Thing, *, hidden: bool, **told: Any) -> bool:
    """Its author reads what the matter's decision says."""
    why = select(Matter.why_id).where(Matter.id == told.get("matter")).scalar_subquery()
    left: dict[str, Any] = {"hidden_at": None, "hidden_by_id": None, "hidden_why_id": None}
    gone = {"hidden_at": now(), "hidden_by_id": moderator.id, "hidden_why_id": why}
    column = Thanks.hidden_at
    changed = db.session.execute(
        update(Thanks)
        .where(Thanks.id == thing.id, column.is_(None) if hidden else column.is_not(None))
        .where(Thanks.withdrawn_at.is_(None))
        .values(**(gone if hidden else left))
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    record(thanks.HIDDEN, by=moderator, about=("thanks", thing.id), hidden=hidden, **told)
    return True


def somebody_repairs(thing: Thing) -> bool:
    """Whether it can be changed, and anybody is left who may. One query."""
    left = is_repairable(literal(thing.kind), literal(thing.id), literal(thing.author_id))
    return bool(db.session.scalar(select(left)))


def is_repairable(kind: Any, number: Any, author_id: Any) -> ColumnElement[bool]:
    """The same as SQL: not where its author is nobody or has left, and no co-author is there; nor
    what review has begun of, or a comment whose time to be edited is over."""
    here = and_(Person.deactivated_at.is_(None), Person.erased_at.is_(None))
    author = exists().where(Person.id == author_id, here)
    beside = exists().where(IdeaAuthor.idea_id == number, Person.id == IdeaAuthor.person_id, here)
    editable = exists().where(Idea.id == number, Idea.stage_kind.in_(EDITABLE))
    young = exists().where(Comment.id == number, Comment.created_at > now() - EDIT_WINDOW)
    return or_(
        and_(kind == "idea", editable, or_(author, beside)),
        and_(kind == "comment", young, author),
    )


def authors_for(reader: Person, thing: Thing) -> frozenset[int]:
    """Its author, and the reader where they write it too. One query for somebody else's idea."""
    beside = together.co_authors_of(reader, thing.row) if thing.kind == "idea" else frozenset()
    return beside | {thing.author_id}


def co_authors_of(matter: Matter) -> frozenset[int]:
    """Who wrote what a matter is about beside its author. One query for an idea."""
    return co_authors_of_all([matter])[matter.id]


def co_authors_of_all(found: Sequence[Matter]) -> dict[int, frozenset[int]]:
    """The same of several, by matter. One query."""
    ideas = {m.id: m.thing_id for m in found if m.thing_kind == "idea"}
    beside = together.authors_by_idea(list(ideas.values())) if ideas else {}
    return {m.id: frozenset(beside.get(ideas.get(m.id, 0), ())) for m in found}
