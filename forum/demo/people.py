"""The demo company's departments and people, and who answers for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forum.accounts import facts as accounts
from forum.accounts.models import Person
from forum.core import richtext
from forum.core.db import db
from forum.core.events import record
from forum.core.richtext import Composed
from forum.demo.content import Content, Row
from forum.demo.timeline import chance
from forum.departments import facts
from forum.departments.models import (
    Attachment,
    Department,
    Membership,
    Representative,
    Service,
)
from forum.departments.services import history

FOUNDED = timedelta(days=460)
"""How long ago the forum was set up, before its first idea."""
_MENTION = re.compile(r"@\{([^}]*)\}")
CONSULTING = timedelta(days=180)
"""How long the consultants' attachments still run."""


@dataclass(slots=True)
class Cast:
    """The company as rows: people by key, departments' ids by address."""

    people: dict[str, Person] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    heads: dict[str, Person] = field(default_factory=dict)
    rendered: list[Composed] = field(default_factory=list)
    text_ids: dict[str, int] = field(default_factory=dict)

    def mention(self, key: str) -> str:
        """How a text calls a person or a department."""
        if key in self.people:
            person = self.people[key]
            return f"@[{person.name}](person:{person.id})"
        return f"@[{self.names[key]}](department:{self.departments[key]})"

    def compose(self, text: str) -> Composed:
        """Render a text of the files, with its mentions; `text_id` knows it once it is stored."""
        called = _MENTION.sub(lambda found: self.mention(found.group(1)), text)
        self.rendered.append(richtext.compose(called))
        return self.rendered[-1]

    def compose_if_any(self, text: str | None) -> Composed | None:
        """As `compose`, for a text that may be left out."""
        return self.compose(text) if text else None

    def text_id(self, composed: Composed | None) -> int | None:
        """The row of a text that was rendered here."""
        return self.text_ids[composed.digest] if composed is not None else None


def found(content: Content, today: datetime, password_hash: str) -> Cast:
    """Write departments, people, memberships and services, in the open write."""
    cast = Cast()
    began = today - FOUNDED
    leavers = _last_seen(content)
    _departments(cast, content, began)
    for row in content.people:
        left = today - timedelta(days=leavers[row["key"]]) if not row["active"] else None
        _person(cast, row, today, left, password_hash)
    db.session.flush()
    for row in content.people:
        _place(cast, row, today)
    _seats(cast, content, began)
    _services(cast, content, began)
    return cast


def _departments(cast: Cast, content: Content, began: datetime) -> None:
    for row in content.departments:
        parent = cast.departments.get(row["parent"] or "")
        department = Department(
            name=row["name"],
            slug=row["slug"],
            code=row["code"],
            hue=row["hue"],
            parent_id=parent,
            created_at=began,
        )
        db.session.add(department)
        db.session.flush()
        cast.departments[row["slug"]] = department.id
        cast.names[row["slug"]] = row["name"]
        cast.members[row["slug"]] = []
        record(facts.CREATED, by=None, about=("department", department.id), at=began)


def _person(
    cast: Cast, row: Row, today: datetime, left: datetime | None, password_hash: str
) -> None:
    key = row["key"]
    seen = left or today - timedelta(hours=1 + 400 * chance(f"seen {key}"))
    person = Person(
        name=row["name"],
        email=row["email"],
        login=row["login"],
        job_title=row["title"] or "",
        password_hash=password_hash,
        role=row["role"],
        kind=row["kind"],
        locale=row["locale"],
        department_id=cast.departments.get(row["department"] or ""),
        created_at=today - FOUNDED,
        signed_in_at=seen,
        deactivated_at=left,
    )
    db.session.add(person)
    cast.people[key] = person
    if row["department"] and row["active"]:
        cast.members[row["department"]].append(key)


def _last_seen(content: Content) -> dict[str, int]:
    """For each person how many days ago they last did something, less the days until they left."""
    last = {row["key"]: 30 for row in content.people if not row["active"]}
    days: dict[str, list[int]] = {key: [] for key in last}
    for who, ago in _doings(content):
        if who in days:
            days[who].append(ago)
    return {key: max(1, min(agos) - 9) if agos else last[key] for key, agos in days.items()}


def _doings(content: Content) -> Iterator[tuple[str, int]]:
    for idea in content.ideas:
        yield idea["author"], idea["days_ago"]
        yield from ((comment["author"], comment["days_ago"]) for comment in idea["comments"])
        yield from ((answer["by"], answer["days_ago"]) for answer in idea["answers"].values())


def _place(cast: Cast, row: Row, today: datetime) -> None:
    person = cast.people[row["key"]]
    began = today - FOUNDED
    record(accounts.CREATED, by=None, about=("person", person.id), at=began)
    if row["attached"]:
        db.session.add(
            Attachment(
                person_id=person.id,
                department_id=cast.departments[row["attached"]],
                since=began,
                until=today + CONSULTING,
            )
        )
    if person.department_id is not None:
        _membership(cast, row, person, began)
    if person.deactivated_at is not None:
        about = ("person", person.id)
        record(accounts.DEACTIVATED, by=None, about=about, at=person.deactivated_at)


def _membership(cast: Cast, row: Row, person: Person, began: datetime) -> None:
    """Some have worked elsewhere in the company before, all of it before the first idea."""
    since = began - timedelta(days=round(2_500 * chance(f"since {row['key']}")))
    moved = chance(f"moved {row['key']}") < 0.15
    here = began - timedelta(days=20) if moved else since
    if moved:
        others = [d for slug, d in cast.departments.items() if slug != row["department"]]
        before = others[int(chance(f"before {row['key']}") * len(others))]
        earlier = since - timedelta(days=300)
        db.session.add(
            Membership(person_id=person.id, department_id=before, since=earlier, until=here)
        )
    db.session.add(
        Membership(
            person_id=person.id,
            department_id=person.department_id,
            since=here,
            until=person.deactivated_at,
        )
    )


def _seats(cast: Cast, content: Content, began: datetime) -> None:
    for row in content.departments:
        department_id = cast.departments[row["slug"]]
        department = db.session.get_one(Department, department_id)
        cast.heads[row["slug"]] = cast.people[row["head"]]
        department.head_id = cast.people[row["head"]].id
        db.session.add_all(
            Representative(department_id=department_id, person_id=cast.people[key].id, since=began)
            for key in row["representatives"]
        )


def _services(cast: Cast, content: Content, began: datetime) -> None:
    for row in content.services:
        service = Service(
            provider_id=cast.departments[row["provider"]],
            customer_id=cast.departments[row["customer"]],
            name=row["name"],
            criticality=row["criticality"],
            created_at=began,
        )
        db.session.add(service)
        db.session.flush()
        history.remember(None, service, "drawn", at=began)
        record(facts.SERVICE_ADDED, by=None, about=("service", service.id), at=began)
