"""A form whose token ran out comes back as itself, filled, but for passwords."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts import invitations, passwords
from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, sent_by

SignIn = Callable[..., Browser]
SECRET = "a long password nobody sees"


def stale(browser: Browser, address: str, fields: dict[str, str]) -> Document:
    """The page that a form is answered with when its token is of another day."""
    browser.get(address)
    data = {**fields, "csrf_token": "of yesterday"}
    refused = browser.client.post(address, data=data)
    assert refused.status_code == 400
    return Document(refused.text)


def check_filled(page: Document, address: str, fields: dict[str, str]) -> None:
    """The form is there with what was sent, a fresh token and why it is back, and no password."""
    sent = sent_by(page, address)
    assert {name: sent.get(name) for name in fields} == fields
    assert sent["csrf_token"] not in ("", "of yesterday")
    assert "open too long" in page.one("div", role="alert").text
    assert SECRET not in page.html


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/sign-in", {"email": "vera@example.org", "shared": "1", "next": "/ideas"}),
        ("/welcome", {"email": "vera@example.org", "code": "abcde fghij"}),
        ("/password-reset", {"email": "vera@example.org"}),
        ("/register", {"name": "Vera Petrova", "email": "vera@example.org"}),
    ],
)
def test_a_form_before_the_sign_in_comes_back_filled(
    app: Flask, anonymous: Browser, address: str, fields: dict[str, str]
) -> None:
    with app.app_context(), transaction():
        mail = {"mail_url": "smtp://127.0.0.1:9", "address": "https://forum.example.org"}
        domains = {"registration": "domain", "registration_domains": ["example.org"]}
        save_settings({**mail, **domains})

    page = stale(anonymous, address, {**fields, "password": SECRET})

    check_filled(page, address, fields)


def test_an_invitation_whose_page_was_open_too_long_still_works(
    app: Flask, anonymous: Browser
) -> None:
    admin, vera = make.admin(app), make.person(app, name="Vera Petrova")
    with app.test_request_context():
        chief, person = db.session.get_one(Person, admin), db.session.get_one(Person, vera)
        link = invitations.invite(chief, [person])[0].link
    address = "/welcome/" + link.rpartition("/")[2]

    page = stale(anonymous, address, {"password": SECRET, "shared": "1"})

    assert "checked" in page.one("input", id="shared")
    assert "Vera Petrova" in page.one("h1").text
    assert SECRET not in page.html
    token = page.all("input", name="csrf_token")[0]["value"]
    sent = {"password": SECRET, "csrf_token": token}
    assert anonymous.client.post(address, data=sent).status_code == 303


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/settings", {"locale": "ru", "theme": "dark"}),
        ("/settings/password", {}),
        ("/settings/email", {"email": "new@example.org"}),
        ("/admin/people/new", {"name": "Vera Petrova", "role": "moderator"}),
        ("/admin/people/{person}", {"name": "Vera Petrova", "job_title": "Head of stores"}),
        ("/admin/departments/new", {"name": "Stores", "slug": "the-stores"}),
        ("/admin/departments/{department}", {"name": "Stores", "description": "We keep it."}),
        ("/admin/settings", {"name": "Between us", "accent": "#11615f", "welcome_en": "Hello."}),
        ("/admin/settings/texts", {"announcement_en": "Back at five"}),
        ("/admin/settings/access", {"registration_domains": "example.org", "idle_minutes": "7"}),
        ("/admin/settings/mail", {"host": "mail.example.org", "user": "forum"}),
        ("/admin/import", {"kind": "departments"}),
    ],
)
def test_a_form_of_ones_own_or_of_the_administration_comes_back_filled(
    app: Flask, sign_in: SignIn, address: str, fields: dict[str, str]
) -> None:
    with app.app_context(), transaction():
        save_settings({"mail_url": "smtp://127.0.0.1:9", "address": "https://forum.example.org"})
    ids = {"person": make.person(app), "department": make.department(app)}
    place = address.format(**ids)
    browser = sign_in(make.admin(app))
    secrets = {"password": SECRET, "current_password": SECRET, "smtp_password": SECRET}

    page = stale(browser, place, {**fields, **secrets})

    check_filled(page, place, fields)


def test_an_attachment_whose_page_was_open_too_long_keeps_its_day(
    app: Flask, sign_in: SignIn
) -> None:
    department, guest = make.department(app), make.person(app, kind="consultant")
    address = f"/admin/people/{guest}/attach"
    browser = sign_in(make.admin(app))
    browser.get(f"/admin/people/{guest}")

    fields = {"department": str(department), "until": "2027-01-31"}
    refused = browser.client.post(address, data={**fields, "csrf_token": "of yesterday"})

    assert refused.status_code == 400
    check_filled(Document(refused.text), address, fields)


def test_what_was_looked_at_may_still_be_applied(app: Flask, sign_in: SignIn) -> None:
    content = "name,slug\nStores,stores\n"
    browser = sign_in(make.admin(app))

    page = stale(browser, "/admin/import", {"kind": "departments", "content": content})

    assert page.one("input", name="content")["value"].split() == content.split()
    assert "Stores" in page.one("table").text


def test_a_password_changed_twice_at_once_is_told_on_the_page(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    vera = make.person(app, password_hash=passwords.hash_password(SECRET))
    browser = sign_in(vera)
    make_hash = passwords.hash_new

    def meanwhile(person: Person, password: str) -> str:
        with app.app_context(), transaction():
            db.session.get_one(Person, vera).password_hash = "another"
        return make_hash(person, password)

    monkeypatch.setattr(passwords, "hash_new", meanwhile)
    fields = {"current_password": SECRET, "password": "quite another sentence"}
    refused = browser.post("/settings/password", fields)

    assert refused.status_code == 409
    assert sent_by(Document(refused.text), "/settings/password")
