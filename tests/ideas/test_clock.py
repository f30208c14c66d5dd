"""The clock of a department that was asked: its last day, its reminders, its silence."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core import jobs
from forum.core.calendar import add_working_days, company_day, working_days
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.ideas import clock
from forum.ideas.models import Answer
from tests.ideas.clocks import A_WEDNESDAY, change, due_in, escalate, events, nudge, slot
from tests.imports.files import line, load, write
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make
from tests.support.together import at_once

REMINDERS = ("answer.nudged", "answer.escalated")


def headed(app: Flask, department: int) -> int:
    head = make.person(app)
    with app.app_context(), transaction():
        db.session.get_one(Department, department).head_id = head
    return head


def test_a_department_has_ten_working_days(app: Flask) -> None:
    department = make.department(app)
    idea = make.idea(app, departments=[department])

    asked = slot(app, idea, department)

    with app.app_context():
        assert asked.due_on is not None
        assert working_days(company_day(), asked.due_on) == 10
        days = clock.nudge_days(asked.due_on, 10)
        assert [working_days(company_day(), day) for day in days] == [5, 8, 10, 11]
        assert asked.nudge_on == days[0]


def test_the_number_of_days_is_a_setting_for_what_is_asked_from_then_on(app, sign_in) -> None:
    department = make.department(app)
    before = make.idea(app, departments=[department])
    admin = sign_in(make.admin(app))

    sent = admin.post(
        "/admin/settings/answers",
        {"answer_days": "3", "holidays": "RU", "free_days": "31.12.2026"},
    )
    after = make.idea(app, departments=[department])

    assert sent.status_code == 303
    with app.app_context():
        assert slot(app, before, department).allowed_days == 10
        short = slot(app, after, department)
        assert short.due_on == add_working_days(company_day(), 3)
    page = admin.page("/admin/settings/answers")
    assert page.one("input", name="free_days")["value"] == "2026-12-31"
    assert page.one("option", selected=True, value="RU")


def test_settings_that_make_no_sense_are_refused(app, sign_in) -> None:
    admin = sign_in(make.admin(app))
    right = {"answer_days": "10", "holidays": "", "free_days": ""}

    for wrong in ({"answer_days": "0"}, {"holidays": "XX"}, {"free_days": "some day"}):
        refused = admin.post("/admin/settings/answers", {**right, **wrong})
        assert refused.status_code == 422


def test_each_reminder_is_sent_once_and_the_head_is_asked_last(app: Flask) -> None:
    department, representative = make.represented(app)
    head = headed(app, department)
    idea = make.idea(app, departments=[department])
    with app.app_context():
        days = clock.nudge_days(slot(app, idea, department).due_on, 10)
    catch_up(app)

    sent = [nudge(app, days[0] - timedelta(days=1))]
    for day in days:
        sent += [nudge(app, day), nudge(app, day)]
    sent.append(nudge(app, days[-1] + timedelta(days=90)))
    catch_up(app)

    assert sent == [0, 1, 0, 1, 0, 1, 0, 1, 0, 0]
    assert news_of(app, representative) == ["answer-wanted", *["answer-due"] * 3]
    assert news_of(app, head) == ["escalated"]
    assert slot(app, idea, department).nudge_on is None


def test_after_a_long_stop_one_reminder_is_sent_not_four(app: Flask) -> None:
    department, representative = make.represented(app)
    head = headed(app, department)
    make.idea(app, departments=[department])

    with app.app_context():
        assert nudge(app, company_day() + timedelta(days=60)) == 1
    catch_up(app)

    assert news_of(app, head) == ["escalated"]
    assert news_of(app, representative) == ["answer-wanted"]


def test_two_processes_that_sweep_at_once_send_one_reminder(app: Flask) -> None:
    department, _representative = make.represented(app)
    idea = make.idea(app, departments=[department])
    due_on = due_in(app, idea, department, 0, nudged=2)

    at_once([lambda: nudge(app, due_on), lambda: nudge(app, due_on)])

    assert len(events(app, *REMINDERS)) == 1


def test_who_answered_is_reminded_of_nothing(app: Flask) -> None:
    department, representative = make.represented(app)
    idea = make.idea(app, departments=[department])
    make.answer(app, idea, department, representative, "helps")

    assert slot(app, idea, department).nudge_on is None
    with app.app_context():
        assert nudge(app, company_day() + timedelta(days=60)) == 0


def test_an_answer_that_is_taken_back_has_its_clock_again(app, sign_in) -> None:
    department, representative = make.represented(app)
    idea = make.idea(app, departments=[department])
    before = slot(app, idea, department)
    make.answer(app, idea, department, representative, "helps")

    sign_in(representative).post(f"/ideas/{idea}/answers/{department}/undo")

    after = slot(app, idea, department)
    assert (after.due_on, after.nudge_on) == (before.due_on, before.nudge_on)


def test_decided_ideas_remind_nobody_and_are_forgotten_after_a_day(app: Flask) -> None:
    department, _representative = make.represented(app)
    idea = make.idea(app, departments=[department])
    due_in(app, idea, department, 0, nudged=2)
    make.decide(app, idea, "decline")

    with app.app_context():
        clock.sweep()
        assert slot(app, idea, department).nudge_on is not None
    with time_machine.travel(now().replace(hour=12) + timedelta(days=2)), app.app_context():
        clock.sweep()

    assert events(app, *REMINDERS) == []
    assert slot(app, idea, department).nudge_on is None


def test_nobody_is_reminded_before_the_companys_morning(app: Flask) -> None:
    department, _representative = make.represented(app)
    idea = make.idea(app, departments=[department])
    due_in(app, idea, department, -5)
    with app.app_context(), transaction():
        save_settings({"time_zone": "Europe/Moscow"})
    night = now().replace(hour=3, minute=0)

    for hour, sent in ((3, 0), (4, 0), (5, 1)):  # Moscow is three hours ahead
        with time_machine.travel(night.replace(hour=hour)), app.app_context():
            jobs.SWEEPS["clock"]()
        assert len(events(app, *REMINDERS)) == sent


def test_imported_ideas_have_no_clock_and_remind_nobody(app: Flask, tmp_path) -> None:
    department = make.department(app, slug="it")
    load(app, write(tmp_path, line(departments=["it"], created_at="2020-01-01")))

    with app.app_context():
        imported = db.session.scalars(select(Answer)).one()
        assert (imported.department_id, imported.due_on, imported.nudge_on) == (
            department,
            None,
            None,
        )
        assert clock.nudge(company_day()) == 0


def test_silence_is_told_of_the_department_and_never_prevents_a_decision(app, sign_in) -> None:
    department, _representative = make.represented(app, "Logistics")
    idea = make.idea(app, departments=[department])
    reader = sign_in()
    before = reader.page(f"/ideas/{idea}").one("li", data_department=department).text
    escalate(app, idea, department)

    after = reader.page(f"/ideas/{idea}").one("li", data_department=department).text
    moderator = sign_in(make.moderator(app))
    moderator.post(f"/ideas/{idea}/decision", {"decision": "accept", "reason": "Long enough."})
    decided = reader.page(f"/ideas/{idea}")

    assert "answers for it" in before
    assert "due " in before
    assert "did not answer in 10 working days" in after
    assert "answers for it" not in after
    assert decided.one("article", data_idea=idea)["data-stage"] == "accepted"
    assert "did not answer" in decided.one("li", data_department=department).text


def test_who_was_decided_upon_in_its_time_was_not_silent(app, sign_in) -> None:
    department = make.department(app)
    idea = make.idea(app, departments=[department])
    make.decide(app, idea, "decline")

    with time_machine.travel(now() + timedelta(days=60)):
        page = sign_in().page(f"/ideas/{idea}")

    assert "did not answer" not in page.text


@time_machine.travel(A_WEDNESDAY)
def test_the_stuck_queue_holds_what_a_head_was_asked_for(app, sign_in) -> None:
    department = make.department(app)
    _in_time, late, stuck = (make.idea(app, departments=[department]) for _ in range(3))
    due_in(app, late, department, -1, nudged=3)
    escalate(app, stuck, department, days=4)
    decided = make.idea(app, departments=[department])
    escalate(app, decided, department)
    make.decide(app, decided, "decline")

    page = sign_in(make.moderator(app)).page("/moderation?queue=stuck")

    assert [int(row["data-idea"]) for row in page.all("article", data_idea=True)] == [stuck]
    assert "silent for 4 working days" in page.text


def test_nobody_named_is_said_on_the_page(app, sign_in) -> None:
    department = make.department(app)
    idea = make.idea(app, departments=[department])

    assert "Nobody answers for it yet." in sign_in().page(f"/ideas/{idea}").text


def test_a_slot_older_than_the_clock_says_how_long_it_waits(app, sign_in) -> None:
    department = make.department(app)
    idea = make.idea(app, departments=[department])
    change(
        app, idea, department, due_on=None, allowed_days=None, nudge_on=None,
        asked_at=make.ago(days=7),
    )  # fmt: skip

    assert "waiting 7 days" in sign_in().page(f"/ideas/{idea}").text
