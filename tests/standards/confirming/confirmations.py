"""What the tests of confirmations ask for, again and again."""

from __future__ import annotations

import re

from flask import Flask

from forum.core.db import db
from forum.standards.models import Acknowledgement, Version
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser


def confirm(browser: Browser, number: str, version: int = 1) -> None:
    """Say on the page that a version was read."""
    answer = browser.post(f"/standards/{number}/acknowledge", {"version": str(version)})
    assert answer.status_code == 303, answer.text


def counted(app: Flask, number: str) -> tuple[int, int]:
    """How many have confirmed the version in force, of how many it asks."""
    with app.app_context():
        from forum.standards.queries import read_figures

        standard = standards.by_number(number)
        version = db.session.query(Version).filter_by(
            standard_id=standard.id, number=standard.in_force
        )
        found = read_figures(version.one())
    return found.read, found.people


def ways(app: Flask, number: str, version: int) -> dict[int, str]:
    """How each person confirmed a version."""
    with app.app_context():
        standard = standards.by_number(number)
        rows = (
            db.session.query(Acknowledgement.person_id, Acknowledgement.way)
            .join(Version, Version.id == Acknowledgement.version_id)
            .filter(Version.standard_id == standard.id, Version.number == version)
        )
        return {row[0]: row[1] for row in rows}


def to_confirm(browser: Browser) -> dict[str, str]:
    """What the page of all that waits shows: the words of each row by its number."""
    rows = browser.page("/standards/pending").all("li", data_row=True)
    return {str(row["data-standard"]): re.sub(r"\s+", " ", row.text) for row in rows}


def waits_on_home(browser: Browser) -> list[str]:
    """The titles of standards to read on Home."""
    rows = browser.page("/").all("li", data_wait="standard")
    return [row.text.strip().splitlines()[0] for row in rows]


def department_of(app: Flask, *people: str) -> tuple[int, list[int]]:
    """A department and its members by these names."""
    department = make.department(app)
    return department, [make.person(app, name=name, department=department) for name in people]
