"""Hits as pages show them: loaded from the database, where permission is checked once more.

One query a kind; what is no longer there, or not to be seen, does not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.core.texts import Text
from forum.departments.models import Department, Service
from forum.departments.queries import CARD, DepartmentCard
from forum.departments.scope import scope_of
from forum.departments.visibility import people_visible_to
from forum.discussion.models import Comment, Thread
from forum.discussion.pages import place_url
from forum.discussion.queries import far_back
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.search.documents import Ref, findable_ideas, present_people
from forum.standards.models import Standard, Version, VersionState
from forum.standards.visibility import visible_to as standards_visible_to

Cards = dict[int, tuple[DepartmentCard, str, bool]]
"""Departments by id, with their description and whether they are current."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found, with the text to show a passage of."""

    kind: str
    id: int
    title: str
    url: str
    text: str = ""
    lang: str = ""
    stage: str = ""
    where: str = ""
    at: datetime | None = None


def load(reader: Person, refs: Iterable[Ref], cards: Cards) -> dict[Ref, Found]:
    """Those of the things that the reader may see. One query for each kind but departments.

    Departments that a consultant does not see are not named beside what they do see.
    """
    cards = seen_cards(reader, cards)
    wanted: dict[str, list[int]] = {}
    for kind, row_id in refs:
        wanted.setdefault(kind, []).append(row_id)
    return {
        (found.kind, found.id): found
        for kind, ids in wanted.items()
        for found in LOADERS[kind](reader, ids, cards)
    }


def all_cards() -> Cards:
    """Every department with its description and whether it is current. One query."""
    query = select(*CARD, Department.description, Department.archived_at)
    return {
        row[0]: (DepartmentCard(*row[:5]), row[5], row[6] is None)
        for row in db.session.execute(query)
    }


def seen_cards(reader: Person, cards: Cards) -> Cards:
    """Those of the departments that the reader may see. No query but for a consultant's scope."""
    seen = scope_of(reader).departments
    return cards if seen is None else {row_id: cards[row_id] for row_id in seen & cards.keys()}


def _ideas(reader: Person, ids: Sequence[int], _cards: Cards) -> Iterator[Found]:
    problem, proposal = aliased(Text), aliased(Text)
    query = (
        select(Idea, problem.plain, proposal.plain, Person.name)
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(problem, problem.id == Idea.problem_id)
        .outerjoin(proposal, proposal.id == Idea.proposal_id)
        .where(Idea.id.in_(ids), listed_for(reader), *findable_ideas())
    )
    for idea, *texts, author in db.session.execute(query):
        text = "\n".join(text for text in texts if text)
        yield Found(
            "idea",
            idea.id,
            idea.title,
            f"/ideas/{idea.id}",
            text,
            idea.lang,
            idea.stage_kind,
            shown_name(author),
            idea.posted_at,
        )


def _comments(reader: Person, ids: Sequence[int], _cards: Cards) -> Iterator[Found]:
    of_idea = and_(Thread.subject == "idea", Idea.id == Thread.subject_id)
    of_standard = and_(Thread.subject == "standard", Standard.id == Thread.subject_id)
    visible = or_(
        and_(Idea.id.is_not(None), listed_for(reader), *findable_ideas()),
        and_(Standard.state == VersionState.IN_FORCE, standards_visible_to(reader)),
    )
    query = (
        select(Comment, Text.plain, Person, Idea.id, Idea.title, Idea.lang, Standard, far_back())
        .join(Text, Text.id == Comment.text_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Idea, of_idea)
        .outerjoin(Standard, of_standard)
        .where(Comment.id.in_(ids), Comment.deleted_at.is_(None), visible)
    )
    for comment, plain, author, idea_id, title, lang, standard, far in db.session.execute(query):
        under = f"/ideas/{idea_id}" if idea_id else f"/standards/{standard.number}"
        yield Found(
            "comment",
            comment.id,
            title if idea_id else f"{standard.number} {standard.title}",
            place_url(under, comment.id, far=far),
            plain,
            lang if idea_id else standard.lang,
            where=shown_name(author.name),
            at=comment.created_at,
        )


def _standards(reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    query = (
        select(Standard, Version.title, Text.plain, Version.published_at)
        .join(Version, Version.standard_id == Standard.id)
        .outerjoin(Text, Text.id == Version.text_id)
        .where(
            Standard.id.in_(ids),
            Version.state == VersionState.IN_FORCE,
            standards_visible_to(reader),
        )
    )
    for standard, title, plain, since in db.session.execute(query):
        owner = cards.get(standard.owner_department_id or 0)
        yield Found(
            "standard",
            standard.id,
            f"{standard.number} {title}",
            f"/standards/{standard.number}",
            plain or "",
            standard.lang,
            where=owner[0].name if owner else "",
            at=since,
        )


def _people(reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    query = select(Person).where(Person.id.in_(ids), *present_people(), people_visible_to(reader))
    for person in db.session.scalars(query):
        own = cards.get(person.department_id or 0)
        where = own[0].name if own else ""
        yield Found(
            "person", person.id, person.name, f"/people/{person.id}", person.job_title, where=where
        )


def _departments(_reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    for row_id in ids:
        if row_id not in cards:
            continue
        card, description, is_current = cards[row_id]
        if is_current:
            yield Found("department", row_id, card.name, card.url, description, where=card.code)


def _services(reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    scope = scope_of(reader).departments
    for service in db.session.scalars(select(Service).where(Service.id.in_(ids))):
        sides = (service.provider_id, service.customer_id)
        if scope is None or scope.intersection(sides):
            names = " → ".join(cards[side][0].name for side in sides if side in cards)
            yield Found("service", service.id, service.name, "/map", where=names)


LOADERS: dict[str, Callable[[Person, Sequence[int], Cards], Iterator[Found]]] = {
    "idea": _ideas,
    "comment": _comments,
    "standard": _standards,
    "person": _people,
    "department": _departments,
    "service": _services,
}
