"""Services of an older schema: still there, with the standards they go by and their numbers."""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from forum.core.db import db, transaction
from forum.departments.models import Service
from tests.house.test_migrations import empty

__all__ = ["empty"]

BEFORE = (
    "INSERT INTO department (id, name, slug, code, hue, description, created_at, provisional)"
    " VALUES (1, 'IT', 'it', 'IT', 0, '', '2024-01-01', false),"
    " (2, 'Sales', 'sales', 'S', 1, '', '2024-01-01', false)",
    "INSERT INTO service (provider_id, customer_id, name, criticality, created_at)"
    " VALUES (1, 2, 'Laptops', 'high', '2024-01-01'), (2, 1, 'Gone', '', '2024-01-01')",
    "INSERT INTO thread (id, subject, subject_id) VALUES (1, 'standard', 1)",
    "INSERT INTO standard (id, number, sequence, thread_id, title, excerpt, lang, state,"
    " retired_why, lock, comment_count, created_at, updated_at) VALUES"
    " (1, 'PS-001', 1, 1, 'T', '', 'en', 'in_force', '', 1, 0, '2024-01-01', '2024-01-01')",
    "INSERT INTO standard_service (service_id, standard_id) VALUES (1, 1)",
    "DELETE FROM service WHERE name = 'Gone'",
)


def _rows(statement: str) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(statement))]
    db.session.remove()
    return found


def test_services_stay_with_their_standards_and_numbers(empty: Flask) -> None:  # noqa: F811
    upgrade(revision="0022")
    with transaction():
        for statement in BEFORE:
            db.session.execute(text(statement))
    db.session.remove()

    for move, revision in ((upgrade, "0023"), (downgrade, "0022"), (upgrade, "0023")):
        move(revision=revision)
        assert _rows("SELECT service_id, standard_id FROM standard_service") == [(1, 1)]

    assert _rows("SELECT id, name, state FROM service") == [(1, "Laptops", "confirmed")]
    history = _rows("SELECT service_id, what, name, state FROM service_change")
    assert history == [(1, "drawn", "Laptops", "confirmed")]
    with transaction():
        made = Service(provider_id=2, customer_id=1, name="New")
        db.session.add(made)
        db.session.flush()
        assert made.id == 3, "a number is never given out again"
