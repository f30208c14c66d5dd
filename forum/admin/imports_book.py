"""The company as it will be once a file is imported, kept in memory while a plan is made.

Files may come in any order, so a name nobody knows yet becomes an entry of its own: a department
marked as provisional, or a person who cannot sign in. The file that describes it fills it in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import or_, select

from forum.accounts.addresses import clean_email
from forum.accounts.models import Kind, Person, Role
from forum.admin.people_actions import Details, add_people, clean_login
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import DomainError, Invalid
from forum.core.i18n import _, lazy
from forum.core.words import slugify
from forum.departments import actions, naming
from forum.departments.models import Attachment, Department, DepartmentSlug, Representative


@dataclass(eq=False, slots=True)
class PersonEntry:
    """Somebody as they will be; `id` is None until they exist."""

    name: str
    email: str | None = None
    login: str | None = None
    id: int | None = None
    department: DepartmentEntry | None = None
    role: str = Role.EMPLOYEE
    kind: str = Kind.STAFF
    locale: str | None = None
    job_title: str = ""
    attached: set[DepartmentEntry] = field(default_factory=set)
    active: bool = True
    line: int = 0

    @property
    def handle(self) -> str:
        """What a file calls them."""
        return self.email or self.login or self.name


@dataclass(eq=False, slots=True)
class DepartmentEntry:
    """A department as it will be; `id` is None until it exists."""

    name: str
    slug: str
    code: str
    id: int | None = None
    parent: DepartmentEntry | None = None
    head: PersonEntry | None = None
    representatives: set[PersonEntry] = field(default_factory=set)
    provisional: bool = False
    closed: bool = False
    heir_id: int | None = None
    line: int = 0


class Book:
    """Everybody and every department, found by what files call them."""

    def __init__(self) -> None:
        self.people: dict[int, PersonEntry] = {}
        self.by_email: dict[str, PersonEntry] = {}
        self.by_login: dict[str, PersonEntry] = {}
        self.departments: dict[int, DepartmentEntry] = {}
        self.by_slug: dict[str, DepartmentEntry] = {}
        self.by_code: dict[str, DepartmentEntry] = {}
        self.named: list[PersonEntry | DepartmentEntry] = []
        self._fresh: list[PersonEntry | DepartmentEntry] = []
        self._load()

    def _load(self) -> None:
        """Read the company. Five queries."""
        for person in db.session.scalars(select(Person).where(Person.erased_at.is_(None))):
            entry = PersonEntry(
                person.name,
                person.email,
                person.login,
                person.id,
                role=person.role,
                kind=person.kind,
                locale=person.locale,
                job_title=person.job_title,
                active=person.deactivated_at is None,
            )
            self.people[person.id] = entry
            self.list_person(entry)
        self._load_departments()
        self._link()

    def _load_departments(self) -> None:
        for row in db.session.scalars(select(Department)):
            entry = DepartmentEntry(
                row.name,
                row.slug,
                row.code,
                row.id,
                provisional=row.provisional,
                closed=row.archived_at is not None,
                heir_id=row.merged_into_id,
            )
            self.departments[row.id] = entry
            self.list_department(entry)
        for earlier in db.session.scalars(select(DepartmentSlug)):
            self.by_slug.setdefault(earlier.slug, self.departments[earlier.department_id])

    def _link(self) -> None:
        tree = select(Department.id, Department.parent_id, Department.head_id)
        for row in db.session.execute(tree):
            entry = self.departments[row.id]
            entry.parent = self.departments.get(row.parent_id or 0)
            entry.head = self.people.get(row.head_id or 0)
        members = select(Person.id, Person.department_id).where(Person.erased_at.is_(None))
        for person_id, department_id in db.session.execute(members):
            self.people[person_id].department = self.departments.get(department_id or 0)
        self._link_seats()

    def _link_seats(self) -> None:
        for seat in db.session.scalars(select(Representative)):
            if person := self.people.get(seat.person_id):
                self.departments[seat.department_id].representatives.add(person)
        running = or_(Attachment.until.is_(None), Attachment.until > now())
        for each in db.session.scalars(select(Attachment).where(running)):
            if person := self.people.get(each.person_id):
                person.attached.add(self.departments[each.department_id])

    def list_person(self, entry: PersonEntry) -> None:
        """Find somebody by their e-mail and staff number from now on."""
        if entry.email:
            self.by_email[entry.email] = entry
        if entry.login:
            self.by_login[entry.login] = entry

    def list_department(self, entry: DepartmentEntry) -> None:
        """Find a department by its address and code from now on."""
        self.by_slug[entry.slug] = entry
        self.by_code[entry.code] = entry
        if entry.id is None and entry not in self.named:
            self.named.append(entry)

    def all_departments(self) -> list[DepartmentEntry]:
        """Every department, those to come included."""
        new = [entry for entry in self.named if isinstance(entry, DepartmentEntry)]
        return [*self.departments.values(), *new]

    def find_department(self, text: str) -> DepartmentEntry | None:
        """By address, name or code. Raises Invalid when the name fits several or is closed."""
        entry = self.by_slug.get(text.lower()) or self._by_name(text)
        entry = entry or self.by_code.get(text.upper()) or self.by_slug.get(slugify(text))
        while entry is not None and entry.heir_id is not None:
            entry = self.departments.get(entry.heir_id)
        if entry is not None and entry.closed:
            raise Invalid(_("The department %(name)s is archived.", name=entry.name))
        return entry

    def _by_name(self, text: str) -> DepartmentEntry | None:
        wanted = text.casefold()
        found = [e for e in self.all_departments() if e.name.casefold() == wanted]
        found = [e for e in found if not e.closed] or found
        if len(found) > 1:
            message = _("Several departments are called %(name)s: use the address.", name=text)
            raise Invalid(message)
        return found[0] if found else None

    def department(self, text: str) -> DepartmentEntry:
        """A department by what a file calls it, made provisional when nobody knows it yet."""
        entry = self.find_department(text)
        if entry is None:
            name = naming.clean_name(text)
            slug, code = self.free_names(name)
            entry = DepartmentEntry(name, slug, code, provisional=True)
            self.list_department(entry)
        return entry

    def free_names(self, name: str) -> tuple[str, str]:
        """An address and a code from a name that nothing has."""
        return naming.free_slug(name, self.by_slug), naming.free_code(name, self.by_code)

    def person(self, text: str) -> PersonEntry:
        """Somebody by e-mail or staff number; unknown ones become people who cannot sign in."""
        email = clean_email(text) if "@" in text else None
        if "@" in text and email is None:
            raise Invalid(_("%(text)s is not an e-mail address.", text=text[:80]))
        login = None if email else clean_login(text)
        found = self.by_email.get(email or "") or self.by_login.get(login or "")
        if found is None:
            found = PersonEntry((email or login or text).partition("@")[0], email, login)
            self.list_person(found)
            self.named.append(found)
        return found

    def person_id(self, admin: Person | None, entry: PersonEntry) -> int:
        """Their id; they are added now if they are not there yet."""
        if entry.id is None:
            self.add_people(admin, [entry])
        return entry.id or 0

    def add_people(self, admin: Person | None, entries: Sequence[PersonEntry]) -> None:
        """Add those who are not there yet, together."""
        new = [entry for entry in entries if entry.id is None]
        details = [Details(e.name, e.email, e.login, e.job_title, e.locale) for e in new]
        for entry, person in zip(new, add_people(admin, details), strict=True):
            entry.id = person.id
            self._fresh.append(entry)

    def department_id(self, admin: Person | None, entry: DepartmentEntry) -> int:
        """Its id; it is created now if it is not there yet."""
        if entry.id is None:
            made = actions.create(
                admin,
                name=entry.name,
                slug=entry.slug,
                code=entry.code,
                provisional=entry.provisional,
            )
            entry.id = made.id
            self._fresh.append(entry)
        return entry.id

    def keep(self) -> None:
        """The write was committed: what was added is there."""
        self._fresh.clear()

    def forget(self) -> None:
        """The write was taken back: what was added is not there."""
        for entry in self._fresh:
            entry.id = None
        self._fresh.clear()

    @contextmanager
    def or_nothing(self) -> Iterator[None]:
        """Read a line; when it is refused, whoever it alone has named is not added."""
        known = len(self.named)
        try:
            yield
        except DomainError:
            for entry in self.named[known:]:
                self._unlist(entry)
            del self.named[known:]
            raise

    def _unlist(self, entry: PersonEntry | DepartmentEntry) -> None:
        if isinstance(entry, PersonEntry):
            self.by_email.pop(entry.email or "", None)
            self.by_login.pop(entry.login or "", None)
        else:
            del self.by_slug[entry.slug], self.by_code[entry.code]

    def notes(self) -> list[object]:
        """What only other lines have named, to be looked at."""
        return [
            lazy("%(what)s is only named by other lines: added, to be described.", what=_label(e))
            for e in self.named
            if e.line == 0
        ]


def _label(entry: PersonEntry | DepartmentEntry) -> str:
    return entry.handle if isinstance(entry, PersonEntry) else entry.name
