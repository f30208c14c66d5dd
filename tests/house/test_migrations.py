"""Migrations: up, as the models are, down, up again, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from forum.app import create_app
from forum.core import schema
from forum.core.db import db
from tests.support import postgres

SCRIPTS = sorted((Path(__file__).parents[2] / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Flask]:
    """A forum without a schema."""
    url = None if database == "sqlite" else postgres.new_database()
    app = create_app({"DATA_DIR": tmp_path, "DATABASE_URL": url, "TESTING": True})
    with app.app_context():
        schema.know_migrations(app)
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    """The tables there are, but for alembic's own."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_they_go_up_to_the_models_down_to_nothing_and_up_again(empty: Flask) -> None:
    upgrade()
    check()  # raises when the models want something else
    first = tables()

    downgrade(revision="base")
    assert tables() == set()
    upgrade()

    assert tables() == first == set(db.metadata.tables)


def test_the_newest_is_the_one_the_code_wants() -> None:
    assert schema.known_revisions()[-1][0] == schema.WANTED


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_has_a_number_a_sentence_and_says_what_becomes_of_old_rows(script: Path) -> None:
    text = script.read_text()

    assert re.fullmatch(r"\d{4}_[a-z0-9_]+", script.stem)
    assert re.search(r"^Why: \S", text, re.MULTILINE)
    assert re.search(r"^Old rows: \S", text, re.MULTILINE)
    assert not re.search(r"^(from|import) forum\b", text, re.MULTILINE)
