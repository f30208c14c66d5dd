"""The kinds of evidence that standards have by themselves.

Not here, registered by whoever knows: promises broken too often, satisfaction that falls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, literal, select, union

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.i18n import _, lazy, ngettext
from forum.discussion.models import Comment, Question, Thread
from forum.discussion.visibility import standing as comment_stands
from forum.ideas.models import Idea, StageKind
from forum.ideas.visibility import listed_for
from forum.standards.clauses.known import clauses_of
from forum.standards.clauses.models import Clause
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.confirming.confirmed import counts
from forum.standards.confirming.due import due_on
from forum.standards.kept.models import IdeaClause
from forum.standards.links.models import StandardLink
from forum.standards.models import (
    Acknowledgement,
    Standard,
    Version,
    VersionState,
)
from forum.standards.review import evidence
from forum.standards.review.evidence import Evidence, Kind, Told
from forum.standards.review.queries import Standing
from forum.standards.visibility import visible_to

SHARE = 80
"""Per cent of the audience that should have confirmed by the day that was set."""
COUNTED = timedelta(days=7)
"""For so long after that day they are counted."""
TOUCHING = 3
"""Ideas and open questions about one clause that are enough."""
NOT_COUNTED = (StageKind.DRAFT, StageKind.WITHDRAWN, StageKind.MERGED)


def confirmed(standings: Sequence[Standing]) -> dict[int, tuple[int, int]]:
    """How many people each version in force asks, and how many have confirmed it and it counts
    still; by the version's id. One query."""
    given = and_(
        Acknowledgement.person_id == Person.id,
        Acknowledgement.version_id == Version.id,
        counts(Standard.renew_months),
    )
    query = (
        select(Version.id, func.count(Person.id), func.count(Acknowledgement.person_id))
        .select_from(Version)
        .join(Standard, Standard.id == Version.standard_id)
        .join(Person, and_(may_confirm(), asks(Version.id, Person)))
        .outerjoin(Acknowledgement, given)
        .where(Version.id.in_([each.version_id for each in standings]))
        .group_by(Version.id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def _load_confirmations(standings: Sequence[Standing]) -> list[Evidence]:
    counted = confirmed(standings)
    return [
        Evidence("confirmations", each.id, _day_has_come(each), read, people)
        for each in standings
        for people, read in [counted.get(each.version_id, (0, 0))]
        if read * 100 < SHARE * people
    ]


def _day_has_come(standing: Standing) -> bool:
    """Just after the day that was set: not again when a review has looked at it since, and
    nobody is counted for what was asked long ago."""
    last = due_on(standing.asked_at)
    today = company_day()
    return company_day(standing.since) <= last < today <= last + COUNTED


def _tell_confirmations(
    _reader: Person, _standing: Standing, found: Sequence[Evidence]
) -> list[Told]:
    return [
        Told(
            ngettext(
                "%(read)d of %(num)d person has confirmed the version in force.",
                "%(read)d of %(num)d people have confirmed the version in force.",
                each.of,
                read=each.amount,
            ),
            enough=each.enough,
        )
        for each in found
    ]


def _load_touched(standings: Sequence[Standing]) -> list[Evidence]:
    """Ideas and open questions that name a clause, or were posted as about it, since it was last
    looked at, each once. One query."""
    by_number = {each.number: each for each in standings}
    things: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    for number, clause, source, thing_id, at in db.session.execute(_touching(list(by_number))):
        standing = by_number[number]
        if at is not None and at > standing.since:
            things[standing.id, clause].append((source, thing_id))
    return [
        Evidence("touched", standard_id, len(named) >= TOUCHING, len(named), 0, clause, (*named,))
        for (standard_id, clause), named in things.items()
    ]


def _touching(numbers: Sequence[str]) -> Any:
    thing = StandardLink.source_id.label("thing")
    link = (StandardLink.number, StandardLink.clause, StandardLink.source, thing)
    named = (StandardLink.number.in_(numbers), StandardLink.clause > 0)
    counted = (
        Idea.stage_kind.not_in(NOT_COUNTED),
        Idea.hidden_at.is_(None),
        Idea.trashed_at.is_(None),
    )
    ideas = (
        select(*link, Idea.posted_at.label("at"))
        .join(Idea, Idea.id == StandardLink.source_id)
        .where(*named, StandardLink.source == "idea", *counted)
    )
    ticked = (
        select(Standard.number, Clause.key, literal("idea"), Idea.id, Idea.posted_at)
        .join(Clause, Clause.standard_id == Standard.id)
        .join(IdeaClause, IdeaClause.clause_id == Clause.id)
        .join(Idea, Idea.id == IdeaClause.idea_id)
        .where(Standard.number.in_(numbers), *counted)
    )
    questions = (
        select(*link, Comment.created_at)
        .join(Comment, Comment.id == StandardLink.source_id)
        .where(
            *named,
            StandardLink.source == "comment",
            Comment.question == Question.OPEN,
            comment_stands(),
        )
    )
    # An idea that names the clause it is about is one: `union` tells it once.
    return union(ideas, ticked, questions).order_by("clause", "at", "thing")


def _tell_touched(reader: Person, standing: Standing, found: Sequence[Evidence]) -> list[Told]:
    """A sentence for each clause. Two queries, and one for ideas and questions each."""
    named = {
        clause.key: f"{clause.number} {clause.title}".strip()
        for clause in clauses_of(standing.version_id)
    }
    shown = _shown(reader, standing, [thing for each in found for thing in each.things])
    return [
        Told(
            ngettext(
                "%(num)d idea or question is about “%(clause)s”.",
                "%(num)d ideas or questions are about “%(clause)s”.",
                each.amount,
                clause=named.get(each.clause) or _("a clause that is gone"),
            ),
            tuple(shown[thing] for thing in each.things if thing in shown),
            each.enough,
        )
        for each in found
    ]


def _shown(
    reader: Person, standing: Standing, things: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[str, str, str]]:
    """(title, address, language) of what the reader sees."""
    ideas = select(Idea.id, Idea.title, Idea.lang).where(
        Idea.id.in_([number for kind, number in things if kind == "idea"]), listed_for(reader)
    )
    found: dict[tuple[str, int], tuple[str, str, str]] = {
        ("idea", row[0]): (row[1], f"/ideas/{row[0]}", row[2]) for row in db.session.execute(ideas)
    }
    asked = (
        select(Comment.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(
            Comment.id.in_([number for kind, number in things if kind == "comment"]),
            Thread.subject == "standard",
            Thread.subject_id == standing.id,
        )
    )
    for number in db.session.scalars(asked):
        address = f"/standards/{standing.number}#comment-{number}"
        found["comment", number] = (_("A question under this standard"), address, "")
    return found


def _load_changed(standings: Sequence[Standing]) -> list[Evidence]:
    """Standards that the text in force refers to and that changed since. One query."""
    by_version = {each.version_id: each for each in standings}
    query = (
        select(StandardLink.source_id, Standard.id)
        .add_columns(func.coalesce(Standard.retired_at, Standard.in_force_since))
        .join(Standard, Standard.number == StandardLink.number)
        .where(
            StandardLink.source == "version",
            StandardLink.source_id.in_(list(by_version)),
            Standard.state.in_([VersionState.IN_FORCE, VersionState.RETIRED]),
        )
        .distinct()
        .order_by(Standard.id)
    )
    changed: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for version_id, standard_id, at in db.session.execute(query):
        standing = by_version[version_id]
        if standard_id != standing.id and at > standing.since:
            changed[standing.id].append(("standard", standard_id))
    return [
        Evidence("changed", standard_id, True, len(things), things=tuple(things))
        for standard_id, things in changed.items()
    ]


def _tell_changed(reader: Person, _standing: Standing, found: Sequence[Evidence]) -> list[Told]:
    """One query."""
    ids = [number for each in found for _kind, number in each.things]
    query = select(Standard.number, Standard.title, Standard.lang).where(
        Standard.id.in_(ids), visible_to(reader)
    )
    rows = db.session.execute(query.order_by(Standard.sequence)).all()
    links = tuple((f"{row[0]} {row[1]}", f"/standards/{row[0]}", row[2]) for row in rows)
    words = ngettext(
        "%(num)d standard that it refers to has changed since.",
        "%(num)d standards that it refers to have changed since.",
        len(ids),
    )
    return [Told(words, links)]


def install() -> None:
    """Register the kinds."""
    for kind in (
        Kind("touched", lazy("Ideas and questions"), _load_touched, _tell_touched),
        Kind("changed", lazy("What it refers to has changed"), _load_changed, _tell_changed),
        Kind(
            "confirmations",
            lazy("Few confirmations"),
            _load_confirmations,
            _tell_confirmations,
            opens=_day_has_come,
        ),
        Kind("due", lazy("The day has come"), lambda _all: [], lambda _r, _s, _found: []),
    ):
        evidence.register(kind)
