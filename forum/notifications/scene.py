"""What a batch of events is about, read in bulk: the number of queries does not grow with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import Event
from forum.departments.queries import answerers_of, heads_of
from forum.discussion import facts as discussion
from forum.discussion.models import Comment, Thread
from forum.discussion.visibility import standing
from forum.ideas import facts as ideas
from forum.ideas.anonymous.queries import authors_behind
from forum.ideas.models import Answer, AnswerKind, Decision, Idea, Question
from forum.ideas.policy import UNSETTLED
from forum.ideas.together import facts as together
from forum.ideas.together.models import Suggestion, SuggestionState
from forum.notifications import merged
from forum.notifications.kinds import Thing
from forum.notifications.merged import Period
from forum.standards import facts as standards
from forum.standards.approvals import facts as approving
from forum.standards.approvals import news as approvals
from forum.standards.approvals import overdue
from forum.standards.approvals.models import Side
from forum.standards.approvals.news import Asked
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.kept import facts as promises
from forum.standards.kept.telling import broken_days, in_charge_of
from forum.standards.models import Standard, Version, VersionState
from forum.standards.review import facts as reviews
from forum.standards.why.queries import writers_behind
from forum.thanks import facts as thanking
from forum.thanks import telling

OF_ONE_DEPARTMENT = (ideas.NUDGED.name, ideas.AUTHOR_ANSWERED.name)
OF_APPROVALS = (approving.SENT.name, approving.NUDGED.name, approving.ANSWERED.name)
OF_COMMENTS = (discussion.COMMENTED.name, discussion.MADE_OFFICIAL.name, discussion.RESOLVED.name)

OF_REVIEWS = (reviews.REMINDED.name, reviews.OVERDUE.name, reviews.OPENED.name)


class CommentFacts(NamedTuple):
    """Where a comment hangs, who wrote it and what it replies to, and what it is marked as."""

    id: int
    subject: str
    subject_id: int
    parent_author: int | None
    author: int
    official: bool
    question: str
    asks: bool
    thread: int

    @property
    def thing(self) -> Thing:
        """The idea or standard it is about."""
        return self.subject, self.subject_id


class IdeaFacts(NamedTuple):
    """Whose idea it is, and who carries it out."""

    id: int
    author: int
    owner_department: int | None


@dataclass(slots=True)
class Scene:
    """Everything the rules of who hears of what look at."""

    comments: dict[int, CommentFacts] = field(default_factory=dict)
    threads: dict[int, int] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    ideas: dict[int, IdeaFacts] = field(default_factory=dict)
    followers: dict[int, list[Period]] = field(default_factory=dict)
    co_authors: dict[int, list[Period]] = field(default_factory=dict)
    open_suggestions: frozenset[int] = frozenset()
    waiting: frozenset[tuple[int, int]] = frozenset()
    answers: dict[tuple[int, int], str] = field(default_factory=dict)
    decisions: frozenset[int] = frozenset()
    deciders: dict[int, int] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    audiences: dict[int, list[int]] = field(default_factory=dict)
    origins: dict[int, list[int]] = field(default_factory=dict)
    answerers: dict[int, list[int]] = field(default_factory=dict)
    heads: dict[int, int] = field(default_factory=dict)
    came: dict[int, list[int]] = field(default_factory=dict)
    cared: dict[int, list[int]] = field(default_factory=dict)
    unsigned: dict[int, int] = field(default_factory=dict)
    broken: frozenset[tuple[int, str]] = frozenset()
    in_charge: dict[int, list[int]] = field(default_factory=dict)
    review_days: dict[int, date] = field(default_factory=dict)
    approvals: dict[int, Asked] = field(default_factory=dict)
    unseen: dict[int, int] = field(default_factory=dict)
    thanked: dict[int, telling.Told] = field(default_factory=dict)
    thanks_hidden: dict[int, int] = field(default_factory=dict)

    def speaking(self, side: str, departments: Iterable[int]) -> list[int]:
        """The people who approve for a side of these departments."""
        if side != Side.HEAD:
            return self.answering(departments)
        return [self.heads[d] for d in departments if d in self.heads]

    def followers_at(self, idea_id: int, at: datetime) -> list[int]:
        """Who followed an idea at a moment, of those who do now."""
        return [one.person_id for one in self.followers.get(idea_id, ()) if one.holds(at)]

    def authors_at(self, idea_id: int, at: datetime) -> list[int]:
        """An idea's author, and who wrote it with them at a moment, of those who do now."""
        beside = [one.person_id for one in self.co_authors.get(idea_id, ()) if one.holds(at)]
        author = self.ideas[idea_id].author
        return [author, *(person_id for person_id in beside if person_id != author)]

    def answering(self, departments: Iterable[int]) -> list[int]:
        """The people who answer for these departments."""
        return [p for d in departments for p in self.answerers.get(d, ())]


def load(batch: Sequence[Event]) -> Scene:
    """Read what the events touch. At most thirty-seven queries, whatever the batch."""
    scene = Scene(comments=_comments({e.object_id for e in batch if e.type in OF_COMMENTS}))
    _read_origins(scene, batch)
    subjects = [c.thing for c in scene.comments.values()]
    subjects += [("idea", number) for number in scene.threads.values()]
    idea_ids = {e.object_id for e in batch if e.object_kind == "idea"} | _ids(subjects, "idea")
    if idea_ids:
        _read_ideas(scene, idea_ids, batch)
    _read_standards(scene, subjects, batch)
    _read_thanks(scene, batch)
    departments = _departments(batch, scene) | _approving(scene, Side.DEPARTMENT)
    scene.answerers = answerers_of(departments) if departments else {}
    silent = {e.payload["department"] for e in batch if e.type == ideas.ESCALATED.name}
    silent |= _approving(scene, Side.HEAD)
    scene.heads = heads_of(silent) if silent else {}
    return scene


def _read_standards(scene: Scene, subjects: Iterable[Thing], batch: Sequence[Event]) -> None:
    """Owners, audiences, whose clauses were dropped, who is asked to approve and until when to
    review. At most eight queries."""
    published = _about(batch, standards.STANDARD_PUBLISHED.name)
    given = _about(batch, reviews.GIVEN.name)
    standard_ids = published | given | _ids(subjects, "standard")
    if standard_ids:
        query = select(Standard.id, Standard.owner_id).where(
            Standard.id.in_(standard_ids), Standard.owner_id.is_not(None)
        )
        scene.owners = dict(db.session.execute(query).all())  # type: ignore[arg-type]
    if published:
        scene.audiences = _audiences(published)
        dropped = {clause for e in batch for clause in e.payload.get("dropped") or ()}
        scene.origins = writers_behind(dropped) if dropped else {}
    if approved := {e.object_id for e in batch if e.type in OF_APPROVALS}:
        scene.approvals = approvals.asked_about(approved)
    if late := _about(batch, approving.EMERGENCY_OVERDUE.name):
        scene.unseen = overdue.waiting(late)
    _read_days(scene, batch)


def _read_days(scene: Scene, batch: Sequence[Event]) -> None:
    """The days of breaches that still stand, and of reviews. Four queries at most."""
    if broken := _about(batch, promises.BROKEN.name):
        scene.broken, scene.in_charge = broken_days(broken), in_charge_of(broken)
    if reminded := {e.object_id for e in batch if e.type in OF_REVIEWS}:
        scene.review_days = _review_days(reminded)


def _review_days(standard_ids: set[int]) -> dict[int, date]:
    """The days on which standards in force are to be reviewed. One query."""
    query = select(Standard.id, Standard.review_on).where(
        Standard.id.in_(standard_ids),
        Standard.state == VersionState.IN_FORCE,
        Standard.review_on.is_not(None),
    )
    return dict(db.session.execute(query).all())  # type: ignore[arg-type]


def _read_origins(scene: Scene, batch: Sequence[Event]) -> None:
    """Where comments that have moved since were written, and whom a reply that stands by itself now
    replied to. Two queries, none where nothing moved."""
    said = [
        (comment, event.payload)
        for event in batch
        if event.type in OF_COMMENTS and (comment := scene.comments.get(event.object_id))
    ]
    moved = {p["thread"] for c, p in said if p.get("thread", c.thread) != c.thread}
    if moved:
        here = Thread.id.in_(moved), Thread.subject == "idea"
        query = select(Thread.id, Thread.subject_id).where(*here)
        scene.threads = dict(db.session.execute(query).all())
    loose = {p["parent"] for c, p in said if p.get("parent") and c.parent_author is None}
    if loose:
        asked = select(Comment.id, Comment.author_id).where(Comment.id.in_(loose))
        scene.parents = dict(db.session.execute(asked).all())


def _read_thanks(scene: Scene, batch: Sequence[Event]) -> None:
    """Whom thanks that stand are told to, and who said hidden ones. Nine queries at most."""
    if given := _about(batch, thanking.GIVEN.name):
        scene.thanked = telling.told(given)
    if hidden := _about(batch, thanking.HIDDEN.name):
        scene.thanks_hidden = telling.hidden_ones(hidden)


def _about(batch: Sequence[Event], kind: str) -> set[int]:
    return {event.object_id for event in batch if event.type == kind}


def _ids(things: Iterable[Thing], kind: str) -> set[int]:
    return {number for known, number in things if known == kind}


def _comments(ids: set[int]) -> dict[int, CommentFacts]:
    if not ids:
        return {}
    parent = aliased(Comment)
    asks = exists().where(Question.comment_id == Comment.id)
    query = (
        select(
            Comment.id,
            Thread.subject,
            Thread.subject_id,
            parent.author_id,
            Comment.author_id,
            Comment.official_at.is_not(None),
            Comment.question,
            asks,
            Comment.thread_id,
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .where(Comment.id.in_(ids), standing())
    )
    return {row[0]: CommentFacts(*row) for row in db.session.execute(query)}


def _read_ideas(scene: Scene, ids: set[int], batch: Sequence[Event]) -> None:
    query = select(Idea.id, Idea.author_id, Idea.owner_department_id).where(Idea.id.in_(ids))
    scene.ideas = {row[0]: IdeaFacts(*row) for row in db.session.execute(query)}
    _read_people(scene, ids)
    scene.came, scene.cared = _grouped(merged.who_came(batch)), _grouped(merged.who_cared(batch))
    if suggested := _about(batch, together.SUGGESTED.name):
        waiting = Suggestion.idea_id.in_(suggested), Suggestion.state == SuggestionState.OPEN
        scene.open_suggestions = frozenset(
            db.session.scalars(select(Suggestion.id).where(*waiting))
        )
    _read_slots(scene, ids)
    if _is_asked(scene, batch):
        scene.unsigned = authors_behind(ids)
    if settled := _about(batch, ideas.SETTLED.name):
        standing = select(Decision.id).where(Decision.idea_id.in_(settled))
        scene.decisions = frozenset(db.session.scalars(standing))
    if asked := _about(batch, ideas.OWNER_ASKED.name):
        scene.deciders = _deciders(asked)


def _is_asked(scene: Scene, batch: Sequence[Event]) -> bool:
    """Whether a department asks an author something, as the log says or, of old comments, a row."""
    told = any(event.payload.get("asks") for event in batch)
    return told or any(comment.asks for comment in scene.comments.values())


def _read_people(scene: Scene, ids: set[int]) -> None:
    """Who follows ideas and who writes them, each since when. Two queries."""
    for period in merged.who_listens(ids):
        scene.followers.setdefault(period.idea_id, []).append(period)
    for period in merged.who_writes(ids):
        scene.co_authors.setdefault(period.idea_id, []).append(period)


def _read_slots(scene: Scene, idea_ids: set[int]) -> None:
    """What each slot says, and those still asked. One query."""
    slots = (
        select(Answer.idea_id, Answer.department_id, Answer.answer, Idea.stage_kind)
        .join(Idea, Idea.id == Answer.idea_id)
        .where(Answer.idea_id.in_(idea_ids))
    )
    rows = db.session.execute(slots).all()
    scene.answers = {(row[0], row[1]): row[2] for row in rows}
    scene.waiting = frozenset(
        (idea_id, department)
        for idea_id, department, answer, stage in rows
        if answer == AnswerKind.WAITING and stage in UNSETTLED
    )


def _deciders(idea_ids: set[int]) -> dict[int, int]:
    """Who decided, where the owner's wish for another day still waits."""
    newest = (
        select(func.max(Decision.id))
        .where(Decision.idea_id.in_(idea_ids))
        .group_by(Decision.idea_id)
    )
    query = select(Decision.idea_id, Decision.by_id).where(
        Decision.id.in_(newest), Decision.asked_due_on.is_not(None), Decision.by_id.is_not(None)
    )
    return dict(db.session.execute(query).all())  # type: ignore[arg-type]


def _audiences(standard_ids: set[int]) -> dict[int, list[int]]:
    """The people whom a standard in force asks to confirm it."""
    query = (
        select(Standard.id, Person.id)
        .join(Version, (Version.standard_id == Standard.id) & (Version.number == Standard.in_force))
        .join(Person, asks(Version.id, Person))
        .where(Standard.id.in_(standard_ids), may_confirm())
    )
    return _grouped(db.session.execute(query))


def _departments(batch: Sequence[Event], scene: Scene) -> set[int]:
    """Departments somebody of which may have to hear: asked, called, or made the owner."""
    found = {idea.owner_department for idea in scene.ideas.values()} - {None}
    for event in batch:
        for name in ("departments", "mentioned"):
            found.update(event.payload.get(name) or ())
        if event.type in OF_ONE_DEPARTMENT:
            found.add(event.payload["department"])
    return {number for number in found if number is not None}


def _approving(scene: Scene, side: Side) -> set[int]:
    """Departments whose approval is missing."""
    return {d for asked in scene.approvals.values() for known, d in asked.open if known == side}


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
