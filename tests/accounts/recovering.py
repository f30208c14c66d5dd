"""Ways back in, as tests walk them."""

from __future__ import annotations

import re

from sqlalchemy import select

from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.core.site import save_settings
from tests.support.browser import Browser
from tests.support.together import at_once

OLD, NEW = "our warehouse hums at night", "a quite different sentence"

ADDRESS = "https://forum.example"


def set_up(app, **settings):
    """Change settings of the site."""
    with app.app_context(), transaction():
        save_settings(settings)


def letters(app):
    """The waiting mails, oldest first, as (to, path of the link, text)."""
    with app.app_context():
        rows = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    found = []
    for row in rows:
        link = re.search(rf"{ADDRESS}(/\S*)", row.body)
        found.append((row.recipient, link.group(1) if link else "", f"{row.subject} {row.body}"))
    return found


def send(browser, address, **fields):
    """Open a page and send its form."""
    browser.get(address)
    return browser.post(address, fields)


def can_sign_in(app, password, handle="vera@example.org"):
    """Whether this opens the door."""
    answer = send(Browser(app), "/sign-in", email=handle, password=password)
    return answer.status_code == 303


def open_at_once(app, address, password):
    """Four browsers use one link at the same moment; their statuses in order of size."""
    browsers = [Browser(app) for _ in range(4)]
    for browser in browsers:
        browser.get(address)
    answers = at_once([lambda b=b: b.post(address, {"password": password}) for b in browsers])
    return sorted(answer.status_code for answer in answers)
