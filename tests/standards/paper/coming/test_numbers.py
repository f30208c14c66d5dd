"""Which numbers imported standards get, and what that leaves for those made here."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
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
