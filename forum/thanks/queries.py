"""Reading thank-yous; nowhere are they counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from forum.accounts import standin
from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.i18n import _
from forum.core.kept import lines
from forum.core.paging import Page, decode_cursor, page_of, read_moment
from forum.core.site import site
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard
from forum.departments.reach import reach_of
from forum.departments.scope import scope_of
from forum.departments.visibility import people_visible_to
from forum.thanks import policy, subjects
from forum.thanks.models import Thanks, ThanksTo
from forum.thanks.subjects import Key, Named
from forum.thanks.visibility import addressed_to, listed_for, visible_to

PAGE = 20
LATEST = 3
"""Shown in a panel, however many there are: a page of somebody is no tally."""


class Called(NamedTuple):
    """Somebody, or a department, in a line of thanks; without an address where there is no page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A thank-you as its reader may read it."""

    id: int
    author: Called
    to: Sequence[Called]
    everyone: bool
    others: bool
    subject: Named | None
    why: str
    lang: str
    private: bool
    at: datetime
    hidden: bool
    hidden_why: str
    may_withdraw: bool
    may_hide: bool
    may_flag: bool

    @property
    def whom(self) -> list[Called]:
        """Everybody whom the line names, in its order; words without an address for the others."""
        told = list(self.to)
        if self.everyone:
            told.append(Called(_("everyone who worked on it"), ""))
        return [*told, Called(_("others"), "")] if self.others else told


class Wanted(NamedTuple):
    """What the feed is narrowed to."""

    department: DepartmentCard | None = None
    mine: bool = False
    about: Key | None = None


def feed(reader: Person, wanted: Wanted, after: str) -> Page[Line]:
    """A page of thank-yous, newest first. Two queries, one for each kind of thing they are for, and
    for a consultant three more."""
    query = _query().where(visible_to(reader), *_narrowed(reader, wanted))
    query = query.where(*_behind(after))
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    page = page_of(rows, PAGE, lambda row: (row[0].at.isoformat(), row[0].id))
    return Page(_lines(reader, page.rows), page.next)


def _behind(after: str) -> list[ColumnElement[bool]]:
    """The rows after the place that a cursor names; all for none or a damaged one."""
    place = decode_cursor(after, (str, int))
    at = read_moment(place[0]) if place is not None else None
    if place is None or at is None:
        return []
    same = and_(Thanks.at == at, Thanks.id < place[1])
    return [and_(Thanks.at <= at, or_(Thanks.at < at, same))]


def _narrowed(reader: Person, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.department is not None:
        found.append(_reaches(wanted.department.id))
    if wanted.mine:
        found.append(or_(Thanks.author_id == reader.id, addressed_to(reader)))
    if wanted.about is not None:
        kind, number = wanted.about
        found.append((Thanks.subject_kind == kind) & (Thanks.subject_id == number))
        # What an address names and its reader does not see is as if nothing were for it.
        found.append(subjects.is_seen(reader))
    return found


def _reaches(department_id: int) -> ColumnElement[bool]:
    """Thank-yous to a department or to people by name who belonged to it that day."""
    to = select(ThanksTo.thanks_id).where(ThanksTo.department_id == department_id, ThanksTo.named)
    return Thanks.id.in_(to)


def _query() -> Select[Any]:
    why, hidden = aliased(Text), aliased(Text)
    columns: tuple[Any, ...] = (Thanks, why.plain, hidden.plain, Person.name, Person.erased_at)
    return (
        select(*columns)
        .join(Person, Person.id == Thanks.author_id)
        .join(why, why.id == Thanks.text_id)
        .outerjoin(hidden, hidden.id == Thanks.hidden_why_id)
        .order_by(Thanks.at.desc(), Thanks.id.desc())
    )


def line_or_404(reader: Person, thanks_id: int) -> Line:
    """One thank-you. As many queries as a page of them."""
    return next(iter(lines_of(reader, [thanks_id]).values()), None) or _missing()


def _missing() -> Line:
    raise NotFound


def thanks_or_404(reader: Person, thanks_id: int) -> Thanks:
    """The row of one that the reader may read. One query."""
    query = select(Thanks).where(Thanks.id == thanks_id, visible_to(reader))
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def lines_of(reader: Person, ids: Collection[int]) -> dict[int, Line]:
    """Those of some that the reader may read. As many queries as a page of them."""
    query = _query().where(Thanks.id.in_(ids), visible_to(reader))
    return {line.id: line for line in _lines(reader, db.session.execute(query).all())}


def latest_to_person(reader: Person, person_id: int) -> list[Line]:
    """The newest to somebody by name, in public. As many queries as a page of them."""
    return _latest(reader, _named, person_id)


def latest_to_department(reader: Person, department_id: int) -> list[Line]:
    """The newest to a department itself, in public. As many queries as a page of them."""
    return _latest(reader, _itself, department_id)


def _named(person_id: Any) -> ColumnElement[bool]:
    return and_(ThanksTo.person_id == person_id, ThanksTo.named)


def _itself(department_id: Any) -> ColumnElement[bool]:
    return and_(ThanksTo.department_id == department_id, ThanksTo.person_id.is_(None))


def _latest(reader: Person, to: Callable[[Any], ColumnElement[bool]], number: int) -> list[Line]:
    found = standin.load(_newest, reader, to, site().modules, to=number)
    return _lines(reader, found.all())


def _newest(
    reader: Person, to: Callable[[Any], ColumnElement[bool]], _modules: tuple[str, ...]
) -> Select[Any]:
    """The statement, for the parameter `to`; what is on decides what may be thanked for."""
    once = _once(to(bindparam("to", type_=BigInteger)))
    query = _query().join(once, once.c.thanks_id == Thanks.id)
    return query.where(listed_for(reader)).limit(LATEST)


def _once(which: ColumnElement[bool]) -> Subquery:
    """The numbers of thank-yous, few enough to begin with; where two departments became one, a line
    may be to it twice."""
    return select(ThanksTo.thanks_id).where(which).distinct().subquery()


def latest_follow_from(reader: Person, department_id: Any) -> ColumnElement[str]:
    """All that the newest to a department follow from, as one column; the department may be a
    parameter. `reader` stands for all who see the same as they do."""
    why = aliased(Text)
    once = _once(_itself(department_id))
    newest = (
        select(Thanks.id, Thanks.at, Thanks.lang, why.plain, Person.name, Person.erased_at)
        .add_columns(Thanks.subject_kind, subjects.called().label("called"))
        .join(once, once.c.thanks_id == Thanks.id)
        .join(Person, Person.id == Thanks.author_id)
        .join(why, why.id == Thanks.text_id)
        .where(listed_for(reader))
        .order_by(Thanks.at.desc(), Thanks.id.desc())
        .limit(LATEST)
    )
    found: ColumnElement[str] = select(lines(*newest.subquery().c)).scalar_subquery()
    return found


def _lines(reader: Person, rows: Sequence[Any]) -> list[Line]:
    if not rows:
        return []
    seen = _seen(reader)
    to = _recipients([row[0].id for row in rows])
    keys = {(row[0].subject_kind, row[0].subject_id) for row in rows if row[0].subject_kind}
    names = subjects.names_of(reader, keys)
    return [_line(reader, row, to.get(row[0].id, []), names, seen) for row in rows]


class _Seen(NamedTuple):
    """The people and departments a reader sees; None for all."""

    people: frozenset[int] | None
    departments: frozenset[int] | None

    def person(self, number: int) -> bool:
        return self.people is None or number in self.people

    def department(self, number: int) -> bool:
        return self.departments is None or number in self.departments


def _seen(reader: Person) -> _Seen:
    scope = scope_of(reader)
    if scope.departments is None:
        return _Seen(None, None)
    people = db.session.scalars(select(Person.id).where(people_visible_to(reader)))
    return _Seen(frozenset(people), scope.departments)


def _recipients(ids: Sequence[int]) -> dict[int, list[Any]]:
    """Whom each names, in the order in which they were chosen. One query."""
    query = (
        select(ThanksTo.thanks_id, ThanksTo.person_id, Person.name, Person.erased_at, *CARD)
        .outerjoin(Person, Person.id == ThanksTo.person_id)
        .outerjoin(Department, Department.id == ThanksTo.department_id)
        .where(ThanksTo.thanks_id.in_(ids), or_(ThanksTo.named, ThanksTo.person_id.is_(None)))
        .order_by(ThanksTo.id)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row[0], []).append(row)
    return found


def _person(number: int, name: str, erased_at: datetime | None, seen: _Seen) -> Called:
    has_page = erased_at is None and seen.person(number)
    return Called(shown_name(name), f"/people/{number}" if has_page else "")


def _line(
    reader: Person, row: Any, to: Sequence[Any], names: Mapping[Key, Named], seen: _Seen
) -> Line:
    thanks, why, hidden_why, name, erased_at = row
    told = [_recipient(each, seen) for each in to]
    return Line(
        id=thanks.id,
        author=_person(thanks.author_id, name, erased_at, seen),
        to=[each for each in told if each is not None],
        everyone=thanks.everyone,
        others=None in told,
        subject=names.get((thanks.subject_kind, thanks.subject_id or 0)),
        why=why,
        lang=thanks.lang,
        private=thanks.private,
        at=thanks.at,
        hidden=thanks.hidden_at is not None,
        hidden_why=hidden_why or "",
        may_withdraw=policy.may_withdraw(reader, thanks, now()),
        may_hide=reader.moderates and policy.may_hide(reader, thanks, reach_of(reader)),
        may_flag=policy.may_flag(reader, thanks),
    )


def _recipient(row: Any, seen: _Seen) -> Called | None:
    """None for somebody, or a department, whom the reader does not see."""
    if row.person_id is not None:
        known = seen.person(row.person_id)
        return _person(row.person_id, row[2], row.erased_at, seen) if known else None
    card = DepartmentCard(*row[4:])
    return Called(card.name, card.url) if seen.department(card.id) else None
