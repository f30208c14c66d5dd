"""Many standards, as rows: to write and publish them one by one would take minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.discussion.models import Thread
from forum.standards.categories.models import Category
from forum.standards.links.models import StandardLink
from forum.standards.models import Standard, Version, VersionDepartment
from forum.standards.review.models import Care

TEXT = "## Purpose\n\nSuppliers know the day.\n\n## Steps\n\nFinance pays on Fridays."


def standards(app: Flask, count: int, *, versions: int = 3) -> list[str]:
    """So many standards in force, each with earlier versions, an audience of two departments, one
    of ten categories and a link to the one before; their numbers."""
    composed = richtext.compose(TEXT)
    with app.app_context(), transaction():
        text_id = texts.store_all([composed])[composed.digest]
        owners = db.session.execute(select(Person.id, Person.department_id).limit(200)).all()
        departments = list(db.session.scalars(select(Department.id)))
        categories = _added(Category, [_category(at) for at in range(10)])
        threads = _added(Thread, [{"subject": "standard"} for _each in range(count)])
        rows = [_standard(at, threads[at], owners, versions) for at in range(count)]
        made = _added(Standard, rows)
        kept = [
            _version(rows[at], made[at], number, versions, text_id)
            for at in range(count)
            for number in range(1, versions + 1)
        ]
        shown = _added(Version, kept)[versions - 1 :: versions]
        heard = [
            {"version_id": version, "department_id": departments[(at + more) % len(departments)]}
            for at, version in enumerate(shown)
            for more in range(min(2, len(departments)))
        ]
        db.session.execute(insert(VersionDepartment), heard)
        care = [
            {"standard_id": each, "category_id": categories[at % 10], "reminded": 0}
            for at, each in enumerate(made)
        ]
        db.session.execute(insert(Care), care)
        links = [_link(version, rows[at - 1]["number"]) for at, version in enumerate(shown)]
        db.session.execute(insert(StandardLink), links)
    return [row["number"] for row in rows]


def _category(at: int) -> dict[str, Any]:
    return {"name_en": f"Category {at}", "name_ru": f"Раздел {at}"}


def _standard(at: int, thread: int, owners: Any, versions: int) -> dict[str, Any]:
    owner, department = owners[at % len(owners)]
    return {
        "number": f"PS-{at + 1:03}",
        "sequence": at + 1,
        "thread_id": thread,
        "title": f"Who pays which supplier, case {at}",
        "state": "in_force",
        "owner_id": owner,
        "owner_department_id": department,
        "in_force": versions,
        "in_force_since": now() - timedelta(days=at % 300),
        "review_on": today() + timedelta(days=at % 365 - 30),
    }


def _version(
    row: dict[str, Any], standard_id: int, number: int, versions: int, text_id: int
) -> dict[str, Any]:
    last = number == versions
    return {
        "standard_id": standard_id,
        "number": number,
        "state": "in_force" if last else "superseded",
        "title": row["title"],
        "text_id": text_id,
        "owner_id": row["owner_id"],
        "owner_department_id": row["owner_department_id"],
        "published_at": row["in_force_since"],
        "superseded_at": None if last else row["in_force_since"],
    }


def _link(version: int, to: str) -> dict[str, Any]:
    where = {"source": "version", "source_id": version, "place": 0}
    return {**where, "number": to, "clause": 0, "linked": True}


def _added(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """The ids of the rows, in their order."""
    query = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(query, rows))
