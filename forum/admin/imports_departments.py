"""Importing departments: name, slug, code, parent, head, representatives.

A department is known by its address, else by its code, else by its name. An empty parent, head or
list of representatives means none; an empty address or code leaves it as it is. Lines may name a
parent that comes later, and heads whom no file has described yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from forum.accounts.models import Person
from forum.admin.imports import Difference, Outcome, Plan, Step
from forum.admin.imports_book import Book, DepartmentEntry, PersonEntry
from forum.core.csvfiles import Record, read_sheet
from forum.core.db import db
from forum.core.errors import DomainError, Invalid
from forum.core.i18n import lazy
from forum.departments import actions, naming
from forum.departments.models import Department

Act = Callable[[Book, "Person | None", Department, DepartmentEntry], None]
COLUMNS = ("name", "slug", "code", "parent", "head", "representatives")


def plan_departments(raw: bytes) -> Plan:
    """What a file of departments would do. Seven queries, whatever its length."""
    sheet = read_sheet(raw, COLUMNS, ("name",))
    book = Book()
    plan = Plan("departments", forget=book.forget, keep=book.keep)
    plan.prepare = _queue_for_the_tree
    for line, reason in sheet.refused:
        plan.refuse(line, reason)
    rows = _described(plan, book, sheet.records)
    for row in rows:
        row.try_to_link()
    _refuse_circles(rows)
    accepted = [row for row in rows if row.outcome.what != "refused"]
    for row in sorted(accepted, key=lambda row: _depth(row.entry)):
        plan.late += row.links()
        row.judge()
    plan.notes += [lazy("The column %(name)s is not used.", name=n) for n in sheet.unknown]
    plan.notes += book.notes()
    return plan


def _queue_for_the_tree(_admin: Person | None, _outcomes: Sequence[Outcome]) -> None:
    """Lock first what the steps change, or they and an administrator wait for each other."""
    actions.lock_tree()


def _described(plan: Plan, book: Book, records: Iterable[Record]) -> list[_Row]:
    """Every line's own name, address and code, so that all lines can name each other."""
    rows = []
    for record in records:
        try:
            row = _Row(book, record)
        except DomainError as refusal:
            plan.refuse(record.line, refusal.message, record.get("name"))
        else:
            plan.outcomes.append(row.outcome)
            rows.append(row)
    return rows


def _refuse_circles(rows: list[_Row]) -> None:
    """Leave out the lines whose parents would make a circle; what they said before holds."""
    for row in rows:
        if row.outcome.what != "refused" and _in_circle(row.entry):
            row.entry.parent = row.old_parent
            row.refuse(lazy("A department cannot hang under itself or its own."))


def _in_circle(entry: DepartmentEntry) -> bool:
    walker, seen = entry.parent, {entry}
    while walker is not None:
        if walker in seen:
            return walker is entry
        seen.add(walker)
        walker = walker.parent
    return False


def _depth(entry: DepartmentEntry) -> int:
    depth, walker, seen = 0, entry.parent, {entry}
    while walker is not None and walker not in seen:
        seen.add(walker)
        depth, walker = depth + 1, walker.parent
    return depth


class _Row:
    """One line: which department it means, and how it differs from now."""

    def __init__(self, book: Book, record: Record) -> None:
        self.book, self.record = book, record
        self.name = naming.clean_name(record.get("name"))
        self.slug = naming.clean_slug(record.get("slug")) if record.get("slug") else ""
        self.code = naming.clean_code(record.get("code")) if record.get("code") else ""
        self.displaced: DepartmentEntry | None = None
        found = self._which()
        self._check(found)
        self.outcome = Outcome(record.line, "unchanged", self.name)
        self.entry = found or self._new()
        self.entry.line = record.line
        self.old_parent = self.entry.parent
        self.new_head, self.new_people = self.entry.head, self.entry.representatives
        self._describe()

    def _which(self) -> DepartmentEntry | None:
        by_slug = self.book.by_slug.get(self.slug)
        if by_slug is not None:
            return by_slug
        by_code = self.book.by_code.get(self.code)
        if by_code is not None and (not self.slug or by_code.name.casefold() == self._key):
            return by_code
        same = [e for e in self.book.all_departments() if e.name.casefold() == self._key]
        if self.slug:
            # Two departments may share a name, so only one that nobody has described is meant.
            same = [e for e in same if e.provisional and not e.line]
        if len(same) > 1:
            raise Invalid(lazy("Several departments have this name: give the address."))
        return same[0] if same else None

    @property
    def _key(self) -> str:
        return self.name.casefold()

    def _check(self, found: DepartmentEntry | None) -> None:
        if found is not None and found.line:
            raise Invalid(lazy("This department is in line %(line)d already.", line=found.line))
        if found is not None and found.closed:
            raise Invalid(lazy("The department %(name)s is archived.", name=found.name))
        if self.slug in naming.RESERVED:
            raise Invalid(lazy("This address is taken by the forum itself."))
        holder = self.book.by_code.get(self.code)
        if holder is None or holder is found:
            return
        if not holder.provisional:
            raise Invalid(
                lazy("The code %(code)s belongs to %(name)s.", code=self.code, name=holder.name)
            )
        self._move_code_of(holder)

    def _move_code_of(self, holder: DepartmentEntry) -> None:
        """A code that was only guessed gives way to one that is given."""
        holder.code = naming.free_code(holder.name, {*self.book.by_code, self.code})
        self.book.by_code[holder.code] = holder
        self.displaced = holder

    def _new(self) -> DepartmentEntry:
        free_slug, free_code = self.book.free_names(self.name)
        return DepartmentEntry(self.name, self.slug or free_slug, self.code or free_code)

    def _describe(self) -> None:
        entry, before = self.entry, (self.entry.name, self.entry.slug, self.entry.code)
        if self.displaced is not None:
            self.outcome.steps.append(self._step(self.displaced, _set_code))
        was_provisional, entry.provisional = entry.provisional, False
        keeps = self.book.by_slug.get(self.slug) is entry
        entry.name = self.name
        entry.slug = entry.slug if keeps or not self.slug else self.slug
        entry.code = self.code or entry.code
        self.book.list_department(entry)
        self._differ("name", before[0], entry.name)
        self._differ("slug", before[1], entry.slug)
        self._differ("code", before[2], entry.code)
        if entry.id is None or self.outcome.differences or was_provisional:
            self.outcome.steps.append(self._step(entry, _describe))
        if was_provisional and entry.id is not None and not self.outcome.differences:
            self.outcome.differences.append(Difference("name", "?", entry.name))

    def _differ(self, column: str, old: str, new: str) -> bool:
        if old != new:
            self.outcome.differences.append(Difference(column, old, new))
        return old != new

    def try_to_link(self) -> None:
        """Read parent, head and representatives; a line that names nobody is left out."""
        try:
            self._link()
        except DomainError as refusal:
            self.refuse(refusal.message)

    def _link(self) -> None:
        entry, record, book = self.entry, self.record, self.book
        if record.has("head"):
            self.new_head = book.person(record.get("head")) if record.get("head") else None
        if record.has("representatives"):
            self.new_people = {book.person(text) for text in record.list_of("representatives")}
        if record.has("parent"):
            text = record.get("parent")
            entry.parent = book.department(text) if text else None

    def refuse(self, reason: object) -> None:
        """Leave the line out; a department only it would have described stays provisional."""
        self.outcome.what, self.outcome.reason = "refused", reason
        self.outcome.steps.clear()
        if self.entry.id is None:
            self.entry.provisional, self.entry.line = True, -1

    def judge(self) -> None:
        """Say what becomes of the line, once all of it is known."""
        if self.entry.id is None:
            self.outcome.what = "created"
        elif self.outcome.differences:
            self.outcome.what = "updated"

    def links(self) -> list[tuple[Outcome, Step]]:
        """The steps that hang the department where it belongs, and seat its people."""
        entry, steps = self.entry, []
        if self._differ("parent", _name(self.old_parent), _name(entry.parent)):
            steps.append(self._step(entry, _hang))
        if self._differ("head", _name(entry.head), _name(self.new_head)):
            steps.append(self._step(entry, _set_head))
        if self._differ("representatives", _names(entry.representatives), _names(self.new_people)):
            steps.append(self._step(entry, _seat))
        entry.head, entry.representatives = self.new_head, self.new_people
        return [(self.outcome, step) for step in steps]

    def _step(self, entry: DepartmentEntry, act: Act) -> Step:
        book = self.book

        def step(admin: Person | None) -> None:
            department = db.session.get_one(Department, book.department_id(admin, entry))
            act(book, admin, department, entry)

        return step


def _name(entry: DepartmentEntry | PersonEntry | None) -> str:
    if entry is None:
        return ""
    return entry.handle if isinstance(entry, PersonEntry) else entry.slug


def _names(people: Iterable[PersonEntry]) -> str:
    return "; ".join(sorted(each.handle for each in people))


def _describe(
    _book: Book, admin: Person | None, department: Department, entry: DepartmentEntry
) -> None:
    actions.rename(admin, department, name=entry.name, slug=entry.slug)
    _set_code(_book, admin, department, entry)
    actions.confirm(department)


def _set_code(
    _book: Book, admin: Person | None, department: Department, entry: DepartmentEntry
) -> None:
    actions.describe(
        admin,
        department,
        code=entry.code,
        hue=department.hue,
        description=department.description,
    )


def _hang(book: Book, admin: Person | None, department: Department, entry: DepartmentEntry) -> None:
    parent = entry.parent
    actions.move(admin, department, book.department_id(admin, parent) if parent else None)


def _set_head(
    book: Book, admin: Person | None, department: Department, entry: DepartmentEntry
) -> None:
    head = entry.head
    actions.set_head(admin, department, book.person_id(admin, head) if head else None)


def _seat(book: Book, admin: Person | None, department: Department, entry: DepartmentEntry) -> None:
    people = sorted(entry.representatives, key=lambda each: each.handle)
    actions.set_representatives(admin, department, [book.person_id(admin, p) for p in people])
