"""Hits as pages show them: loaded from the database, where permission is checked once more.

One query a kind; what is no longer there, or not to be seen, does not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, and_, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.core.i18n import _, day
from forum.core.texts import Text
from forum.departments.models import Department, ServiceState
from forum.departments.queries import CARD, DepartmentCard
from forum.departments.scope import scope_of
from forum.departments.services import queries as services
from forum.departments.services.phrases import STATES
from forum.departments.visibility import people_visible_to
from forum.discussion.models import Comment, Thread
from forum.discussion.pages import place_url
from forum.discussion.queries import far_back
from forum.discussion.visibility import standing
from forum.ideas import stage_cards
from forum.ideas.models import Idea
from forum.ideas.together.in_short import all_shorts
from forum.ideas.visibility import listed_for
from forum.search.clauses import Part
from forum.search.documents import OLDER, Ref
from forum.search.loading import NOT_TRANSLATED, findable_ideas, present_people
from forum.search.names import STAGE_NAMES
from forum.standards.models import Standard, Version, VersionState
from forum.standards.older import seen_older
from forum.standards.tongues.queries import findable
from forum.standards.visibility import visible_to as standards_visible_to

Cards = dict[int, tuple[DepartmentCard, str, bool]]
"""Departments by id, with their description and whether they are current."""

_PROBLEM, _PROPOSAL = aliased(Text), aliased(Text)
# Columns alone, and put together once: to do so took more of a page's time than asking.
IDEAS = (
    select(Idea.id, Idea.title, Idea.lang, Idea.stage_kind, Idea.stage_id, Idea.posted_at)
    .add_columns(_PROBLEM.plain, _PROPOSAL.plain, all_shorts(), Person.name)
    .join(Person, Person.id == Idea.author_id)
    .outerjoin(_PROBLEM, _PROBLEM.id == Idea.problem_id)
    .outerjoin(_PROPOSAL, _PROPOSAL.id == Idea.proposal_id)
    .where(*findable_ideas())
)
COMMENTS = (
    select(Comment.id, Comment.created_at, Text.plain, Person.name, far_back())
    .add_columns(Idea.id, Idea.title, Idea.lang, Standard.number, Standard.title, Standard.lang)
    .join(Text, Text.id == Comment.text_id)
    .join(Person, Person.id == Comment.author_id)
    .join(Thread, Thread.id == Comment.thread_id)
    .outerjoin(Idea, and_(Thread.subject == "idea", Idea.id == Thread.subject_id))
    .outerjoin(Standard, and_(Thread.subject == "standard", Standard.id == Thread.subject_id))
    .where(standing())
)
STANDARDS = (
    select(Standard.id, Standard.number, Standard.lang, Standard.owner_department_id)
    .add_columns(Version.title, Text.plain, Version.published_at, Standard.translated)
    .join(Version, Version.standard_id == Standard.id)
    .outerjoin(Text, Text.id == Version.text_id)
    .where(Version.state == VersionState.IN_FORCE)
)
PEOPLE = select(Person.id, Person.name, Person.job_title, Person.department_id).where(
    *present_people()
)
DEPARTMENTS = select(*CARD, Department.description, Department.archived_at)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found, with the text to show a passage of; `told` says it in others."""

    kind: str
    id: int
    title: str
    url: str
    text: str = ""
    lang: str = ""
    stage: str = ""
    where: str = ""
    at: datetime | None = None
    stage_id: int = 0
    told: tuple[Part, ...] = ()
    version: int = 0
    """The row of a version that is not in force any more."""

    @property
    def ref(self) -> Ref:
        """What it is in the index."""
        return (OLDER, self.version) if self.version else (self.kind, self.id)

    @property
    def words(self) -> str:
        """Its text in every language it has."""
        return "\n".join((self.text, *(f"{part.title}\n{part.text}".strip() for part in self.told)))

    @property
    def stage_label(self) -> str:
        """Where it stands, in words; empty for what stands nowhere."""
        if self.kind == "idea":
            return stage_cards.shown(self.stage, self.stage_id)
        return str(STAGE_NAMES[self.stage]) if self.stage else ""

    @property
    def stage_look(self) -> str:
        """The class that colours that; empty for what has no stages of its own."""
        return stage_cards.look(self.stage, self.stage_id) if self.kind == "idea" else ""


def load(reader: Person, refs: Iterable[Ref], cards: Cards) -> dict[Ref, Found]:
    """Those of the things that the reader may see. One query for each kind but departments.

    Departments that a consultant does not see are not named beside what they do see.
    """
    cards = seen_cards(reader, cards)
    wanted: dict[str, list[int]] = {}
    for kind, row_id in refs:
        wanted.setdefault(kind, []).append(row_id)
    return {
        found.ref: found
        for kind, ids in wanted.items()
        for found in LOADERS[kind](reader, ids, cards)
    }


def all_cards() -> Cards:
    """Every department with its description and whether it is current. One query."""
    return {
        row[0]: (DepartmentCard(*row[:5]), row[5], row[6] is None) for row in _rows(DEPARTMENTS)
    }


def seen_cards(reader: Person, cards: Cards) -> Cards:
    """Those of the departments that the reader may see. No query but for a consultant's scope."""
    seen = scope_of(reader).departments
    return cards if seen is None else {row_id: cards[row_id] for row_id in seen & cards.keys()}


def _ideas(reader: Person, ids: Sequence[int], _cards: Cards) -> Iterator[Found]:
    query = IDEAS.where(Idea.id.in_(ids), listed_for(reader))
    for row_id, title, lang, stage, stage_id, posted_at, *texts, author in _rows(query):
        text = "\n".join(text for text in texts if text)
        url, where = f"/ideas/{row_id}", shown_name(author)
        yield Found("idea", row_id, title, url, text, lang, stage, where, posted_at, stage_id)


def _comments(reader: Person, ids: Sequence[int], _cards: Cards) -> Iterator[Found]:
    visible = or_(
        and_(Idea.id.is_not(None), listed_for(reader), *findable_ideas()),
        and_(Standard.state == VersionState.IN_FORCE, standards_visible_to(reader)),
    )
    query = COMMENTS.where(Comment.id.in_(ids), visible)
    for row_id, at, plain, author, far, idea_id, title, lang, number, *of_standard in _rows(query):
        if not idea_id:
            title, lang = f"{number} {of_standard[0]}", of_standard[1]
        under = f"/ideas/{idea_id}" if idea_id else f"/standards/{number}"
        url, where = place_url(under, row_id, far=far), shown_name(author)
        yield Found("comment", row_id, title, url, plain, lang, where=where, at=at)


def _standards(reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    query = STANDARDS.where(Standard.id.in_(ids), standards_visible_to(reader))
    rows = list(_rows(query))
    others = findable([row[0] for row in rows]) if any(row[-1] for row in rows) else {}
    for row_id, number, lang, owner_id, title, plain, since, _translated in rows:
        owner = cards.get(owner_id or 0)
        title, url = f"{number} {title}", f"/standards/{number}"
        where = owner[0].name if owner else ""
        told = tuple(Part(*part) for part in others.get(row_id, NOT_TRANSLATED).parts)
        yield Found(
            "standard", row_id, title, url, plain or "", lang, where=where, at=since, told=told
        )


def _older(reader: Person, ids: Sequence[int], _cards: Cards) -> Iterator[Found]:
    rows = _rows(seen_older(reader).where(Version.id.in_(ids)))
    for row_id, standard_id, number, version, title, lang, state, until, plain in rows:
        url = f"/standards/{number}/versions/{version}"
        where, title = _since_when(state, version, until), f"{number} {title}"
        yield Found(
            "standard", standard_id, title, url, plain or "", lang, where=where, version=row_id
        )


def _since_when(state: str, version: int, until: datetime | None) -> str:
    said = {"number": version, "day": day(until) if until else "…"}
    if state == VersionState.RETIRED:
        return _("version %(number)d, retired on %(day)s", **said)
    return _("version %(number)d, superseded on %(day)s", **said)


def _people(reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    query = PEOPLE.where(Person.id.in_(ids), people_visible_to(reader))
    for row_id, name, job_title, department_id in _rows(query):
        own = cards.get(department_id or 0)
        where = own[0].name if own else ""
        yield Found("person", row_id, name, f"/people/{row_id}", job_title, where=where)


def _rows(query: Executable) -> Iterable[Any]:
    return db.session.execute(query)


def _departments(_reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    for row_id in ids:
        if row_id not in cards:
            continue
        card, description, is_current = cards[row_id]
        if is_current:
            yield Found("department", row_id, card.name, card.url, description, where=card.code)


def _services(reader: Person, ids: Sequence[int], cards: Cards) -> Iterator[Found]:
    for service in services.visible_among(reader, ids):
        sides = (service.provider_id, service.customer_id)
        names = " → ".join(cards[side][0].name for side in sides if side in cards)
        url, state = f"/map/services/{service.id}", STATES[ServiceState(service.state)]
        agreed = service.state == ServiceState.CONFIRMED
        where = names if agreed else " · ".join(filter(None, (names, str(state))))
        yield Found("service", service.id, service.name, url, service.delivered, where=where)


LOADERS: dict[str, Callable[[Person, Sequence[int], Cards], Iterator[Found]]] = {
    "idea": _ideas,
    "comment": _comments,
    "standard": _standards,
    "person": _people,
    "department": _departments,
    "service": _services,
    OLDER: _older,
}
