"""Which numbers imported standards get, and what that leaves for those made here."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.standards.models import Standard
from tests.standards import standards
from tests.standards.paper import documents
from tests.support import make

TEXT = "# {}\n\n## Rule\n\nText.\n"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """An empty folder beside a forum with an administrator."""
    make.admin(app)
    return tmp_path


def test_a_number_that_a_file_brought_is_passed_over(app: Flask, folder: Path) -> None:
    for number in ("QM-002", "QM-005", "QM-006"):
        (folder / f"{number}.md").write_text(TEXT.format(f"{number} Title"))
    documents.load(app, folder)
    with app.app_context(), transaction():
        save_settings({"number_prefix": "QM"})

    assert [standards.drafted(app) for _each in range(3)] == ["QM-004", "QM-007", "QM-008"]


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_number_that_leaves_none_to_read_after_it_is_refused(
    app: Flask, folder: Path, options: list[str]
) -> None:
    (folder / "a.md").write_text(TEXT.format("PS-999999999 Title"))
    (folder / "b.md").write_text(TEXT.format("PS-999999 Title"))

    done = documents.load(app, folder, *options)

    assert done.stdout == "created 1, unchanged 0, updated 0, refused 1\n"
    assert "The number PS-999999999 is too long: at most 6 digits." in done.stderr


def test_the_number_after_the_last_one_allowed_can_be_read(
    app: Flask, folder: Path, sign_in
) -> None:
    (folder / "b.md").write_text(TEXT.format("PS-999999 Title"))
    documents.load(app, folder)

    number = standards.in_force(app)

    assert sign_in().get(f"/standards/{number}").status_code == 200


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("Section 1. General", "PS-001", "Section 1. General"),
        ("Chapter 2 Rules", "PS-001", "Chapter 2 Rules"),
        ("ISO9001 and we", "PS-001", "ISO9001 and we"),
        ("PS 14. Paying", "PS-014", "Paying"),
        ("ps_14 Paying", "PS-014", "Paying"),
        ("QP-7 Returns", "QP-007", "Returns"),
    ],
)
def test_a_heading_names_a_number_by_a_hyphen_or_the_company_s_prefix(
    app: Flask, folder: Path, heading: str, number: str, title: str
) -> None:
    (folder / "a.md").write_text(TEXT.format(heading))

    documents.load(app, folder)

    with app.app_context():
        assert db.session.query(Standard.number, Standard.title).all() == [(number, title)]


def test_a_file_s_number_is_not_said_again_by_its_title(app: Flask, folder: Path) -> None:
    (folder / "QP 7.md").write_text(TEXT.format("QP 7 Returns"))
    (folder / "QP 8.md").write_text(TEXT.format("Section 1. General"))

    documents.load(app, folder)

    with app.app_context():
        found = db.session.query(Standard.number, Standard.title).order_by(Standard.number).all()
        assert found == [("QP-007", "Returns"), ("QP-008", "Section 1. General")]
