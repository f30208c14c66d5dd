"""Importing services. Provider, customer and name know one; a side is a department, `team:it/Desk`,
`role:it/Buyer`, somebody's e-mail, or `name:` with the name of the only one who is called so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.accounts.models import Person
from forum.admin.imports import Difference, Outcome, Plan, Step
from forum.admin.imports_book import Book, DepartmentEntry, PersonEntry
from forum.core.csvfiles import Record, read_sheet
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import lazy
from forum.departments.models import Service, ServiceState, Side, SideKind
from forum.departments.services import curating, ends, saying
from forum.departments.services.ends import CUSTOMER, PROVIDER, End
from forum.departments.services.saying import Said

COLUMNS = (
    "provider",
    "customer",
    "name",
    "criticality",
    "delivered",
    "channel",
    "provider_owner",
    "customer_owner",
    "state",
)
SAID = ("criticality", "delivered", "channel")
OWNERS = ("provider_owner", "customer_owner")
RUNNING = (ServiceState.PROPOSED, ServiceState.CONFIRMED, ServiceState.DISPUTED)
NAME = "name"
NO_SIDE = lazy("Write a team as team:department/name, a role as role:department/name.")

NO_PERSON = lazy("Write a person by e-mail, or by staff number as person:4711.")


class Named(NamedTuple):
    """A side as a file names it; somebody is the same wherever they belong."""

    department: DepartmentEntry | None = None
    kind: str = ""
    name: str = ""
    person: PersonEntry | None = None

    @property
    def known_by(self) -> Named:
        """The same, whatever the case of a team's name."""
        return self._replace(name=self.name.casefold())

    @property
    def title(self) -> str:
        """How the plan calls it."""
        if self.person is not None:
            return self.person.name
        place = self.department.name if self.department is not None else ""
        return f"{self.name} ({place})" if self.name else place


Key = tuple[Named, Named, str]


def plan_services(raw: bytes) -> Plan:
    """What a file of services would do. Nine queries, whatever its length."""
    sheet = read_sheet(raw, COLUMNS, ("provider",))
    book = Book()
    plan = Plan("services", forget=book.forget, keep=book.keep)
    known, seen = _known(book), dict[Key, int]()
    for line, reason in sheet.refused:
        plan.refuse(line, reason)
    for record in sheet.records:
        try:
            with book.or_nothing():
                plan.outcomes.append(_outcome(book, known, seen, record))
        except Invalid as refusal:
            plan.refuse(record.line, refusal.message, record.get("name"))
    plan.notes += [lazy("The column %(name)s is not used.", name=n) for n in sheet.unknown]
    plan.notes += book.notes()
    return plan


def _known(book: Book) -> dict[Key, Service]:
    """The services that have not ended. Two queries."""
    sides = {side.id: side for side in db.session.scalars(select(Side))}
    running = select(Service).where(Service.state != ServiceState.ENDED)
    return {
        (
            _here(book, each.provider_id, sides.get(each.provider_side_id or 0)),
            _here(book, each.customer_id, sides.get(each.customer_side_id or 0)),
            each.name.casefold(),
        ): each
        for each in db.session.scalars(running)
    }


def _here(book: Book, department_id: int | None, side: Side | None) -> Named:
    if side is not None and side.person_id is not None:
        return Named(kind=SideKind.PERSON.value, person=book.people.get(side.person_id))
    place = book.departments[department_id] if department_id is not None else None
    if side is None:
        return Named(place)
    return Named(place, side.kind, side.name).known_by


def _outcome(
    book: Book, known: dict[Key, Service], seen: dict[Key, int], record: Record
) -> Outcome:
    words = record.get("name"), record.text("delivered"), record.get("channel")
    said = saying.clean(Said(*words))
    said = saying.clean(said._replace(criticality=record.get("criticality")))
    sides = tuple(_side(book, record, column) for column in (PROVIDER, CUSTOMER))
    key = (sides[0].known_by, sides[1].known_by, said.name.casefold())
    if key[0] == key[1]:
        raise Invalid(ends.SAME)
    if key in seen:
        raise Invalid(lazy("This service is in line %(line)d already.", line=seen[key]))
    owners = {n: _person(book, record.get(n)) for n in OWNERS if record.get(n)}
    state = _state(record)
    seen[key] = record.line
    title = f"{sides[0].title} → {sides[1].title}: {said.name}"
    if key not in known:
        return Outcome(
            record.line, "created", title, steps=[_add(book, sides, said, owners, state)]
        )
    service = known[key]
    changes = _differences(book, service, record, said, owners, state)
    if not changes:
        return Outcome(record.line, "unchanged", title)
    fields = {change.column for change in changes}
    step = _change(book, service.id, fields, said, owners, state)
    return Outcome(record.line, "updated", title, changes, steps=[step])


def _side(book: Book, record: Record, column: str) -> Named:
    """Who a cell names. Raises Invalid."""
    text = record.get(column)
    if not text:
        raise Invalid(lazy("Name a department under “%(name)s”.", name=column))
    kind, _colon, rest = text.partition(":")
    if kind == NAME:
        return Named(kind=SideKind.PERSON.value, person=_person(book, text))
    if kind == SideKind.PERSON or ("@" in text and kind not in (SideKind.TEAM, SideKind.ROLE)):
        return Named(kind=SideKind.PERSON.value, person=_by_number(book, text))
    if kind not in (SideKind.TEAM, SideKind.ROLE):
        return Named(book.department(text))
    place, slash, name = rest.partition("/")
    if not slash or not place.strip():
        raise Invalid(NO_SIDE)
    checked = ends.part_of(0, SideKind(kind), name)
    return Named(book.department(place.strip()), kind, checked.name)


def _by_number(book: Book, text: str) -> PersonEntry:
    """Somebody by e-mail, or by staff number after `person:`. Raises Invalid."""
    _kind, colon, number = text.partition(":")
    if colon and not number.strip():
        raise Invalid(NO_PERSON)
    return book.person(number or text)


def _person(book: Book, text: str) -> PersonEntry:
    """Somebody by e-mail or staff number; by name as the file of the map has it. Raises Invalid."""
    kind, _colon, name = text.partition(":")
    if kind != NAME:
        return book.person(text)
    found = [each for each in book.people.values() if each.name == name.strip()]
    if len(found) != 1:
        raise Invalid(
            lazy(
                "%(name)s: nobody or more than one is called so. Write an e-mail or staff number.",
                name=name.strip()[:80],
            )
        )
    return found[0]


def _state(record: Record) -> str:
    state = record.get("state") or ServiceState.CONFIRMED
    if state not in RUNNING:
        raise Invalid(lazy("The state is proposed, confirmed or disputed."))
    return str(state)


def _differences(
    book: Book,
    service: Service,
    record: Record,
    said: Said,
    owners: Mapping[str, PersonEntry],
    state: str,
) -> list[Difference]:
    """What the columns that are there would change."""
    changes = [
        Difference(name, getattr(service, name), getattr(said, name))
        for name in SAID
        if record.has(name) and getattr(service, name) != getattr(said, name)
    ]
    for name in OWNERS:
        owner = book.people.get(getattr(service, f"{name}_id") or 0)
        wanted = owners.get(name)
        if record.has(name) and owner is not wanted:
            old, new = (each.name if each is not None else "" for each in (owner, wanted))
            changes.append(Difference(name, old, new))
    if record.has("state") and service.state != state:
        changes.append(Difference("state", service.state, state))
    return changes


def _add(
    book: Book,
    sides: tuple[Named, ...],
    said: Said,
    owners: Mapping[str, PersonEntry],
    state: str,
) -> Step:
    def step(admin: Person | None) -> None:
        provider, customer = (_end(book, admin, side) for side in sides)
        ids = {f"{name}_id": book.person_id(admin, who) for name, who in owners.items()}
        curating.add(admin, provider, customer, said, state=state, **ids)

    return step


def _end(book: Book, admin: Person | None, side: Named) -> End:
    if side.person is not None:
        return ends.somebody(db.session.get_one(Person, book.person_id(admin, side.person)))
    if side.department is None:
        raise Invalid(NO_SIDE)
    department_id = book.department_id(admin, side.department)
    if not side.kind:
        return ends.department(department_id)
    return ends.part_of(department_id, SideKind(side.kind), side.name)


def _change(
    book: Book,
    service_id: int,
    fields: set[str],
    said: Said,
    owners: Mapping[str, PersonEntry],
    state: str,
) -> Step:
    def step(admin: Person | None) -> None:
        values: dict[str, Any] = {name: getattr(said, name) for name in SAID if name in fields}
        for name in OWNERS:
            if name in fields:
                who = owners.get(name)
                values[f"{name}_id"] = book.person_id(admin, who) if who is not None else None
        if "state" in fields:
            values["state"] = state
        curating.change(admin, db.session.get_one(Service, service_id), **values)

    return step
