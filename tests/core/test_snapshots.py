"""What a page reads is of one moment on both databases; what a write reads is of now."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db, end_read, transaction
from tests.support import make


def people() -> int:
    """How many there are, as this context sees it."""
    return db.session.scalar(select(func.count(Person.id))) or 0


def elsewhere(app: Flask) -> None:
    """Somebody joins, by another process's write."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(make.person, app).result()


def test_two_reads_of_one_page_see_the_same_moment(app: Flask) -> None:
    with app.app_context():
        before = people()
        elsewhere(app)

        assert people() == before
        end_read()
        assert people() == before + 1


def test_reads_after_a_write_are_of_one_moment_too(app: Flask) -> None:
    with app.app_context():
        with transaction():
            people()
        before = people()
        elsewhere(app)

        assert people() == before


def test_a_write_sees_what_was_committed_before_it(app: Flask) -> None:
    with app.app_context():
        before = people()
        elsewhere(app)

        with transaction():
            assert people() == before + 1
