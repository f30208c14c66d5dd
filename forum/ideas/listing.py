"""The list of ideas: what the address asks for, and one page of it, whatever the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.paging import Cursor, Page, decode_cursor, page_of
from forum.departments.models import Department
from forum.departments.queries import DepartmentCard
from forum.ideas.models import Answer, AnswerKind, Idea, IdeaTag, StageKind, Tag, Vote
from forum.ideas.policy import UNSETTLED
from forum.ideas.visibility import listed_for

PAGE = 20
SORTS = ("new", "supported", "active", "balanced")
SHAPES: dict[str, tuple[type, type]] = {
    "new": (str, int),
    "active": (str, int),
    "supported": (int, int),
    "balanced": (float, int),
}
COLUMNS: dict[str, Any] = {
    "new": Idea.posted_at,
    "active": Idea.active_at,
    "supported": Idea.support,
    "balanced": Idea.balanced,
}
LISTED_STAGES = tuple(kind for kind in StageKind if kind != StageKind.DRAFT)


@dataclass(frozen=True, slots=True)
class IdeaFilter:
    """What a list shows; `ignored` names the parameters that could not be understood."""

    stage: str = ""
    affected: str = ""
    department: str = ""
    tag: str = ""
    mine: bool = False
    waiting: bool = False
    sort: str = "new"
    after: str = ""
    ignored: tuple[str, ...] = ()

    def query(self, **changes: Any) -> str:
        """This view's address, changed; the page starts over."""
        from urllib.parse import urlencode

        other = replace(self, **{"after": "", **changes})
        pairs = [(name, getattr(other, name)) for name in ("stage", "affected", "department")]
        pairs += [("tag", other.tag), ("mine", "1" if other.mine else "")]
        pairs += [("waiting", "1" if other.waiting else "")]
        pairs += [("sort", "" if other.sort == "new" else other.sort), ("after", other.after)]
        text = urlencode([(name, value) for name, value in pairs if value])
        return f"/ideas?{text}" if text else "/ideas"

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        chosen = (self.stage, self.affected, self.department, self.tag)
        return any(chosen) or self.mine or self.waiting


def read_filter(arguments: Mapping[str, str], departments: Sequence[DepartmentCard]) -> IdeaFilter:
    """Understand an address; what is unknown is left out and named."""
    slugs = {department.slug for department in departments}
    known = {
        "stage": LISTED_STAGES,
        "affected": slugs,
        "department": slugs,
        "sort": SORTS,
        "mine": ("1",),
        "waiting": ("1",),
    }
    values: dict[str, Any] = {"tag": arguments.get("tag", "").strip()[:60].lower()}
    ignored = []
    for name, allowed in known.items():
        value = arguments.get(name, "").strip()
        if value in allowed:
            values[name] = True if name in ("mine", "waiting") else str(value)
        elif value:
            ignored.append(name)
    after = arguments.get("after", "")
    if after and _position(after, values.get("sort", "new")) is None:
        ignored.append("after")
        after = ""
    return IdeaFilter(**values, after=after, ignored=tuple(ignored))


def _position(after: str, sort: str) -> Cursor | None:
    found = decode_cursor(after, SHAPES[sort])
    if found is None or SHAPES[sort][0] is not str:
        return found
    try:
        at = datetime.fromisoformat(found[0])
    except ValueError:
        return None
    return (at, found[1]) if at.tzinfo is not None else None


class BadgeCard(NamedTuple):
    """An affected department in a row, with its answer."""

    id: int
    name: str
    slug: str
    code: str
    hue: int
    answer: str

    @property
    def url(self) -> str:
        """Its page."""
        return f"/departments/{self.slug}"


@dataclass(frozen=True, slots=True)
class ListedIdea:
    """A row of the list."""

    row: Row[Any]
    departments: list[BadgeCard]


def list_ideas(
    reader: Person, wanted: IdeaFilter, *, answers_for: frozenset[int], size: int = PAGE
) -> Page[ListedIdea]:
    """One page of ideas as the filter asks. Two queries, whatever the rows."""
    query = _rows(reader).where(*_conditions(reader, wanted, answers_for))
    rows = db.session.execute(_ordered(query, wanted).limit(size + 1)).all()
    shown = badges_of([row.id for row in rows[:size]])
    page = page_of(rows, size, lambda row: _key(row, wanted.sort))
    return Page([ListedIdea(row, shown.get(row.id, [])) for row in page.rows], page.next)


def listed_by_ids(reader: Person, ids: Sequence[int]) -> dict[int, ListedIdea]:
    """Rows for some ideas the reader may see, by id. Two queries."""
    rows = db.session.execute(_rows(reader).where(Idea.id.in_(list(ids)))).all()
    shown = badges_of([row.id for row in rows])
    return {row.id: ListedIdea(row, shown.get(row.id, [])) for row in rows}


def _rows(reader: Person) -> Any:
    owner = aliased(Department)
    voted = exists().where(Vote.idea_id == Idea.id, Vote.person_id == reader.id)
    return (
        select(
            Idea.id,
            Idea.title,
            Idea.excerpt,
            Idea.lang,
            Idea.stage_kind,
            Idea.vote_count,
            Idea.imported_votes,
            Idea.support,
            Idea.balanced,
            Idea.comment_count,
            Idea.posted_at,
            Idea.active_at,
            Idea.due_on,
            Idea.author_id,
            owner.code.label("owner_code"),
            voted.label("voted"),
        )
        .outerjoin(owner, owner.id == Idea.owner_department_id)
        .where(listed_for(reader))
    )


def _conditions(
    reader: Person, wanted: IdeaFilter, answers_for: frozenset[int]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.stage:
        found.append(Idea.stage_kind == wanted.stage)
    if wanted.affected:
        found.append(_affects(Department.slug == wanted.affected))
    if wanted.department:
        department = select(Department.id).where(Department.slug == wanted.department)
        found.append(Idea.author_department_id == department.scalar_subquery())
    if wanted.tag:
        tag = select(Tag.id).where(Tag.slug == wanted.tag).scalar_subquery()
        found.append(exists().where(IdeaTag.idea_id == Idea.id, IdeaTag.tag_id == tag))
    return [*found, *_about_the_reader(reader, wanted, answers_for)]


def _about_the_reader(
    reader: Person, wanted: IdeaFilter, answers_for: frozenset[int]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.mine:
        found.append(Idea.author_id == reader.id)
    if wanted.waiting:
        found.append(waits_for(answers_for))
    return found


def _affects(department: ColumnElement[bool]) -> ColumnElement[bool]:
    chosen = select(Department.id).where(department).scalar_subquery()
    return exists().where(Answer.idea_id == Idea.id, Answer.department_id == chosen)


def waits_for(answers_for: frozenset[int]) -> ColumnElement[bool]:
    """Undecided ideas that wait for an answer from one of these departments."""
    waiting = exists().where(
        Answer.idea_id == Idea.id,
        Answer.department_id.in_(list(answers_for)),
        Answer.answer == AnswerKind.WAITING,
    )
    return and_(Idea.stage_kind.in_(UNSETTLED), waiting)


def _ordered(query: Select[Any], wanted: IdeaFilter) -> Select[Any]:
    column = COLUMNS[wanted.sort]
    position = _position(wanted.after, wanted.sort) if wanted.after else None
    if position is not None:
        query = query.where(
            or_(column < position[0], and_(column == position[0], Idea.id < position[1]))
            if db.engine.dialect.name != "postgresql"
            else tuple_(column, Idea.id) < tuple_(*position)
        )
    return query.order_by(column.desc(), Idea.id.desc())


def _key(row: Row[Any], sort: str) -> tuple[Any, int]:
    value = getattr(row, COLUMNS[sort].key)
    return (value.isoformat() if isinstance(value, datetime) else value, row.id)


def badges_of(idea_ids: Sequence[int]) -> dict[int, list[BadgeCard]]:
    """The affected departments of some ideas with their answers. One query, none for no ideas."""
    if not idea_ids:
        return {}
    query = (
        select(
            Answer.idea_id,
            Department.id,
            Department.name,
            Department.slug,
            Department.code,
            Department.hue,
            Answer.answer,
        )
        .join(Department, Department.id == Answer.department_id)
        .where(Answer.idea_id.in_(list(idea_ids)))
        .order_by(Answer.id)
    )
    shown: dict[int, list[BadgeCard]] = {}
    for idea_id, *card in db.session.execute(query):
        shown.setdefault(idea_id, []).append(BadgeCard._make(card))
    return shown
