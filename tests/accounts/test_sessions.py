"""Sessions: listed, ended one by one or all at once, and by themselves on a shared terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts import actions, passwords, standing
from forum.accounts.models import Person, PersonSession
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.site import save_settings
from tests.support import make
from tests.support.browser import Browser

PASSWORD = "our warehouse hums at night"


@pytest.fixture(scope="session")
def hashed():
    """The hash of the password, made once."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def vera(app, hashed):
    """Somebody with a password."""
    return make.person(app, email="vera@example.org", password_hash=hashed)


def enter(app, person, **options):
    """A browser of its own for somebody."""
    browser = Browser(app)
    browser.enter_as(person, **options)
    return browser


def is_in(browser):
    """Whether this browser is still signed in."""
    return browser.get("/settings").status_code == 200


def test_somebody_sees_where_they_are_signed_in_and_ends_one(app, vera):
    here, there = enter(app, vera), enter(app, vera)
    page = here.page("/settings/sessions")
    ends = [b["formaction"] for b in page.all("button") if b.get("formaction").endswith("/end")]

    here.post(ends[0])  # the newest stands first

    assert len(ends) == 2
    assert "this one" in page.text
    assert is_in(here)
    assert not is_in(there)


def test_somebody_signs_out_everywhere_else(app, vera):
    browsers = [enter(app, vera) for _ in range(4)]

    browsers[0].post("/settings/sessions/end-others")

    assert [is_in(browser) for browser in browsers] == [True, False, False, False]


def test_nobody_ends_the_session_of_somebody_else(app, vera, sign_in):
    mine, stranger = enter(app, vera), sign_in()
    with app.app_context():
        session = db.session.scalars(
            select(PersonSession.id).where(PersonSession.person_id == vera)
        ).one()

    stranger.post(f"/settings/sessions/{session}/end")
    stranger.post(f"/settings/sessions/{2**70}/end")

    assert is_in(mine)


def test_signing_out_ends_the_session_even_for_a_copied_cookie(app, vera):
    browser, thief = enter(app, vera), Browser(app)
    with browser.client.session_transaction() as mine:
        copied = dict(mine)
    with thief.client.session_transaction() as stolen:
        stolen.update(copied)

    answer = browser.post("/sign-out")

    assert answer.headers["Location"] == "/sign-in"
    assert not is_in(browser)
    assert not is_in(thief)


@pytest.mark.parametrize(
    "change",
    [
        lambda person: standing.set_role(None, person, "moderator"),
        lambda person: standing.set_kind(None, person, "board"),
        lambda person: standing.deactivate(None, person),
    ],
)
def test_a_change_of_role_kind_or_standing_ends_every_session(app, vera, change):
    browsers = [enter(app, vera), enter(app, vera)]
    with app.app_context():
        change(db.session.get_one(Person, vera))

    assert not any(is_in(browser) for browser in browsers)


def test_a_new_password_ends_every_session_but_the_one_it_was_set_in(app, vera):
    here, there = enter(app, vera), enter(app, vera)
    fields = {"current_password": PASSWORD, "password": "a quite different sentence"}

    answer = here.post("/settings/password", fields)

    assert answer.status_code == 303
    assert is_in(here)
    assert not is_in(there)
    assert here.post("/settings/password", fields).status_code == 422


def test_a_password_set_meanwhile_is_not_overwritten_by_who_knew_the_one_before(app, vera):
    newest = passwords.hash_password("what the administrator handed over")
    with app.app_context():
        someone = db.session.get_one(Person, vera)
        with app.app_context():
            actions.set_password(db.session.get_one(Person, vera), newest, by=None)
        browser = {"address": "192.0.2.1", "user_agent": "", "shared": False}
        with pytest.raises(Conflict):
            actions.change_password(someone, PASSWORD, "a quite different sentence", **browser)

    with app.app_context():
        assert db.session.get_one(Person, vera).password_hash == newest


@pytest.mark.parametrize(
    ("field", "value"), [("current_password", "wrong wrong"), ("password", "short")]
)
def test_a_wrong_or_weak_password_changes_nothing(app, vera, field, value):
    here, there = enter(app, vera), enter(app, vera)
    fields = {"current_password": PASSWORD, "password": "a quite different sentence"}

    answer = here.post("/settings/password", {**fields, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert is_in(there)


def test_a_session_ends_after_thirty_days(app, vera):
    browser = enter(app, vera)

    with time_machine.travel(now() + timedelta(days=30, minutes=1)):
        assert not is_in(browser)


def test_a_damaged_cookie_is_nobody(app, vera):
    for key in ("", ".", "1.", f"{10**30}.x", "x.y", "1.wrong", "-1.x", "²." + "x"):
        browser = Browser(app)
        with browser.client.session_transaction() as cookie:
            cookie["_user_id"] = key
        assert not is_in(browser), key


# --- Shared terminals


def sign_in_shared(app):
    """A browser on a shared terminal, through the form."""
    browser = Browser(app)
    browser.get("/sign-in")
    fields = {"email": "vera@example.org", "password": PASSWORD, "shared": "1"}
    assert browser.post("/sign-in", fields).status_code == 303
    return browser


def test_a_shared_terminal_signs_out_after_idle_minutes(app, vera):
    start = now()
    with time_machine.travel(start, tick=False):
        browser = sign_in_shared(app)
    with time_machine.travel(start + timedelta(minutes=9), tick=False):
        used = is_in(browser)
    with time_machine.travel(start + timedelta(minutes=18), tick=False):
        used_again = is_in(browser)
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        idle = browser.get("/settings")

    assert [used, used_again] == [True, True]
    assert idle.status_code == 303
    assert idle.headers["Location"].startswith("/sign-in")


def test_an_idle_session_is_over_for_good_and_its_cookie_empty(app, vera):
    start = now()
    with time_machine.travel(start, tick=False):
        browser, copy = sign_in_shared(app), Browser(app)
        with browser.client.session_transaction() as mine:
            copied = dict(mine)
    with time_machine.travel(start + timedelta(minutes=11), tick=False):
        browser.get("/settings")

    with browser.client.session_transaction() as cookie:
        assert "_user_id" not in cookie
        assert "csrf" not in cookie
    with app.app_context():
        assert db.session.scalars(select(PersonSession.revoked_at)).one() is not None
    with copy.client.session_transaction() as stolen:
        stolen.update(copied)
    with time_machine.travel(start + timedelta(minutes=1), tick=False):
        assert not is_in(copy)


def test_the_idle_time_begins_with_the_sign_in_itself(app, vera):
    start = now()
    with time_machine.travel(start, tick=False):
        browser = sign_in_shared(app)

    with time_machine.travel(start + timedelta(minutes=11), tick=False):
        assert not is_in(browser)


def test_the_administrator_sets_the_idle_minutes(app, vera):
    with app.app_context(), transaction():
        save_settings({"idle_minutes": 60})
    start = now()
    with time_machine.travel(start, tick=False):
        browser = sign_in_shared(app)

    with time_machine.travel(start + timedelta(minutes=59), tick=False):
        page = browser.page("/settings")

    assert page.one("html")["data-idle-minutes"] == "60"
    assert "data-shared" in page.one("html")


def test_a_persons_own_browser_stays_signed_in(app, vera):
    start = now()
    with time_machine.travel(start, tick=False):
        browser = Browser(app)
        browser.get("/sign-in")
        browser.post("/sign-in", {"email": "vera@example.org", "password": PASSWORD})

    with time_machine.travel(start + timedelta(days=20), tick=False):
        assert is_in(browser)


def test_signing_out_after_the_idle_time_still_leads_to_sign_in(app, vera):
    start = now()
    with time_machine.travel(start, tick=False):
        browser = sign_in_shared(app)
        browser.get("/settings")

    with time_machine.travel(start + timedelta(minutes=11), tick=False):
        answer = browser.post("/sign-out")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in"


# --- Choices


def test_language_theme_and_shortcuts_are_remembered(app, vera):
    browser = enter(app, vera)

    browser.post("/settings", {"locale": "ru", "theme": "dark"})
    page = enter(app, vera).page("/settings").one("html")

    assert page["lang"] == "ru"
    assert page["data-theme"] == "dark"
    assert page["data-keys"] == "off"


@pytest.mark.parametrize(("field", "value"), [("locale", "de"), ("theme", "neon")])
def test_unknown_choices_are_refused(app, vera, field, value):
    fields = {"locale": "en", "theme": "auto", "shortcuts": "1", field: value}

    assert enter(app, vera).post("/settings", fields).status_code == 422
