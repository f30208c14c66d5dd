"""Importing people: email, login, name, department, role, kind, locale, attached, active.

Somebody is known by e-mail or staff number. An empty cell leaves name, role, kind, locale and
active as they are; an empty department or attached means none. Who is missing from the file is
listed, never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from forum.accounts import standing
from forum.accounts.addresses import clean_email
from forum.accounts.models import Kind, Person, Role
from forum.admin.imports import Difference, Outcome, Plan, Step, What
from forum.admin.imports_book import Book, DepartmentEntry, PersonEntry
from forum.admin.people_actions import (
    Details,
    change_person,
    checked,
    clean_login,
    details_of,
)
from forum.core.csvfiles import Record, read_sheet
from forum.core.db import db
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import LOCALES, _, lazy
from forum.departments import membership
from forum.departments.actions import lock_tree

COLUMNS = (
    "email", "login", "name", "department", "role", "kind", "locale", "attached", "active",
)  # fmt: skip
YES, NO = ("1", "yes", "true", "да"), ("0", "no", "false", "нет")


def plan_people(raw: bytes) -> Plan:
    """What a file of people would do. Five queries, whatever its length."""
    sheet = read_sheet(raw, COLUMNS, ("email", "login"))
    book = Book()
    plan = Plan("people", forget=book.forget, keep=book.keep)
    for line, reason in sheet.refused:
        plan.refuse(line, reason)
    newcomers: dict[int, PersonEntry] = {}
    plan.prepare = _welcome(book, newcomers)
    for record in sheet.records:
        try:
            with book.or_nothing():
                row = _Row(book, record)
                plan.outcomes.append(row.outcome())
            if row.is_new:
                newcomers[record.line] = row.entry
        except Invalid as refusal:
            plan.refuse(record.line, refusal.message, record.get("name"))
    plan.notes += [lazy("The column %(name)s is not used.", name=n) for n in sheet.unknown]
    plan.notes += book.notes()
    if sheet.records:
        plan.notes += [
            lazy("Not in this file, left as they are: %(who)s", who=entry.handle)
            for entry in book.people.values()
            if entry.line == 0 and entry.active
        ]
    return plan


def _welcome(
    book: Book, newcomers: dict[int, PersonEntry]
) -> Callable[[Person | None, Sequence[Outcome]], None]:
    """Adds the new people of a batch together, and puts them where they belong."""

    def prepare(admin: Person | None, outcomes: Sequence[Outcome]) -> None:
        # Before any person, as a merge does, or the two would wait for each other.
        lock_tree()
        entries = [newcomers[each.line] for each in outcomes if each.line in newcomers]
        if not entries:
            return
        book.add_people(admin, entries)
        places = {
            entry.id: book.department_id(admin, entry.department)
            for entry in entries
            if entry.department is not None and entry.id is not None
        }
        if places:
            membership.place_newcomers(admin, places)

    return prepare


class _Row:
    """One line: who it means, what it wants, and how that differs from now."""

    def __init__(self, book: Book, record: Record) -> None:
        self.book, self.record = book, record
        self.email = self._email()
        self.login = clean_login(record.get("login"))
        self.entry, self.is_new = PersonEntry("", self.email, self.login), False
        self.differences: list[Difference] = []
        self.steps: list[Step] = []

    def _email(self) -> str | None:
        text = self.record.get("email")
        email = clean_email(text) if text else None
        if text and email is None:
            raise Invalid(lazy("%(text)s is not an e-mail address.", text=text[:80]))
        return email

    def outcome(self) -> Outcome:
        """What becomes of the line; the book knows it afterwards."""
        entry = self.entry = self._who() or self.entry
        self.is_new = entry.id is None
        # Whatever could refuse the line is read first; from here on the book changes.
        wanted = self._wanted(entry)
        entry.line = self.record.line
        self._take_over(entry, wanted)
        self.book.list_person(entry)
        line, handle = self.record.line, entry.handle
        if self.is_new:
            steps = [_nothing, *self.steps]
            return Outcome(line, "created", handle, self.differences, steps=steps)
        what: What = "updated" if self.steps else "unchanged"
        return Outcome(line, what, handle, self.differences, steps=self.steps)

    def _who(self) -> PersonEntry | None:
        if self.email is None and self.login is None:
            raise Invalid(lazy("Give an e-mail or a staff number."))
        by_email = self.book.by_email.get(self.email or "")
        by_login = self.book.by_login.get(self.login or "")
        if by_email is not None and by_login is not None and by_email is not by_login:
            raise Invalid(lazy("This e-mail and this staff number belong to two people."))
        entry = by_email or by_login
        if entry is not None and entry.line:
            raise Invalid(lazy("This person is in line %(line)d already.", line=entry.line))
        return entry

    def _wanted(self, entry: PersonEntry) -> PersonEntry:
        """The person as the line wants them. Raises Invalid for anything it cannot mean."""
        get = self.record.get
        wanted = PersonEntry(
            name=get("name") or entry.name,
            email=self.email or entry.email,
            login=self.login or entry.login,
            role=self._one_of("role", Role, entry.role),
            kind=self._one_of("kind", Kind, entry.kind),
            locale=self._one_of("locale", LOCALES, entry.locale or "") or None,
            active=self._active(entry.active),
            job_title=entry.job_title,
        )
        details = checked(_details(wanted), before=entry.name)
        wanted.name = details.name
        self._check_admins(entry, wanted)
        wanted.attached = (
            {self.book.department(name) for name in self.record.list_of("attached")}
            if self.record.has("attached")
            else set(entry.attached)
        )
        wanted.department = entry.department
        if self.record.has("department"):
            name = get("department")
            wanted.department = self.book.department(name) if name else None
        return wanted

    def _one_of(self, column: str, known: Iterable[str], otherwise: str) -> str:
        text = self.record.get(column).lower()
        values = [str(value) for value in known]
        if text and text not in values:
            choices = ", ".join(values)
            raise Invalid(
                lazy("Write one of %(choices)s under “%(name)s”.", choices=choices, name=column)
            )
        return text or otherwise

    def _active(self, now: bool) -> bool:
        text = self.record.get("active").lower()
        if text and text not in (*YES, *NO):
            raise Invalid(lazy("Write 1 or 0 under “active”."))
        return text in YES if text else now

    def _check_admins(self, entry: PersonEntry, wanted: PersonEntry) -> None:
        def administers(each: PersonEntry) -> bool:
            return each.role == Role.ADMIN and each.active

        if administers(entry) and not administers(wanted):
            others = (e for e in self.book.people.values() if e is not entry)
            if not any(administers(e) for e in others):
                raise Invalid(standing.LAST_ADMIN)

    def _take_over(self, entry: PersonEntry, wanted: PersonEntry) -> None:
        self._details(entry, wanted)
        self._place(entry, wanted)
        self._differ("kind", entry.kind, wanted.kind, _person_step(self.book, entry, _set_kind))
        self._differ("role", entry.role, wanted.role, _person_step(self.book, entry, _set_role))
        entry.kind, entry.role = wanted.kind, wanted.role
        self._attach(entry, wanted)
        self._differ(
            "active",
            _as_digit(entry.active),
            _as_digit(wanted.active),
            _person_step(self.book, entry, _set_active),
        )
        entry.active = wanted.active

    def _details(self, entry: PersonEntry, wanted: PersonEntry) -> None:
        step = _person_step(self.book, entry, _set_details)
        changed = False
        for column in ("name", "email", "login", "locale"):
            old, new = getattr(entry, column) or "", getattr(wanted, column) or ""
            if old != new:
                self.differences.append(Difference(column, old, new))
                changed = True
            setattr(entry, column, getattr(wanted, column))
        if changed and entry.id is not None:
            self.steps.append(step)

    def _place(self, entry: PersonEntry, wanted: PersonEntry) -> None:
        book, place = self.book, wanted.department

        def step(admin: Person | None) -> None:
            target = book.department_id(admin, place) if place is not None else None
            membership.place(admin, book.person_id(admin, entry), target)

        if entry.department is not place:
            old = entry.department.name if entry.department else ""
            new = place.name if place else ""
            self.differences.append(Difference("department", old, new))
            self.steps += [] if self.is_new else [step]
        entry.department = place

    def _attach(self, entry: PersonEntry, wanted: PersonEntry) -> None:
        book, chosen = self.book, set(wanted.attached)

        def step(admin: Person | None) -> None:
            ids = [book.department_id(admin, each) for each in chosen]
            membership.attach_only(admin, book.person_id(admin, entry), ids)

        self._differ("attached", _names(entry.attached), _names(chosen), step)
        entry.attached = chosen

    def _differ(self, column: str, old: str, new: str, step: Step) -> None:
        if old != new:
            self.differences.append(Difference(column, old, new))
            self.steps.append(step)


def _details(entry: PersonEntry) -> Details:
    return Details(entry.name, entry.email, entry.login, entry.job_title, entry.locale)


def _names(departments: Iterable[DepartmentEntry]) -> str:
    return "; ".join(sorted(each.name for each in departments))


def _as_digit(value: bool) -> str:
    return "1" if value else "0"


def _person_step(
    book: Book, entry: PersonEntry, act: Callable[[Person | None, Person, PersonEntry], None]
) -> Step:
    def step(admin: Person | None) -> None:
        act(admin, db.session.get_one(Person, book.person_id(admin, entry)), entry)

    return step


def _nothing(_admin: Person | None) -> None:
    """Adding the person, together with the others of the batch, was all."""


def _set_details(admin: Person | None, person: Person, entry: PersonEntry) -> None:
    entry.job_title = details_of(person).job_title
    change_person(admin, person, _details(entry))


def _set_kind(admin: Person | None, person: Person, entry: PersonEntry) -> None:
    standing.set_kind(admin, person, entry.kind)


def _refuse_oneself(admin: Person | None, person: Person) -> None:
    """A file of everybody must not take away, half-way, the right to load the rest of it."""
    if admin is not None and admin.id == person.id:
        raise Conflict(_("Your own role and access are changed on your page, not by a file."))


def _set_role(admin: Person | None, person: Person, entry: PersonEntry) -> None:
    _refuse_oneself(admin, person)
    standing.set_role(admin, person, entry.role)


def _set_active(admin: Person | None, person: Person, entry: PersonEntry) -> None:
    _refuse_oneself(admin, person)
    (standing.reactivate if entry.active else standing.deactivate)(admin, person)
