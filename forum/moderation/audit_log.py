"""Reading the trail of privileged actions: filtered, paged by keyset, with what it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.names import name_key
from forum.accounts.queries import by_handle
from forum.core.audit import AuditLink, EventAddress
from forum.core.db import db
from forum.core.events import TYPES, Event
from forum.core.i18n import company_zone
from forum.core.numbers import id_or_none
from forum.core.paging import Page, decode_cursor, page_of
from forum.core.textcheck import clean_line
from forum.departments.models import Department, DepartmentChange
from forum.ideas.models import Idea
from forum.standards.models import Standard

PAGE = 50
YEARS = range(2000, 2201)
"""Days that a calendar of the forum can hold; others have no moment in every time zone."""
KINDS = (
    "idea", "comment", "person", "department", "standard", "matter", "suspension", "site",
    "glossary", "missed-search",
)  # fmt: skip
"""What privileged actions are about."""


def privileged() -> list[str]:
    """The types that enter the trail, by name."""
    return sorted(name for name, kind in TYPES.items() if kind.privileged)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the trail is asked for; `unknown` names what could not be understood."""

    who: str = ""
    type: str = ""
    kind: str = ""
    number: str = ""
    since: str = ""
    until: str = ""
    after: int | None = None
    unknown: tuple[str, ...] = ()
    people: tuple[int, ...] = field(default=(), compare=False)

    def query(self, path: str = "/admin/audit", **changes: str) -> str:
        """The address of this view at a path, changed."""
        values = {
            "who": self.who,
            "type": self.type,
            "kind": self.kind,
            "number": self.number,
            "since": self.since,
            "until": self.until,
            **changes,
        }
        kept = {name: value for name, value in values.items() if value}
        return path + ("?" + urlencode(kept) if kept else "")


def read_wanted(arguments: Mapping[str, str]) -> Wanted:
    """An address as a wish. At most two queries, for a person."""
    who = clean_line(arguments.get("who", "")[:120])
    people = _people(who) if who else ()
    found: dict[str, Any] = {
        "type": _one_of(arguments.get("type", ""), privileged()),
        "kind": _one_of(arguments.get("kind", ""), KINDS),
        "number": _number(arguments.get("number", "")),
        "since": _day(arguments.get("since", "")),
        "until": _day(arguments.get("until", "")),
    }
    unknown = [name for name, value in found.items() if value is None]
    unknown += ["who"] if who and not people else []
    values = {name: value or "" for name, value in found.items()}
    cursor = decode_cursor(arguments.get("after"), (int,))
    after = cursor[0] if cursor else None
    return Wanted(who=who, **values, after=after, unknown=tuple(unknown), people=people)


def _one_of(value: str, known: Sequence[str]) -> str | None:
    return value if not value or value in known else None


def _number(value: str) -> str | None:
    return value if not value or id_or_none(value) is not None else None


def _day(value: str) -> str | None:
    if not value:
        return ""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day.isoformat() if day.year in YEARS else None


def _people(who: str) -> tuple[int, ...]:
    """Somebody by e-mail, staff number, or everybody whose name holds the words."""
    person = by_handle(who)
    if person is not None:
        return (person.id,)
    named = select(Person.id).where(Person.name_key.contains(name_key(who), autoescape=True))
    return tuple(db.session.scalars(named.limit(200)))


@dataclass(frozen=True, slots=True)
class Act:
    """A privileged action with what it names."""

    event: Event
    actor: str | None
    address: str
    digest: str
    label: str = ""
    url: str = ""
    before: str = ""
    after: str = ""


def page_of_acts(wanted: Wanted) -> Page[Act]:
    """A page of the trail, newest first. One query, and one for each kind of thing on it."""
    query = _query(wanted).order_by(Event.id.desc())
    if wanted.after is not None:
        query = query.where(Event.id < wanted.after)
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    page = page_of(rows, PAGE, lambda row: (row[0].id,))
    return Page(_acts(page.rows), page.next)


def all_acts(wanted: Wanted) -> Iterator[Act]:
    """The whole trail as it is asked for, oldest first, a batch at a time."""
    last = 0
    query = _query(wanted).order_by(Event.id).limit(500)
    while rows := db.session.execute(query.where(Event.id > last)).all():
        yield from _acts(rows)
        last = rows[-1][0].id


def _query(wanted: Wanted) -> Any:
    types = [wanted.type] if wanted.type else privileged()
    query: Any = (
        select(Event, Person.name, EventAddress.address, AuditLink.digest)
        .outerjoin(Person, Person.id == Event.actor_id)
        .outerjoin(EventAddress, EventAddress.event_id == Event.id)
        .outerjoin(AuditLink, AuditLink.event_id == Event.id)
        .where(Event.type.in_(types))
    )
    if wanted.who:
        query = query.where(Event.actor_id.in_(wanted.people))
    if wanted.kind:
        query = query.where(Event.object_kind == wanted.kind)
    if wanted.number:
        query = query.where(Event.object_id == int(wanted.number))
    if wanted.since:
        query = query.where(Event.at >= _start_of(wanted.since))
    if wanted.until:
        query = query.where(Event.at < _start_of(wanted.until) + timedelta(days=1))
    return query


def _start_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(company_zone()))


def _acts(rows: Iterable[Any]) -> list[Act]:
    rows = list(rows)
    labels = _labels([row[0] for row in rows])
    changes = _changes([row[0] for row in rows])
    found = []
    for event, actor, address, digest in rows:
        label, url = labels.get((event.object_kind, event.object_id), ("", ""))
        before, after = _before_and_after(event, changes)
        found.append(Act(event, actor, address or "", digest or "", label, url, before, after))
    return found


def _before_and_after(event: Event, changes: Mapping[int, tuple[str, str]]) -> tuple[str, str]:
    """From the row that an event names, or from its own small words."""
    known = changes.get(event.payload.get("change") or 0)
    if known is not None:
        return known
    before, after = event.payload.get("before"), event.payload.get("after")
    for name in ("hidden", "locked", "pinned", "trusted", "aside"):
        if name in event.payload:
            now = bool(event.payload[name])
            before, after = (f"{name}: {str(value).lower()}" for value in (not now, now))
    return _word(before), _word(after)


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _changes(events: Sequence[Event]) -> dict[int, tuple[str, str]]:
    """What departments were before and after, by the changes that events name. One query."""
    ids = [number for event in events if (number := event.payload.get("change"))]
    if not ids:
        return {}
    query = select(DepartmentChange.id, DepartmentChange.old, DepartmentChange.new)
    rows = db.session.execute(query.where(DepartmentChange.id.in_(ids)))
    return {row.id: (row.old, row.new) for row in rows}


NAMED: dict[str, tuple[Any, str]] = {
    "idea": (Idea.title, "/ideas/{id}"),
    "person": (Person.name, "/admin/people/{id}"),
    "department": (Department.name, "/admin/departments/{id}"),
    "standard": (Standard.number, "/standards/{label}"),
}


def _labels(events: Sequence[Event]) -> dict[tuple[str, int], tuple[str, str]]:
    """What things are called and where they are. One query for each kind that has names."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for kind, (column, address) in NAMED.items():
        ids = {event.object_id for event in events if event.object_kind == kind}
        if ids:
            model = column.class_
            query = select(model.id, column).where(model.id.in_(ids))
            for number, label in db.session.execute(query):
                found[kind, number] = (label, address.format(id=number, label=label))
    for event in events:
        if event.object_kind in ("comment", "matter"):
            path = "/moderation/matters/" if event.object_kind == "matter" else "/comments/"
            found[event.object_kind, event.object_id] = ("", f"{path}{event.object_id}")
    return found
