"""Reading matters: the rows of their queues, and one with its flags, notes and history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.events import Event
from forum.core.i18n import _, lazy
from forum.core.site import site
from forum.core.texts import Text
from forum.departments.reach import reach_of
from forum.discussion.models import Comment, Thread
from forum.ideas.deciding import within
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea
from forum.moderation import facts, policy
from forum.moderation.desk import CLAIMED_FOR
from forum.moderation.flags import REASONS
from forum.moderation.models import (
    FIRST_POST,
    FLAGS,
    OPEN,
    Flag,
    Matter,
    MatterNote,
    Reason,
    State,
)
from forum.moderation.work import SHOWN, Work
from forum.standards.models import Standard
from forum.thanks.models import Thanks

EXCERPT = 280
WHAT = {"idea": lazy("Idea"), "comment": lazy("Comment"), "thanks": lazy("A thank-you")}


@dataclass(frozen=True, slots=True)
class Row:
    """A matter in its queue."""

    matter: Matter
    title: str
    lang: str
    said: str
    author: str
    author_id: int
    hidden: bool
    taken_by: str
    taken_by_me: bool
    reasons: list[str] = field(default_factory=list)

    @property
    def what(self) -> str:
        """What kind of thing it is."""
        return str(WHAT[self.matter.thing_kind])


def works() -> list[Work]:
    """Flags, and first posts where they wait for a moderator."""
    return [
        Work(
            name="flags",
            place=0,
            title=lazy("Flags"),
            empty=lazy("Nothing is flagged."),
            waiting=lambda who: _waiting(who, FLAGS),
            rows=lambda who: rows_of(who, FLAGS),
            template="moderation/_matters.html",
        ),
        Work(
            name="first-posts",
            place=10,
            title=lazy("First posts"),
            empty=lazy("No newcomer waits."),
            waiting=lambda who: _waiting(who, FIRST_POST),
            rows=lambda who: rows_of(who, FIRST_POST),
            template="moderation/_matters.html",
            on=lambda: bool(site().newcomers_from),
        ),
    ]


def _waiting(moderator: Person, kind: str) -> Select[Any]:
    return select(Matter.id).where(_for(moderator, kind))


def _for(moderator: Person, kind: str) -> Any:
    beside = exists().where(
        Matter.thing_kind == "idea",
        IdeaAuthor.idea_id == Matter.thing_id,
        IdeaAuthor.person_id == moderator.id,
    )
    others = and_(Matter.author_id != moderator.id, ~beside)
    there = Matter.thing_kind.not_in(policy.gone())
    theirs = and_(Matter.kind == kind, Matter.state.in_(OPEN), there, others)
    if reach_of(moderator) is None:
        return theirs
    return and_(theirs, Matter.idea_id.in_(select(Idea.id).where(within(moderator))))


def rows_of(moderator: Person, kind: str) -> list[Row]:
    """What waits of a kind, what waits longest first. Two queries."""
    query = _query().where(_for(moderator, kind)).order_by(Matter.opened_at, Matter.id)
    rows = db.session.execute(query.limit(SHOWN + 1)).all()
    reasons = _reasons([row[0].id for row in rows]) if kind == FLAGS else {}
    return [_row(moderator, row, reasons) for row in rows]


def row_of(moderator: Person, matter: Matter) -> Row:
    """One matter as its row. Two queries."""
    row = db.session.execute(_query().where(Matter.id == matter.id)).one()
    return _row(moderator, row, _reasons([matter.id]))


def _query() -> Select[Any]:
    """Matters with what they are about: an idea, a comment under an idea or a standard, or a
    thank-you."""
    author, taker = aliased(Person), aliased(Person)
    said, problem, thanked = aliased(Text), aliased(Text), aliased(Text)
    is_idea, is_comment, is_thanks = (
        Matter.thing_kind == kind for kind in ("idea", "comment", "thanks")
    )
    under_standard = and_(Thread.subject == "standard", Standard.id == Thread.subject_id)
    return (
        select(
            Matter,
            func.coalesce(Idea.title, Standard.title).label("title"),
            func.coalesce(Idea.lang, Standard.lang).label("lang"),
            func.substr(_by_kind(said.plain, thanked.plain, problem.plain), 1, EXCERPT).label(
                "said"
            ),
            author.name.label("author"),
            _by_kind(Comment.hidden_at, Thanks.hidden_at, Idea.hidden_at).label("hidden"),
            taker.name.label("taker"),
        )
        .join(author, author.id == Matter.author_id)
        .outerjoin(taker, taker.id == Matter.claimed_by_id)
        .outerjoin(Idea, Idea.id == Matter.idea_id)
        .outerjoin(Comment, and_(is_comment, Comment.id == Matter.thing_id))
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Standard, under_standard)
        .outerjoin(said, said.id == Comment.text_id)
        .outerjoin(problem, and_(is_idea, problem.id == Idea.problem_id))
        .outerjoin(Thanks, and_(is_thanks, Thanks.id == Matter.thing_id))
        .outerjoin(thanked, thanked.id == Thanks.text_id)
    )


def _by_kind(comment: Any, thanks: Any, idea: Any) -> Any:
    kind = Matter.thing_kind
    return case((kind == "comment", comment), (kind == "thanks", thanks), else_=idea)


def _row(moderator: Person, row: Any, reasons: dict[int, list[str]]) -> Row:
    matter = row[0]
    held = matter.claimed_at is not None and matter.claimed_at > now() - CLAIMED_FOR
    return Row(
        matter=matter,
        title=_("A thank-you") if matter.thing_kind == "thanks" else row.title or "",
        lang=row.lang or "",
        said=row.said or "",
        author=shown_name(row.author),
        author_id=matter.author_id,
        hidden=row.hidden is not None,
        taken_by=shown_name(row.taker) if held else "",
        taken_by_me=held and matter.claimed_by_id == moderator.id,
        reasons=reasons.get(matter.id, []),
    )


def _reasons(ids: Sequence[int]) -> dict[int, list[str]]:
    """Why each was flagged, the most frequent reason first. One query, none for no ids."""
    if not ids:
        return {}
    query = (
        select(Flag.matter_id, Flag.reason, func.count())
        .where(Flag.matter_id.in_(ids))
        .group_by(Flag.matter_id, Flag.reason)
        .order_by(func.count().desc(), Flag.reason)
    )
    found: dict[int, list[str]] = {}
    for matter_id, reason, _count in db.session.execute(query):
        found.setdefault(matter_id, []).append(str(REASONS[Reason(reason)]))
    return found


def matter_or_404(moderator: Person, matter_id: int) -> Matter:
    """A matter that a moderator may read. One query, and one more for those who are limited."""
    matter = db.session.get(Matter, matter_id)
    if matter is None or not policy.may_read(moderator, matter):
        raise NotFound
    return matter


class Told(NamedTuple):
    """A flag, a note or a step of a matter: who, when, what."""

    at: datetime
    who: str
    what: str
    words: str = ""


def flags_of(matter_id: int) -> list[Told]:
    """Who flagged it and why, oldest first; for moderators only. One query."""
    query = (
        select(Flag.at, Person.name, Flag.reason, Text.plain)
        .join(Person, Person.id == Flag.person_id)
        .outerjoin(Text, Text.id == Flag.note_id)
        .where(Flag.matter_id == matter_id)
        .order_by(Flag.id)
    )
    return [
        Told(at, shown_name(name), str(REASONS[Reason(reason)]), words or "")
        for at, name, reason, words in db.session.execute(query)
    ]


def notes_of(matter_id: int) -> list[Told]:
    """What moderators told one another, oldest first. One query."""
    query = (
        select(MatterNote.at, Person.name, Text.plain)
        .join(Person, Person.id == MatterNote.by_id)
        .join(Text, Text.id == MatterNote.text_id)
        .where(MatterNote.matter_id == matter_id)
        .order_by(MatterNote.id)
    )
    return [Told(at, shown_name(name), "", words) for at, name, words in db.session.execute(query)]


STEPS: dict[str, Callable[[str], str]] = {
    "hidden": lambda who: _("%(who)s hid it", who=who),
    "disagreed": lambda who: _("%(who)s found nothing wrong with it", who=who),
    "ignored": lambda who: _("%(who)s set it aside", who=who),
    "deleted": lambda who: _("%(who)s deleted it", who=who),
    "approved": lambda who: _("%(who)s let it be seen", who=who),
    "undone": lambda who: _("%(who)s took the decision back", who=who),
    "taken": lambda who: _("%(who)s took it", who=who),
    "let-go": lambda who: _("%(who)s let go of it", who=who),
    "given-back": lambda _who: _("Nobody can repair it any more; it came back here"),
    "reminded": lambda _who: _("Moderators were reminded"),
}


def history_of(matter_id: int) -> list[Told]:
    """What moderators did with it, oldest first. One query."""
    query = (
        select(Event.at, Event.type, Event.payload, Person.name)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(
            Event.object_kind == "matter",
            Event.object_id == matter_id,
            Event.type.not_in((facts.FLAGGED.name, facts.NOTED.name)),
        )
        .order_by(Event.id)
    )
    return [_step(row) for row in db.session.execute(query)]


def _step(row: Any) -> Told:
    step = {
        facts.REMINDED.name: "reminded",
        facts.GIVEN_BACK.name: "given-back",
        facts.CLAIMED.name: "taken" if row.payload.get("taken") else "let-go",
        facts.UNDONE.name: "undone",
        facts.DECIDED.name: row.payload.get("outcome", ""),
    }[row.type]
    who = shown_name(row.name)
    return Told(row.at, who, STEPS[step](who))


def is_pending(thing_kind: str, thing_id: int) -> bool:
    """Whether a hidden thing belongs to a matter that is not closed. One query."""
    query = select(Matter.id).where(
        Matter.thing_kind == thing_kind,
        Matter.thing_id == thing_id,
        Matter.state.in_((State.AUTHOR, State.REPAIRED))
        | and_(Matter.kind == FIRST_POST, Matter.state == State.WAITING),
    )
    return db.session.scalar(query.limit(1)) is not None


def last_about(thing_kind: str, thing_id: int) -> Any:
    """The newest matter about a thing with what its author was told. One query."""
    query = (
        select(Matter, Text.plain)
        .outerjoin(Text, Text.id == Matter.why_id)
        .where(Matter.thing_kind == thing_kind, Matter.thing_id == thing_id)
        .order_by(Matter.id.desc())
    )
    return db.session.execute(query.limit(1)).first()
