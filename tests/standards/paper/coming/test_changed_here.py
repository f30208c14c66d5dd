"""A file never overtakes what was written and approved here."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.standards.models import Standard, Version
from forum.standards.paper.models import ImportedStandard
from tests.standards import standards
from tests.standards.paper import documents
from tests.support import make

THEIRS = "# PS-014 Paying\n\n## Rule\n\nOn time.\n"


@pytest.fixture
def file(app: Flask, tmp_path: Path) -> Path:
    """A file beside a forum with an administrator."""
    make.admin(app)
    place = tmp_path / "a.md"
    place.write_text(THEIRS)
    return place


def test_what_was_changed_here_since_it_was_imported_stays(app: Flask, file: Path, sign_in) -> None:
    documents.load(app, file)
    standards.rewrite(app, "PS-014", body="## Rule\n\nWithin ten days.")
    file.write_text(THEIRS.replace("On time.", "On time!"))

    for options in ([], ["--dry-run"], []):
        done = documents.load(app, file, *options)

        assert done.stdout == "created 0, unchanged 0, updated 0, refused 1\n"
        assert f"{file}:1: PS-014 was changed here since it was imported." in done.stderr
    seen = standards.read(sign_in(), "/standards/PS-014")
    assert (seen.version, "Within ten days." in seen.text) == ("2", True)


def test_what_was_written_here_is_not_overtaken_by_a_file_of_its_number(
    app: Flask, file: Path, sign_in
) -> None:
    number = standards.in_force(app, body="## Rule\n\nOurs.")
    file.write_text(THEIRS.replace("PS-014", number))

    done = documents.load(app, file)

    assert done.stdout == "created 0, unchanged 0, updated 0, refused 1\n"
    assert f"{number} was written here." in done.stderr
    assert "Ours." in standards.read(sign_in(), f"/standards/{number}").text


def test_a_file_that_says_what_was_written_here_changes_nothing(app: Flask, file: Path) -> None:
    number = standards.in_force(app, title="Paying", body="## Rule\n\nOn time.")
    file.write_text(THEIRS.replace("PS-014", number))

    done = documents.load(app, file)

    assert done.stdout == "created 0, unchanged 1, updated 0, refused 0\n"
    with app.app_context():
        assert db.session.query(ImportedStandard).count() == 0


def test_a_changed_file_leaves_a_standard_with_the_department_it_has(
    app: Flask, file: Path
) -> None:
    before, after = make.department(app, "Finance"), make.department(app, "Sales")
    ann = make.person(app, email="ann@example.com", department=before)
    bob = make.person(app, email="bob@example.com", department=after)
    facts = "---\nowner_email: {}\n---\n"
    file.write_text(facts.format("ann@example.com") + THEIRS)
    documents.load(app, file)
    with app.app_context(), transaction():
        db.session.get_one(Person, ann).department_id = after

    file.write_text(facts.format("ann@example.com") + THEIRS.replace("time", "the day"))
    assert "updated 1" in documents.load(app, file).stdout
    assert _owned(app) == {(ann, before)}

    file.write_text(facts.format("bob@example.com") + THEIRS)
    assert "updated 1" in documents.load(app, file).stdout
    assert _owned(app) == {(bob, after)}


def _owned(app: Flask) -> set[tuple[int, int]]:
    """Owner and department, as the standard and its version in force have them."""
    with app.app_context():
        standard = standards.by_number("PS-014")
        version = db.session.query(Version).filter_by(
            standard_id=standard.id, number=standard.in_force
        )
        rows: list[Standard | Version] = [standard, version.one()]
        return {(row.owner_id or 0, row.owner_department_id or 0) for row in rows}
