"""Figures of an older schema: of which questions a mean is follows from them, ranges partly."""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from forum.core.db import db, transaction
from tests.house.test_migrations import empty

__all__ = ["empty"]

BEFORE = (
    "INSERT INTO survey_item (id, key, kind, position) VALUES"
    " (1, 'quality', 'scale', 1), (2, 'clarity', 'scale', 2), (3, 'recommend', 'recommend', 3)",
    "INSERT INTO survey_item_version (id, item_id, number, en, ru, at) VALUES"
    " (7, 1, 1, 'Q', 'К', '2024-01-01'), (12, 2, 1, 'C', 'Я', '2024-01-01'),"
    " (9, 3, 1, 'R', 'Р', '2024-01-01')",
    "INSERT INTO wave (id, title, lang, state, purpose, opens_at, closes_at, months, created_at,"
    " revision, position, to_ask) VALUES (1, 'Old', 'en', 'closed', 'regular', '2024-01-01',"
    " '2024-01-14', 3, '2024-01-01', 1, 0, 0)",
)
FIGURES = (
    "INSERT INTO wave_result (wave_id, scope, one, other, version_id, counts, people) VALUES"
    " (1, 'service', 4, 0, 12, '0 0 1 2 3', 6), (1, 'service', 4, 0, 7, '0 0 1 2 3', 6),"
    " (1, 'service', 4, 0, 9, '0 0 0 0 0 0 0 0 0 3 3', 6), (1, 'all', 0, 0, 7, '0 0 2 4 6', 6)",
    "INSERT INTO wave_overall (wave_id, scope, one, other, mean, n, people) VALUES"
    " (1, 'service', 4, 0, 4.3, 6, 6), (1, 'all', 0, 0, 4.3, 12, 6),"
    " (1, 'tree', 5, 0, 4.3, 6, 6)",
)


def _rows(statement: str) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(statement))]
    db.session.remove()
    return found


def test_means_know_their_questions_and_services_their_people(empty: Flask) -> None:  # noqa: F811
    upgrade(revision="0032")
    with transaction():
        for statement in (*BEFORE, *FIGURES):
            db.session.execute(text(statement))
    db.session.remove()

    for move, revision in ((upgrade, "0035"), (downgrade, "0032"), (upgrade, "0035")):
        move(revision=revision)

    means = _rows("SELECT scope, versions FROM wave_overall ORDER BY scope")
    assert means == [("all", "7"), ("service", "7 12"), ("tree", "")]
    figures = _rows("SELECT DISTINCT scope, worth FROM wave_result ORDER BY scope")
    assert figures == [("all", 0), ("service", 6)]
