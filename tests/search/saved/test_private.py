"""Alerts, feeds and lists never name what their owner may not see at that moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.core.site import save_settings
from forum.departments.models import Attachment
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.search.follower import catch_up
from forum.search.saved import alerts, delivery
from forum.search.saved.models import Alert
from tests.search.saved.watching import keep, minute, news_of, told
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def finance(app) -> int:
    return make.department(app, "Finance", slug="finance")


@pytest.fixture
def stores(app) -> int:
    return make.department(app, "Stores", slug="stores")


def end_attachments(app) -> None:
    with app.app_context(), transaction():
        for attachment in db.session.scalars(select(Attachment)):
            attachment.until = now()
        db.session.flush()


def everything_told(app, sign_in: SignIn, person: int, saved: int) -> str:
    """All that reaches somebody: inbox, home, the search's page, its feed, their data, mails."""
    catch_up(app)
    browser = sign_in(person)
    page = browser.page(f"/search/saved/{saved}")
    feed = page.one("input", id="feed").get("value").partition("/feeds/")[2]
    places = ("/notifications", "/", "/search/saved", "/search/starts", "/settings/data.json")
    answers = [browser.client.get(place) for place in (*places, f"/feeds/{feed}")]
    assert {answer.status_code for answer in answers} == {200}
    with app.app_context():
        query = select(OutboxMail).where(OutboxMail.recipient == f"p{person}@example.org")
        mails = [mail.subject + mail.body for mail in db.session.scalars(query)]
    return "\n".join([page.text, *(answer.text for answer in answers), *mails])


@pytest.mark.parametrize("alert", [Alert.AT_ONCE, Alert.DAILY])
def test_a_consultant_hears_only_of_what_touches_their_departments(
    app, sign_in: SignIn, finance: int, stores: int, alert: Alert
) -> None:
    mail_works(app)
    guest = make.person(app, kind="consultant", attached=[finance])
    saved = keep(app, guest, alert=alert)
    make.idea(app, title="Invoice canary of the stores", departments=[stores])
    shown = make.idea(app, title="Invoices of finance", departments=[finance])
    make.comment(app, shown, body="An invoice comment.")
    hidden = make.idea(app, title="Paper", problem="Heaps of it.", departments=[stores])
    make.comment(app, hidden, body="An invoice canary.")
    standards.in_force(app, title="Canary invoices", departments=[stores])
    minute(app)
    tomorrow(app)

    reached = everything_told(app, sign_in, guest, saved)

    assert "anary" not in reached
    assert len(told(app, saved)) == 2
    if alert == Alert.AT_ONCE:
        assert news_of(app, guest) == [
            ("About invoice", "2 new results of your saved search"),
        ]


def mail_works(app) -> None:
    with app.app_context(), transaction():
        save_settings({"address": "https://forum.example", "mail_url": "smtp://127.0.0.1:9"})


def tomorrow(app) -> None:
    """Let the next morning come."""
    import time_machine

    from forum.core.clock import now as moment

    day = 24 * 3600
    with time_machine.travel(moment().timestamp() + day, tick=False):
        minute(app)


def test_what_is_no_longer_theirs_when_it_is_told_is_not_told(
    app, sign_in: SignIn, finance: int
) -> None:
    guest = make.person(app, kind="consultant", attached=[finance])
    saved = keep(app, guest)
    make.idea(app, title="Invoices of finance, a canary", departments=[finance])
    with app.app_context():
        alerts.follow()
    end_attachments(app)
    with app.app_context():
        delivery.tell_due()

    assert news_of(app, guest) == []
    assert "canary" not in everything_told(app, sign_in, guest, saved)


def test_after_an_attachment_ended_old_news_name_nothing(
    app, sign_in: SignIn, finance: int
) -> None:
    guest = make.person(app, kind="consultant", attached=[finance])
    saved = keep(app, guest)
    make.idea(app, title="Invoices of finance, a canary", departments=[finance])
    minute(app)
    assert len(news_of(app, guest)) == 1
    end_attachments(app)

    assert "canary" not in everything_told(app, sign_in, guest, saved)


def test_what_was_hidden_meanwhile_is_not_told(app, sign_in: SignIn) -> None:
    reader = make.person(app)
    saved = keep(app, reader)
    idea, moderator = make.idea(app, title="An invoice canary"), make.moderator(app)
    with app.app_context():
        alerts.follow()
        someone = db.session.get_one(Person, moderator)
        moderation.hide(someone, db.session.get_one(Idea, idea))
        delivery.tell_due()

    assert news_of(app, reader) == []
    assert "canary" not in everything_told(app, sign_in, reader, saved)


def test_a_consultant_whose_filter_names_a_place_they_left_finds_nothing(
    app, sign_in: SignIn, finance: int, stores: int
) -> None:
    guest = make.person(app, kind="consultant", attached=[finance, stores])
    saved = keep(app, guest, department="stores")
    with app.app_context(), transaction():
        query = select(Attachment).where(Attachment.department_id == stores)
        db.session.scalars(query).one().until = now()
        db.session.flush()

    make.idea(app, title="Invoices of finance", departments=[finance])
    minute(app)

    assert news_of(app, guest) == []
    assert "Invoices of finance" not in sign_in(guest).get(f"/search/saved/{saved}").text


def test_a_saved_search_goes_with_the_person(app, sign_in: SignIn) -> None:
    person = make.person(app, name="Zoya Winter", email="zoya@example.org")
    make.idea(app, title="Invoices arrive late")
    saved = keep(app, person)
    browser = sign_in(person)
    browser.post("/search/finished", {"address": "q=invoice", "found": "1"})
    known = browser.json("/settings/data.json")["search"]
    assert [row["name"] for row in known["saved"]] == ["About invoice"]
    assert [row["address"] for row in known["recent"]] == ["q=invoice"]
    assert known["told"][0]["kind"] == "idea"
    assert "since" not in known["saved"][0]

    admin = sign_in(make.admin(app))
    gone = admin.post(f"/admin/people/{person}/erase", {"name": "Zoya Winter"})

    assert gone.status_code == 303
    with app.app_context():
        from forum.core.personal import known_about

        assert not any(known_about(person)["search"].values())
    assert told(app, saved) == []
