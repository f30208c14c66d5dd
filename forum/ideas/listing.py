"""The list of ideas: what the address asks for, and one page of it, whatever the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    and_,
    bindparam,
    exists,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import locale_code
from forum.core.paging import Cursor, Page, decode_cursor, page_of, read_moment
from forum.core.words import slugify
from forum.departments.models import Department
from forum.departments.queries import DepartmentCard
from forum.ideas import stage_cards
from forum.ideas.badges import BadgeCard, badges_of
from forum.ideas.clock import runs
from forum.ideas.models import Answer, Idea, IdeaTag, StageKind, Tag, Vote
from forum.ideas.policy import UNSETTLED
from forum.ideas.together.adopted import is_improvement
from forum.ideas.together.in_short import LOCALE, short_text
from forum.ideas.together.queries import authored_by
from forum.ideas.turn import rewritable
from forum.ideas.visibility import READER, SCOPE, listed, listed_for, parameters_for

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
BOARD = "board"
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
    campaign: str = ""
    sort: str = "new"
    view: str = ""
    column: str = ""
    after: str = ""
    ignored: tuple[str, ...] = ()

    def query(self, **changes: Any) -> str:
        """This view's address, changed; the page starts over."""
        values = {**self._parameters(), "after": "", **changes}
        pairs = [f"{name}={quote_plus(_plain(value))}" for name, value in values.items() if value]
        return "/ideas?" + "&".join(pairs) if pairs else "/ideas"

    def _parameters(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "affected": self.affected,
            "department": self.department,
            "tag": self.tag,
            "mine": self.mine,
            "waiting": self.waiting,
            "campaign": self.campaign,
            "sort": "" if self.sort == "new" else self.sort,
            "view": self.view,
            "column": self.column,
        }

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        chosen = (self.stage, self.affected, self.department, self.tag, self.campaign)
        return any(chosen) or self.mine or self.waiting


def _plain(value: Any) -> str:
    return "1" if value is True else str(value)


def read_filter(
    reader: Person, arguments: Mapping[str, str], departments: Sequence[DepartmentCard]
) -> IdeaFilter:
    """Understand an address; what is unknown is left out and named. One query for a tag."""
    added = tuple(card.slug for card in stage_cards.added())
    slugs = {department.slug for department in departments}
    known = {
        "stage": LISTED_STAGES + added,
        "affected": slugs,
        "department": slugs,
        "sort": SORTS,
        "mine": ("1",),
        "waiting": ("1",),
        "view": (BOARD,),
        "column": LISTED_STAGES + added,
    }
    values: dict[str, Any] = {}
    ignored = []
    for name, allowed in known.items():
        value = arguments.get(name, "").strip()
        if value in allowed:
            values[name] = True if name in ("mine", "waiting") else str(value)
        elif value:
            ignored.append(name)
    free = {
        "campaign": _featured(reader, "campaign", arguments.get("campaign", "").strip()),
        "tag": _known_tag(reader, arguments.get("tag", "").strip()),
        "after": _known_place(arguments.get("after", ""), values.get("sort", "new")),
    }
    ignored += [name for name, value in free.items() if value is None]
    values |= {name: value or "" for name, value in free.items()}
    return IdeaFilter(**values, ignored=tuple(ignored))


def _featured(reader: Person, name: str, asked: str) -> str | None:
    """A parameter that a feature above understands; None for what means nothing to the reader."""
    found = FEATURED[name](reader, asked) if asked and name in FEATURED else None
    return "" if not asked else None if found is None else str(found)


def _known_place(after: str, sort: str) -> str | None:
    return after if not after or _position(after, sort) is not None else None


def _known_tag(reader: Person, asked: str) -> str | None:
    """The tag, if the reader sees an idea under it; any other is as if it were not there."""
    if not asked:
        return ""
    slug = slugify(asked)
    found = (
        select(Idea.id)
        .join(IdeaTag, IdeaTag.idea_id == Idea.id)
        .join(Tag, Tag.id == IdeaTag.tag_id)
        .where(Tag.slug == slug, listed_for(reader))
    )
    return slug if db.session.scalar(found.limit(1)) is not None else None


def _position(after: str, sort: str) -> Cursor | None:
    found = decode_cursor(after, SHAPES[sort])
    if found is None or SHAPES[sort][0] is not str:
        return found
    at = read_moment(found[0])
    return (at, found[1]) if at is not None else None


@dataclass(frozen=True, slots=True)
class ListedIdea:
    """A row of the list: the columns of `rows_for`."""

    row: Any
    departments: list[BadgeCard]


class Shape(NamedTuple):
    """What decides the statement of a list; its values are bound when it runs."""

    moderates: bool
    limited: bool
    sort: str
    after: bool
    asked: tuple[str, ...]
    row_values: bool


def list_ideas(
    reader: Person, wanted: IdeaFilter, *, answers_for: frozenset[int], size: int = PAGE
) -> Page[ListedIdea]:
    """One page of ideas as the filter asks. Two queries, whatever the rows."""
    values = values_of(reader, wanted, answers_for)
    shape = shape_of(reader, wanted, values)
    rows = db.session.execute(_statement(shape), {**values, "most": size + 1}).all()
    shown = badges_of([row.id for row in rows[:size]])
    page = page_of(rows, size, lambda row: key_of(row, wanted.sort))
    return Page([ListedIdea(row, shown.get(row.id, [])) for row in page.rows], page.next)


def shape_of(reader: Person, wanted: IdeaFilter, values: dict[str, Any]) -> Shape:
    """Which statement answers the filter with these values."""
    return Shape(
        moderates=reader.moderates,
        limited="scope_ids" in values,
        sort=wanted.sort,
        after="after_id" in values,
        asked=tuple(name for name in ASKED if values.get(name)),
        row_values=db.engine.dialect.name == "postgresql",
    )


def values_of(reader: Person, wanted: IdeaFilter, answers_for: frozenset[int]) -> dict[str, Any]:
    """What is bound when the statement of a list runs."""
    stage = stage_cards.added_called(wanted.stage)
    values: dict[str, Any] = {
        **parameters_for(reader),
        LOCALE.key: locale_code(),
        "stage": wanted.stage if stage is None else "",
        "added": stage.id if stage is not None else None,
        "affected": wanted.affected,
        "department": wanted.department,
        "tag": wanted.tag,
        "mine": wanted.mine,
        "campaign": int(wanted.campaign) if wanted.campaign else None,
        "waiting": sorted(answers_for) or [0] if wanted.waiting else None,
    }
    position = _position(wanted.after, wanted.sort) if wanted.after else None
    if position is not None:
        values["after_value"], values["after_id"] = position
    return values


@cache
def _statement(shape: Shape) -> Any:
    """The list's statement, built once for each shape."""
    return ordered(rows_for(shape.moderates, shape.limited).where(*asked_of(shape)), shape)


def asked_of(shape: Shape) -> list[ColumnElement[bool]]:
    """What the filter asks of every idea."""
    return [ASKED[name]() for name in shape.asked]


def ordered(query: Any, shape: Shape) -> Any:
    """Rows in the order of the list, from the place on that it has come to."""
    column = COLUMNS[shape.sort]
    if shape.after:
        query = query.where(_behind(column, shape.row_values))
    return query.order_by(column.desc(), Idea.id.desc()).limit(bindparam("most"))


def _behind(column: Any, row_values: bool) -> ColumnElement[bool]:
    value = bindparam("after_value", type_=column.type)
    last: BindParameter[int] = bindparam("after_id", type_=Idea.id.type)
    if row_values:
        return tuple_(column, Idea.id) < tuple_(value, last)
    return or_(column < value, and_(column == value, Idea.id < last))


def rows_for(moderates: bool, limited: bool) -> Any:
    """The columns of a row, of the ideas that such a reader sees."""
    owner = aliased(Department)
    voted = exists().where(Vote.idea_id == Idea.id, Vote.person_id == READER)
    return (
        select(
            Idea.id,
            Idea.title,
            Idea.excerpt,
            Idea.lang,
            Idea.stage_kind,
            Idea.stage_id,
            Idea.stage_since,
            Idea.vote_count,
            Idea.imported_votes,
            Idea.support,
            Idea.balanced,
            Idea.comment_count,
            Idea.posted_at,
            Idea.active_at,
            Idea.due_on,
            Idea.author_id,
            Idea.revision,
            owner.code.label("owner_code"),
            voted.label("voted"),
            short_text().label("short"),
            is_improvement().label("improved"),
            Idea.anonymous,
            rewritable().label("rewritable"),
        )
        .outerjoin(owner, owner.id == Idea.owner_department_id)
        .where(listed(READER, SCOPE if limited else None, moderates=moderates))
    )


def _affected() -> ColumnElement[bool]:
    chosen = select(Department.id).where(Department.slug == bindparam("affected"))
    return exists().where(
        Answer.idea_id == Idea.id, Answer.department_id == chosen.scalar_subquery()
    )


def _from_department() -> ColumnElement[bool]:
    chosen = select(Department.id).where(Department.slug == bindparam("department"))
    return Idea.author_department_id == chosen.scalar_subquery()


def _tagged() -> ColumnElement[bool]:
    tag = select(Tag.id).where(Tag.slug == bindparam("tag")).scalar_subquery()
    return exists().where(IdeaTag.idea_id == Idea.id, IdeaTag.tag_id == tag)


def waits_for(department_ids: Any) -> ColumnElement[bool]:
    """Undecided ideas that wait for an answer from one of these departments."""
    waiting = exists().where(
        Answer.idea_id == Idea.id,
        Answer.department_id.in_(department_ids),
        runs(),
    )
    return and_(Idea.stage_kind.in_(UNSETTLED), waiting)


ASKED: dict[str, Callable[[], ColumnElement[bool]]] = {
    "stage": lambda: Idea.stage_kind == bindparam("stage"),
    "added": lambda: Idea.stage_id == bindparam("added"),
    "affected": _affected,
    "department": _from_department,
    "tag": _tagged,
    "mine": lambda: authored_by(READER),
    "waiting": lambda: waits_for(bindparam("waiting", expanding=True)),
}
"""What each parameter of the address asks of an idea."""
FEATURED: dict[str, Callable[[Person, str], int | None]] = {}
"""Parameters that features above understand: what they mean to a reader, None for nothing."""


def key_of(row: Row[Any], sort: str) -> tuple[Any, int]:
    """A row's place in the order."""
    value = getattr(row, COLUMNS[sort].key)
    return (value.isoformat() if isinstance(value, datetime) else value, row.id)
