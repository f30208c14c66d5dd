"""Readers of the log: each has a cursor of its own, and of two that move one only one does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from forum.accounts import facts
from forum.core import epoch, readers
from forum.core.db import db, transaction
from forum.core.events import record


@pytest.fixture
def two(app: Flask) -> Iterator[list[readers.Reader]]:
    """Two readers that do nothing, at the same place in a log of three events."""
    several = [readers.Reader(f"tests.{name}", lambda _b: lambda: None) for name in ("a", "b")]
    with app.app_context():
        for _ in range(3):
            with transaction():
                record(facts.SIGNED_IN, by=None, about=("person", 1))
        for each in several:
            readers.advance(each)
        yield several


def test_a_reader_that_goes_on_leaves_the_others_where_they_are(
    two: list[readers.Reader],
) -> None:
    with transaction():
        record(facts.SIGNED_IN, by=None, about=("person", 1))

    readers.advance(two[0])

    assert readers.position_of("tests.a") == readers.position_of("tests.b") + 1


def test_a_batch_that_somebody_else_has_handled_is_not_handled_again(
    two: list[readers.Reader],
) -> None:
    at = readers.position_of("tests.a")

    with transaction():
        moved = [readers._claim("tests.a", at, at + 1), readers._claim("tests.a", at, at + 1)]

    assert moved == [True, False]
    assert readers.position_of("tests.a") == at + 1


def test_a_new_life_of_the_log_lasts(app: Flask) -> None:
    with app.app_context():
        first, second = epoch.renew(), epoch.renew()
        db.session.remove()

        assert first != second
        assert epoch.current_epoch() == second
