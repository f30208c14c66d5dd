"""Mails that were given up, as administrators see them."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core import mail
from forum.core.db import db, transaction
from forum.core.mail import ATTEMPTS, OutboxMail
from tests.notifications.posting import mailing_forum
from tests.support import make


def given_up(app: Flask, **fields) -> int:
    with app.app_context(), transaction():
        row = OutboxMail(
            **{
                "recipient": "vera@example.org",
                "subject": "Choose a new password",
                "body": "https://forum.example/password-reset/secret",
                "attempts": ATTEMPTS,
                "error": "550 no such person",
                **fields,
            }
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def test_they_are_listed_with_what_the_server_said_and_without_their_texts(app, sign_in) -> None:
    given_up(app)

    page = sign_in(make.admin(app)).page("/admin/mails")

    for words in ("vera@example.org", "Choose a new password", "550 no such person", "8 attempts"):
        assert words in page.text
    assert "secret" not in page.text


def test_nothing_given_up_says_so(app, sign_in) -> None:
    given_up(app, attempts=3)

    assert "Every mail arrives" in sign_in(make.admin(app)).page("/admin/mails").text


@pytest.mark.parametrize("which", ["{}/again", "again"])
def test_it_can_be_tried_again(app, sign_in, which) -> None:
    number = given_up(app)
    with mailing_forum(app) as office:
        sign_in(make.admin(app)).post(f"/admin/mails/{which.format(number)}")
        with app.app_context():
            assert mail.send_due() == 1

    assert office.letters[0]["To"] == "vera@example.org"


def test_the_reason_is_what_the_server_said(app, sign_in) -> None:
    with mailing_forum(app, "550 no such person here"):
        given_up(app, attempts=ATTEMPTS - 1, error="")
        with app.app_context():
            mail.send_due()

    assert "550 no such person here" in sign_in(make.admin(app)).page("/admin/mails").text


def test_only_administrators_see_them(app, sign_in) -> None:
    assert sign_in(make.moderator(app)).get("/admin/mails").status_code == 404


def test_the_administration_leads_there(app, sign_in) -> None:
    assert sign_in(make.admin(app)).page("/admin").one("a", href="/admin/mails")
