"""What administrators do to the tree; every change is remembered. `admin` None is the shell."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import EventType, record
from forum.core.i18n import _, ngettext
from forum.departments import facts, hooks, naming, policy
from forum.departments.models import (
    Department,
    DepartmentChange,
    DepartmentSlug,
    Representative,
)


def create(
    admin: Person | None,
    *,
    name: str,
    slug: str = "",
    code: str = "",
    parent_id: int | None = None,
    provisional: bool = False,
) -> Department:
    """A new department; address and code are made from the name unless given."""
    require(policy.may_manage(admin))
    name = naming.clean_name(name)
    with transaction():
        taken = naming.taken_slugs()
        wanted = naming.clean_slug(slug) if slug else naming.free_slug(name, taken)
        codes = naming.taken_codes()
        short = naming.clean_code(code) if code else naming.free_code(name, codes)
        naming.check_slug_free(wanted)
        naming.check_code_free(short)
        if parent_id is not None:
            _lock_under(parent_id)
        made = Department(
            name=name,
            slug=wanted,
            code=short,
            hue=len(codes) % naming.HUES,
            parent_id=parent_id,
            provisional=provisional,
        )
        db.session.add(made)
        _flush_unique()
        remember(admin, made.id, facts.CREATED)
    return made


def _flush_unique() -> None:
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Conflict(_("Another department has this address or code.")) from clash


def remember(
    admin: Person | None, department_id: int, fact: EventType, *, old: str = "", new: str = ""
) -> None:
    """A line of history and an event, in the open write."""
    what = fact.name.removeprefix("department.")
    by_id = admin.id if admin is not None else None
    change = DepartmentChange(department_id=department_id, what=what, old=old, new=new, by_id=by_id)
    db.session.add(change)
    db.session.flush()
    record(fact, by=admin, about=("department", department_id), change=change.id)


def rename(admin: Person | None, department: Department, *, name: str, slug: str = "") -> None:
    """Another name, and address if one is given; the earlier address keeps leading here."""
    require(policy.may_manage(admin))
    name = naming.clean_name(name)
    slug = naming.clean_slug(slug) if slug else department.slug
    if (name, slug) == (department.name, department.slug):
        return
    with transaction():
        old_name, old_slug = department.name, department.slug
        if slug != old_slug:
            naming.check_slug_free(slug, but=department.id)
            _keep_address(department.id, old_slug, slug)
        department.name, department.slug = name, slug
        _flush_unique()
        if name != old_name:
            remember(admin, department.id, facts.RENAMED, old=old_name, new=name)
        if slug != old_slug:
            remember(admin, department.id, facts.CHANGED, old=old_slug, new=slug)


def _keep_address(department_id: int, old: str, new: str) -> None:
    db.session.execute(delete(DepartmentSlug).where(DepartmentSlug.slug.in_((old, new))))
    db.session.add(DepartmentSlug(slug=old, department_id=department_id))


def describe(
    admin: Person | None, department: Department, *, code: str, hue: int, description: str
) -> None:
    """Another code, colour or description."""
    require(policy.may_manage(admin))
    code = naming.clean_code(code)
    if not 0 <= hue < naming.HUES:
        raise Invalid(_("Choose one of the colours."), field="hue")
    if (code, hue, description) == (department.code, department.hue, department.description):
        return
    with transaction():
        naming.check_code_free(code, but=department.id)
        old = department.code
        department.code, department.hue, department.description = code, hue, description
        _flush_unique()
        remember(admin, department.id, facts.CHANGED, old=old, new=code)


def confirm(department: Department) -> None:
    """A department a file had only named is now described by one, in the open write."""
    db.session.execute(
        update(Department).where(Department.id == department.id).values(provisional=False)
    )


def move(admin: Person | None, department: Department, parent_id: int | None) -> None:
    """Hang a department elsewhere in the tree. Invalid when that would make a circle."""
    require(policy.may_manage(admin))
    if parent_id == department.parent_id:
        return
    with transaction():
        _lock_under(parent_id)
        if department.id in line_of(parent_id):
            message = _("A department cannot hang under itself or under one of its own.")
            raise Invalid(message, field="parent")
        old = department.parent_id
        db.session.execute(
            update(Department).where(Department.id == department.id).values(parent_id=parent_id)
        )
        db.session.refresh(department)
        remember(admin, department.id, facts.MOVED, old=str(old or ""), new=str(parent_id or ""))


def lock_tree() -> set[int]:
    """Lock the whole tree, so that two changes of it queue; the departments that are open."""
    rows = db.session.execute(
        select(Department.id, Department.archived_at).order_by(Department.id).with_for_update()
    ).all()
    return {row.id for row in rows if row.archived_at is None}


def hold(department: Department) -> None:
    """Lock the tree, and see a department as it is now; first in the open write."""
    lock_tree()
    db.session.refresh(department)


def _lock_under(parent_id: int | None) -> None:
    if parent_id not in {None, *lock_tree()}:
        raise Invalid(_("Choose a department from the list."), field="parent")


def line_of(department_id: int | None) -> list[int]:
    """A department and everything above it, from below. One query."""
    parents = dict(db.session.execute(select(Department.id, Department.parent_id)).all())
    line: list[int] = []
    while department_id is not None and department_id not in line:
        line.append(department_id)
        department_id = parents.get(department_id)
    return line


def archive(admin: Person | None, department: Department, *, anyway: bool = False) -> None:
    """Close a department; it stays readable and in history.

    Conflict while it has members or departments below it, and, unless `anyway`, while answers
    wait for it: those are then taken back, because nobody will ever give them.
    """
    require(policy.may_manage(admin))
    with transaction():
        # Locked and closed first: who is just naming it has to finish before, or sees it closed.
        lock_tree()
        closed = _close(department.id)
        _check_empty(department.id)
        waiting = hooks.open_things(department.id)
        if waiting and not anyway:
            raise Conflict(
                ngettext(
                    "%(num)d answer or accepted idea still waits for this department.",
                    "%(num)d answers and accepted ideas still wait for this department.",
                    waiting,
                )
            )
        hooks.release(department.id)
        if closed:
            remember(admin, department.id, facts.ARCHIVED)
    db.session.refresh(department)


def _check_empty(department_id: int) -> None:
    below = select(func.count(Department.id)).where(
        Department.parent_id == department_id, Department.archived_at.is_(None)
    )
    members = select(func.count(Person.id)).where(
        Person.department_id == department_id, Person.deactivated_at.is_(None)
    )
    if (db.session.scalar(members) or 0) + (db.session.scalar(below) or 0):
        raise Conflict(_("Move its members and the departments below it first."))


def _close(department_id: int, **values: int) -> bool:
    closed = db.session.execute(
        update(Department)
        .where(Department.id == department_id, Department.archived_at.is_(None))
        .values(archived_at=now(), **values)
    )
    return bool(closed.rowcount)  # type: ignore[attr-defined]


def close_merged(department_id: int, into_id: int) -> bool:
    """Archive a department as part of another, in the open write; False when already closed."""
    return _close(department_id, merged_into_id=into_id)


def restore(admin: Person | None, department: Department) -> None:
    """Open an archived department again; a merged one stays merged."""
    require(policy.may_manage(admin))
    with transaction():
        opened = db.session.execute(
            update(Department)
            .where(
                Department.id == department.id,
                Department.archived_at.is_not(None),
                Department.merged_into_id.is_(None),
            )
            .values(archived_at=None, parent_id=None)
        )
        if not opened.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("This department is not archived, or it is part of another now."))
        remember(admin, department.id, facts.RESTORED)
    db.session.refresh(department)


def set_head(admin: Person | None, department: Department, person_id: int | None) -> None:
    """Appoint a head, or nobody."""
    require(policy.may_manage(admin))
    if person_id == department.head_id:
        return
    with transaction():
        _check_people([] if person_id is None else [person_id], field="head")
        old = department.head_id
        db.session.execute(
            update(Department).where(Department.id == department.id).values(head_id=person_id)
        )
        db.session.refresh(department)
        remember(admin, department.id, facts.HEAD_SET, old=str(old or ""), new=str(person_id or ""))


def set_representatives(
    admin: Person | None, department: Department, person_ids: Iterable[int]
) -> None:
    """Make exactly these people answer for a department."""
    require(policy.may_manage(admin))
    wanted = list(dict.fromkeys(person_ids))
    with transaction():
        _check_people(wanted, field="representatives")
        present = represented_by(department.id)
        if present == set(wanted):
            return
        gone = present - set(wanted)
        db.session.execute(
            delete(Representative).where(
                Representative.department_id == department.id, Representative.person_id.in_(gone)
            )
        )
        db.session.add_all(
            Representative(department_id=department.id, person_id=person_id)
            for person_id in wanted
            if person_id not in present
        )
        remember(
            admin,
            department.id,
            facts.REPRESENTATIVES_SET,
            old=" ".join(map(str, sorted(present))),
            new=" ".join(map(str, sorted(wanted))),
        )


def represented_by(department_id: int) -> set[int]:
    """The people who answer for a department. One query."""
    query = select(Representative.person_id).where(Representative.department_id == department_id)
    return set(db.session.scalars(query))


def _check_people(ids: list[int], *, field: str) -> None:
    query = select(func.count(Person.id)).where(Person.id.in_(ids), Person.erased_at.is_(None))
    if ids and db.session.scalar(query) != len(ids):
        raise Invalid(_("Choose people from the list."), field=field)
