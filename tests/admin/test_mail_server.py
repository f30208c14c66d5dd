"""The mail server: tried, told of, and its password kept."""

from __future__ import annotations

import pytest

from tests.admin.sent import MAIL, setting
from tests.support.post_office import post_office


def test_a_test_mail_arrives_in_the_administrators_language(app, admin):
    with post_office() as office:
        admin.post(
            "/admin/settings/mail",
            {**MAIL, "host": "127.0.0.1", "port": office.port, "action": "test"},
        )
        page = admin.page("/admin/settings/mail")

    letter = office.letters[0]
    assert letter["To"] == "chief@example.org"
    assert letter["Subject"] == "Test mail"
    assert "can send mail" in letter.get_content()
    assert "is on its way to chief@example.org" in page.text


def test_what_the_mail_server_says_against_it_is_shown(app, admin):
    with post_office("550 we do not know you") as office:
        admin.post(
            "/admin/settings/mail",
            {**MAIL, "host": "127.0.0.1", "port": office.port, "action": "test"},
        )
        page = admin.page("/admin/settings/mail")

    assert "we do not know you" in page.text
    assert office.letters == []


def test_a_mail_server_that_is_not_there_is_told_and_not_a_fault(app, admin):
    answer = admin.post(
        "/admin/settings/mail", {**MAIL, "host": "127.0.0.1", "port": "1", "action": "test"}
    )

    assert answer.status_code == 303
    assert "was not sent" in admin.page("/admin/settings/mail").text


def test_the_password_of_the_mail_server_is_kept_never_shown_and_not_given_to_another(app, admin):
    server = {**MAIL, "host": "mail.example.org", "port": "587", "user": "forum@x"}
    admin.post("/admin/settings/mail", {**server, "smtp_password": "p:s/ w@rd"})
    kept = setting(app, "mail_url")

    page = admin.get("/admin/settings/mail").text
    admin.post("/admin/settings/mail", server)
    still = setting(app, "mail_url")
    admin.post("/admin/settings/mail", {**server, "host": "mail.evil.example"})

    assert "w@rd" not in page
    assert "w%40rd" not in page
    assert kept == still == "smtp://forum%40x:p%3As%2F%20w%40rd@mail.example.org:587"
    assert setting(app, "mail_url") == "smtp://forum%40x@mail.evil.example:587"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "mail example org"),
        ("host", "evil@host/path"),
        ("port", "70000"),
        ("tls", "none"),
        ("mail_from", "not an address"),
        ("address", "javascript:alert(1)"),
    ],
)
def test_a_mail_server_that_cannot_be_is_refused(app, admin, field, value):
    answer = admin.post("/admin/settings/mail", {**MAIL, "host": "mail.example.org", field: value})

    assert answer.status_code == 422
    assert setting(app, "mail_url") == ""
