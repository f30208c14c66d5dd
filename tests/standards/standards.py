"""What the tests of standards make and ask for, again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import exists, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Department
from forum.ideas.models import Idea
from forum.standards import actions, drafts, origins
from forum.standards.confirming.audience import Named
from forum.standards.models import Standard
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document


def accepted(app: Flask, *, departments: Sequence[int] = (), owner: int, **fields: object) -> int:
    """An idea that a moderator accepted for an owner department."""
    idea = make.idea(app, departments=departments, **fields)  # type: ignore[arg-type]
    make.decide(app, idea, owner_id=owner)
    return idea


def drafted(
    app: Flask,
    *,
    title: str = "Paying suppliers on time",
    body: str = "## Purpose\n\nSuppliers know the day.\n\n## Steps\n\nFinance pays.",
    departments: Sequence[int] = (),
    people: Sequence[Named] = (),
    owner: int | None = None,
    by: int | None = None,
) -> str:
    """A standard with a first draft; its number."""
    by = by if by is not None else make.moderator(app)
    with app.app_context():
        moderator = db.session.get_one(Person, by)
        wording = drafts.word(
            of=None,
            title=title,
            body=body,
            owner_id=owner,
            departments=departments,
            people=people,
        )
        return drafts.begin(moderator, wording).number


def in_force(app: Flask, **fields: object) -> str:
    """A standard with its first version in force; its number."""
    number = drafted(app, **fields)  # type: ignore[arg-type]
    publish(app, number)
    return number


def inhabit(app: Flask) -> None:
    """Let somebody be in every department, so that a standard for it is for somebody."""
    with app.app_context():
        empty = ~exists().where(Person.department_id == Department.id)
        ids = list(db.session.scalars(select(Department.id).where(empty)))
    for department in ids:
        make.person(app, department=department)


def publish(app: Flask, number: str) -> None:
    """Put a standard's draft in force."""
    inhabit(app)
    by = make.moderator(app)
    with app.app_context():
        actions.publish(db.session.get_one(Person, by), by_number(number))


def rewrite(app: Flask, number: str, **fields: Any) -> None:
    """Write the next version, as `redraft` does, and put it in force."""
    redraft(app, number, **fields)
    publish(app, number)


def redraft(
    app: Flask,
    number: str,
    *,
    departments: Sequence[int] = (),
    people: Sequence[Named] = (),
    minor: bool = False,
    **fields: str,
) -> None:
    """Write the next version."""
    by = make.moderator(app)
    with app.app_context():
        moderator, standard = db.session.get_one(Person, by), by_number(number)
        wording = drafts.word(
            of=standard,
            title=fields.get("title", standard.title),
            body=fields["body"],
            change=fields.get("change", ""),
            departments=departments,
            people=people,
            minor=minor,
            owner_id=standard.owner_id,
        )
        drafts.save_draft(moderator, standard, wording, seen=standard.lock)


def retire(app: Flask, number: str, why: str = "Nobody needs it.") -> None:
    """Take a standard out of force."""
    by = make.moderator(app)
    with app.app_context():
        actions.retire(db.session.get_one(Person, by), by_number(number), why=why)


def standardise(app: Flask, idea: int, number: str = "") -> str:
    """Make the idea's standard; its number."""
    by = make.moderator(app)
    with app.app_context():
        moderator, source = db.session.get_one(Person, by), db.session.get_one(Idea, idea)
        return origins.standardise(moderator, source, number=number).number


def by_number(number: str) -> Standard:
    """A standard's row."""
    return db.session.query(Standard).filter_by(number=number).one()


@dataclass(frozen=True, slots=True)
class Seen:
    """The marks of a standard's page."""

    number: str
    version: str
    state: str
    text: str


def read(browser: Browser, address: str) -> Seen:
    """A standard's page as a reader sees it."""
    page = browser.page(address)
    article = page.one("article", data_standard=True)
    marks = (article["data-standard"], article["data-version"], article["data-state"])
    return Seen(*marks, text=" ".join(article.text.split()))


def fields_of(browser: Browser, number: str) -> dict[str, object]:
    """What the edit form holds, ready to be sent again."""
    page = browser.page(f"/standards/{number}/edit")
    owners = [e["value"] for e in page.all("option") if "selected" in e]
    return {
        "title": _value(page, "title"),
        "body": page.one("textarea", id="body").text.removeprefix("\n"),
        "owner": owners[0] if owners else "",
        "departments": ["", *_checked(page)],
        "change": _value(page, "change"),
        "lock": _value(page, "lock"),
    }


def _value(page: Document, name: str) -> str:
    [found] = [e for e in page.all("input") if e.get("name") == name]
    return str(found["value"])


def _checked(page: Document) -> list[str]:
    boxes = [e for e in page.all("input") if e.get("name") == "departments"]
    return [str(e["value"]) for e in boxes if "checked" in e]
