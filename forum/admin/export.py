"""`forum export DIR`: the company and its ideas, in the files that `forum import` reads.

Votes leave as a number, since nothing outside the database names a voter. Drafts and hidden ideas
go along, marked as such, so the files are kept as safe as a backup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.admin.export_files import file_lines
from forum.admin.export_ideas import idea_lines
from forum.admin.export_services import service_rows
from forum.admin.imports_departments import COLUMNS as DEPARTMENTS
from forum.admin.imports_people import COLUMNS as PEOPLE
from forum.admin.imports_services import COLUMNS as SERVICES
from forum.admin.records.kinds import Run
from forum.admin.records.out import record_lines
from forum.admin.records.parts import COMPANY, IDEAS, LOOP
from forum.admin.records.standards import STANDARDS
from forum.core.csvfiles import write_sheet
from forum.core.db import db, end_read
from forum.departments.models import Attachment, Department, Representative
from forum.ideas.stage_sheet import COLUMNS as STAGES
from forum.ideas.stage_sheet import rows as stage_rows
from forum.search.glossary.sheet import COLUMNS as GLOSSARY
from forum.search.glossary.sheet import rows as glossary_rows

Row = list[object]


def export(directory: Path) -> dict[str, int]:
    """Write every file into the directory, readable by its owner only; rows by file's name."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = {}
    for name, columns, rows in (
        ("departments.csv", DEPARTMENTS, department_rows()),
        ("people.csv", PEOPLE, people_rows()),
        ("services.csv", SERVICES, service_rows()),
        ("glossary.csv", GLOSSARY, glossary_rows()),
        ("stages.csv", STAGES, stage_rows()),
    ):
        _write(directory / name, [write_sheet(columns, rows)])
        written[name] = len(rows)
    for name, lines in (
        ("company.jsonl", record_lines(Run(), COMPANY)),
        ("ideas.jsonl", idea_lines()),
        ("standards.jsonl", record_lines(Run(), STANDARDS)),
        ("records.jsonl", record_lines(Run(), (*IDEAS, *LOOP))),
        ("files.jsonl", file_lines(directory)),
    ):
        written[name] = _write(directory / name, lines)
    end_read()
    return written


def _write(file: Path, parts: Iterable[str]) -> int:
    """Write beside the file and put it in its place at once; how many parts there were."""
    beside, count = file.with_name(file.name + ".new"), 0
    beside.touch(mode=0o600)
    with beside.open("w", encoding="utf-8", newline="") as out:
        for part in parts:
            out.write(part)
            count += 1
    beside.replace(file)
    return count


def people_rows() -> list[Row]:
    """Everybody who can be told apart by e-mail or staff number. Two queries."""
    attached: dict[int, list[str]] = {}
    for person_id, slug in _attachments():
        attached.setdefault(person_id, []).append(slug)
    query = (
        select(Person, Department.slug)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(
            or_(Person.email.is_not(None), Person.login.is_not(None)), Person.erased_at.is_(None)
        )
        .order_by(Person.id)
    )
    return [
        [
            person.email,
            person.login,
            person.name,
            slug,
            person.role,
            person.kind,
            person.locale,
            attached.get(person.id, []),
            int(person.deactivated_at is None),
        ]
        for person, slug in db.session.execute(query)
    ]


def _attachments() -> Iterator[tuple[int, str]]:
    """Those without an end: the files have no place for one, and must not let anybody in longer."""
    query = (
        select(Attachment.person_id, Department.slug)
        .join(Department, Department.id == Attachment.department_id)
        .where(Attachment.until.is_(None), Department.archived_at.is_(None))
        .order_by(Department.slug)
    )
    return ((row[0], row[1]) for row in db.session.execute(query))


def department_rows() -> list[Row]:
    """The tree as it is now, without what was archived. Two queries."""
    answering: dict[int, list[str]] = {}
    for department_id, email, login in _representatives():
        answering.setdefault(department_id, []).append(email or login or "")
    above, head = aliased(Department), aliased(Person)
    query = (
        select(Department, above.slug, head.email, head.login)
        .outerjoin(above, above.id == Department.parent_id)
        .outerjoin(head, head.id == Department.head_id)
        .where(Department.archived_at.is_(None))
        .order_by(Department.id)
    )
    return [
        [each.name, each.slug, each.code, parent, email or login, answering.get(each.id, [])]
        for each, parent, email, login in db.session.execute(query)
    ]


def _representatives() -> Iterator[tuple[int, str | None, str | None]]:
    query = (
        select(Representative.department_id, Person.email, Person.login)
        .join(Person, Person.id == Representative.person_id)
        .order_by(Person.email, Person.login)
    )
    return ((row[0], row[1], row[2]) for row in db.session.execute(query))
