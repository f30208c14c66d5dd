"""Importing services: provider, customer, name, criticality. The three first know a service."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.admin.imports import Difference, Outcome, Plan, Step
from forum.admin.imports_book import Book, DepartmentEntry
from forum.core.csvfiles import Record, read_sheet
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import lazy
from forum.departments.models import Service, ServiceState
from forum.departments.services import curating, ends, saying

COLUMNS = ("provider", "customer", "name", "criticality")
BETWEEN_DEPARTMENTS = (
    Service.state != ServiceState.ENDED,
    Service.provider_side_id.is_(None),
    Service.customer_side_id.is_(None),
)
LONGEST_CRITICALITY = 40

Key = tuple[DepartmentEntry, DepartmentEntry, str]


def plan_services(raw: bytes) -> Plan:
    """What a file of services would do. Eight queries, whatever its length."""
    sheet = read_sheet(raw, COLUMNS, ("provider",))
    book = Book()
    plan = Plan("services", forget=book.forget, keep=book.keep)
    known: dict[Key, Service] = {
        (book.departments[s.provider_id], book.departments[s.customer_id], s.name): s
        for s in db.session.scalars(select(Service).where(*BETWEEN_DEPARTMENTS))
        if s.provider_id is not None and s.customer_id is not None
    }
    seen: dict[Key, int] = {}
    for line, reason in sheet.refused:
        plan.refuse(line, reason)
    for record in sheet.records:
        try:
            plan.outcomes.append(_outcome(book, known, seen, record))
        except Invalid as refusal:
            plan.refuse(record.line, refusal.message, record.get("name"))
    plan.notes += [lazy("The column %(name)s is not used.", name=n) for n in sheet.unknown]
    plan.notes += book.notes()
    return plan


def _outcome(
    book: Book, known: dict[Key, Service], seen: dict[Key, int], record: Record
) -> Outcome:
    name, level = _read(record)
    key = (book.department(record.get("provider")), book.department(record.get("customer")), name)
    if key[0] is key[1]:
        raise Invalid(ends.SAME)
    if key in seen:
        raise Invalid(lazy("This service is in line %(line)d already.", line=seen[key]))
    seen[key] = record.line
    title = f"{key[0].name} → {key[1].name}: {name}"
    if key not in known:
        return Outcome(record.line, "created", title, steps=[_add(book, key, level)])
    old = known[key].criticality
    if not record.has("criticality") or old == level:
        return Outcome(record.line, "unchanged", title)
    changes = [Difference("criticality", old, level)]
    return Outcome(record.line, "updated", title, changes, steps=[_weigh(known[key].id, level)])


def _read(record: Record) -> tuple[str, str]:
    for column in ("provider", "customer"):
        if not record.get(column):
            raise Invalid(lazy("Name a department under “%(name)s”.", name=column))
    level = record.get("criticality")
    if len(level) > LONGEST_CRITICALITY:
        raise Invalid(lazy("Say the criticality in a word or two."))
    return saying.clean_service_name(record.get("name")), level


def _add(book: Book, key: Key, criticality: str) -> Step:
    def step(admin: Person | None) -> None:
        curating.add_service(
            admin,
            provider_id=book.department_id(admin, key[0]),
            customer_id=book.department_id(admin, key[1]),
            name=key[2],
            criticality=criticality,
        )

    return step


def _weigh(service_id: int, criticality: str) -> Step:
    def step(admin: Person | None) -> None:
        curating.weigh_service(admin, db.session.get_one(Service, service_id), criticality)

    return step
