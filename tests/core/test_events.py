"""The log takes ids and small words, only with a change, and keeps their order."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import facts as account_facts
from forum.core import audit
from forum.core.db import db, transaction
from forum.core.events import Event, record
from forum.ideas import facts
from tests.support import log


@pytest.mark.parametrize(
    "value",
    [
        "Anna Petrova",
        "anna@example.org",
        "Анна",
        "line\nline",
        "x" * 129,
        ["ok", "not ok"],
        [[1, ["two words"]]],
        {"name": 1},
        object(),
    ],
)
def test_a_payload_with_text_names_or_addresses_is_refused(app: Flask, value: Any) -> None:
    with app.app_context(), transaction(), pytest.raises(ValueError, match="payload"):
        record(facts.POSTED, by=None, about=("idea", 1), what=value)

    assert log.since(app, 0) == []


def test_a_payload_with_ids_and_small_words_is_kept(app: Flask) -> None:
    payload = {"stage": "open", "ids": [1, 2], "digest": "ab12:c", "nobody": None, "yes": True}

    with app.app_context():
        with transaction():
            record(facts.POSTED, by=None, about=("idea", 1), **payload)
        kept = db.session.scalars(select(Event.payload)).one()

    assert kept == payload


def test_nothing_is_recorded_without_a_change(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="outside"):
        record(facts.POSTED, by=None, about=("idea", 1))


def test_what_failed_leaves_no_event_for_the_next_write(app: Flask) -> None:
    def fail() -> None:
        with transaction():
            record(facts.POSTED, by=None, about=("idea", 1))
            raise ZeroDivisionError

    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            fail()
        with transaction():
            record(facts.EDITED, by=None, about=("idea", 2))

    assert [kind for kind, _by, _about in log.since(app, 0)] == ["idea.edited"]


def test_many_events_of_one_write_keep_their_order_and_the_chain_holds(app: Flask) -> None:
    kinds = (account_facts.CHANGED, account_facts.SIGNED_IN, account_facts.ROLE_CHANGED)

    with app.app_context():
        for start in (0, 300):
            with transaction():
                for number in range(start, start + 300):
                    record(kinds[number % 3], by=None, about=("person", number + 1))
        written = list(db.session.scalars(select(Event.object_id).order_by(Event.id)))
        chain = audit.verify()

    assert written == list(range(1, 601))
    assert chain == (400, None)
