"""Reviews in time: who is reminded when, what everybody sees, and where late ones go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.departments import actions as tree
from forum.departments.models import Department
from forum.standards.review import clock
from tests.notifications.inboxes import catch_up, news_of
from tests.standards import standards
from tests.standards.review.test_reviews import form_of, make_due
from tests.support import make


def remind(app: Flask, on: date) -> int:
    with app.app_context():
        return clock.remind(on)


def reminders(app: Flask) -> list[str]:
    with app.app_context():
        named = Event.type.like("standard.review-%")
        types = db.session.scalars(select(Event.type).where(named).order_by(Event.id))
        return [name.removeprefix("standard.review-") for name in types]


def heard(app: Flask, who: int) -> list[str]:
    """What somebody hears of reviews."""
    return [kind for kind in news_of(app, who) if kind != "published"]


def owned(app: Flask, *, days: int) -> tuple[str, int, int]:
    """A standard due in some days, its owner, and the head of their department."""
    head = make.person(app)
    department = make.department(app)
    owner = make.person(app, department=department)
    with app.app_context(), transaction():
        tree.set_head(None, db.session.get_one(Department, department), head)
    number = standards.in_force(app, owner=owner)
    make_due(app, number, days)
    catch_up(app)
    return number, owner, head


def test_the_owner_is_reminded_three_times_and_then_the_head(app: Flask) -> None:
    _number, owner, head = owned(app, days=31)

    sent = [remind(app, today() + timedelta(days=day)) for day in range(40)]

    assert [day for day, many in enumerate(sent) if many] == [1, 17, 24, 32]
    assert sum(sent) == 4
    assert reminders(app) == ["reminded", "reminded", "reminded", "overdue"]
    catch_up(app)
    assert heard(app, owner) == ["review-due"] * 3
    assert heard(app, head) == ["review-overdue"]


def test_a_reminder_is_sent_once_however_often_is_looked(app: Flask) -> None:
    owned(app, days=10)

    assert [remind(app, today()) for _again in range(3)] == [1, 0, 0]


def test_after_a_long_stop_only_the_last_reminder_is_sent(app: Flask) -> None:
    owned(app, days=-3)

    assert remind(app, today()) == 1
    assert reminders(app) == ["overdue"]


def test_what_was_reviewed_is_news_no_more(app: Flask, sign_in) -> None:
    number, owner, _head = owned(app, days=10)
    remind(app, today())
    browser = sign_in(owner)

    browser.post(f"/standards/{number}/review", {**form_of(browser, number), "outcome": "valid"})
    catch_up(app)

    assert heard(app, owner) == []


def test_another_day_is_reminded_of_anew(app: Flask) -> None:
    number, _owner, _head = owned(app, days=5)
    remind(app, today())

    make_due(app, number, 3)

    assert remind(app, today()) == 1


def test_the_head_of_ones_own_department_is_reminded_by_the_one_above(app: Flask) -> None:
    above, owner = make.person(app), make.person(app)
    parent = make.department(app, head_id=above)
    place = make.department(app, parent_id=parent, head_id=owner)
    with app.app_context(), transaction():
        db.session.get_one(Person, owner).department_id = place
    number = standards.in_force(app, owner=owner)
    make_due(app, number, -1)

    remind(app, today())
    catch_up(app)

    assert heard(app, above) == ["review-overdue"]


def test_where_the_owner_has_left_the_head_hears_before_the_day(app: Flask) -> None:
    _number, owner, head = owned(app, days=10)
    with app.app_context(), transaction():
        db.session.get_one(Person, owner).deactivated_at = now()

    remind(app, today())
    catch_up(app)

    assert heard(app, head) == ["review-due"]


def test_a_late_review_stands_above_the_text_with_its_days(app: Flask, sign_in) -> None:
    number, _owner, _head = owned(app, days=-2)
    standards.rewrite(app, number, body="## Purpose\n\nNew.")
    make_due(app, number, -2)
    reader = sign_in()

    assert "is 2 days overdue" in reader.page(f"/standards/{number}").text
    assert "overdue" not in reader.page(f"/standards/{number}/versions/1").text


def test_what_is_due_today_is_not_late(app: Flask, sign_in) -> None:
    number, _owner, _head = owned(app, days=0)

    assert "overdue" not in sign_in().page(f"/standards/{number}").text


@pytest.mark.parametrize(("days", "waits"), [(-14, False), (-15, True)])
def test_what_is_late_for_two_weeks_waits_for_moderators(
    app: Flask, sign_in, days: int, waits: bool
) -> None:
    number, _owner, _head = owned(app, days=days)

    page = sign_in(make.moderator(app)).page("/moderation?queue=reviews")

    assert ([e["data-standard"] for e in page.all("article")] == [number]) == waits


def test_what_nobody_owns_waits_for_moderators_at_once(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    make_due(app, number, -1)

    page = sign_in(make.moderator(app)).page("/moderation?queue=reviews")

    assert [e["data-standard"] for e in page.all("article")] == [number]


def test_what_is_retired_is_never_reminded_of(app: Flask) -> None:
    number, _owner, _head = owned(app, days=5)
    standards.retire(app, number)

    assert remind(app, today() + timedelta(days=30)) == 0


def test_many_standards_are_reminded_of_in_batches(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(clock, "BATCH", 2)
    for _each in range(5):
        make_due(app, standards.in_force(app), 3)

    assert remind(app, today()) == 5
    assert reminders(app) == ["reminded"] * 5
