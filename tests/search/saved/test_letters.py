"""Alerts that wait for a morning or a Monday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.core.site import save_settings
from forum.search.saved.models import Alert
from tests.search.saved.watching import keep, minute, news_of
from tests.support import make

ONE = ("About invoice", "1 new result of your saved search")
MORNING = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
"""A Wednesday."""


def mails(app):
    with app.app_context():
        query = select(OutboxMail.recipient, OutboxMail.subject, OutboxMail.body)
        return [tuple(row) for row in db.session.execute(query.order_by(OutboxMail.id))]


def can_mail(app, **more):
    with app.app_context(), transaction():
        address = {"address": "https://forum.example", "mail_url": "smtp://127.0.0.1:9"}
        save_settings({**address, **more})


def test_a_daily_alert_is_one_mail_each_morning_by_the_companys_clock(app):
    can_mail(app, time_zone="Europe/Moscow")
    with time_machine.travel(MORNING - timedelta(days=1), tick=False) as clock:
        reader = make.person(app, name="Anna", email="anna@example.org", locale="ru")
        keep(app, reader, "invoice", alert=Alert.DAILY)
        keep(app, reader, "lift", alert=Alert.DAILY)
        make.idea(app, title="Invoices arrive late")
        make.idea(app, title="The lift is slow", problem="It stops on every floor.")
        minute(app)
        assert mails(app) == []

        clock.move_to(MORNING)  # nine in Moscow
        minute(app)
        make.idea(app, title="Invoices arrive later")
        minute(app)
        clock.move_to(MORNING + timedelta(hours=10))
        minute(app)

        [(recipient, subject, body)] = mails(app)
        assert recipient == "anna@example.org"
        assert "2 новых результата" in subject
        assert "About invoice" in body
        assert "About lift" in body
        assert "– Invoices arrive late (24 ноября 2026, 09:00)" in body
        assert "https://forum.example/search/saved" in body
        assert "later" not in body
        assert news_of(app, reader) == []

        clock.move_to(MORNING + timedelta(days=1))
        minute(app)
        assert len(mails(app)) == 2
        assert "Invoices arrive later" in mails(app)[1][2]


def test_a_weekly_alert_waits_for_monday_and_comes_to_the_inbox_without_mail(app):
    with time_machine.travel(MORNING, tick=False) as clock:
        reader = make.person(app)
        keep(app, reader, alert=Alert.WEEKLY)
        make.idea(app, title="Invoices arrive late")
        for _day in range(4):
            minute(app)
            clock.shift(timedelta(days=1))
        assert news_of(app, reader) == []

        clock.move_to(MORNING + timedelta(days=5, hours=3))
        minute(app)

        assert news_of(app, reader) == [ONE]
        assert mails(app) == []
