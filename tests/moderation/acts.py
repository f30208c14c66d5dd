"""What the tests of moderation do over and over, through the forum's own actions and pages."""

from __future__ import annotations

from flask import Flask

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.moderation import flags
from forum.moderation.models import Matter
from forum.moderation.things import thing_or_404
from tests.support import make
from tests.support.browser import Browser


def flag(
    app: Flask,
    kind: str,
    number: int,
    by: int | None = None,
    *,
    reason: str = "rude",
    note: str = "",
) -> int:
    """Somebody flags a thing; the matter's id."""
    by = by if by is not None else make.person(app)
    with app.app_context():
        person = db.session.get_one(Person, by)
        return flags.flag(person, thing_or_404(person, kind, number), reason=reason, note=note)


def follow(app: Flask) -> None:
    """Every reader of the log reads to its end."""
    with app.app_context():
        readers.catch_up()


def matters(app: Flask) -> list[tuple[str, str, str]]:
    """Every matter as (kind, state, outcome), oldest first."""
    with app.app_context():
        rows = db.session.query(Matter).order_by(Matter.id)
        return [(row.kind, str(row.state), str(row.outcome)) for row in rows]


def decide(browser: Browser, matter_id: int, outcome: str, why: str = "") -> int:
    """A moderator decides; the answer's status."""
    sent = {"outcome": outcome, "why": why}
    return browser.post(f"/moderation/matters/{matter_id}/decide", sent).status_code


def news(app: Flask, browser: Browser) -> list[str]:
    """What somebody's inbox says, newest first."""
    follow(app)
    items = browser.page("/notifications").all("li", data_kind=True)
    return [item.text for item in items]


def let_newcomers_wait(app: Flask) -> None:
    """From now on first posts wait for a moderator."""
    with app.app_context():
        from forum.core.clock import now

        since = now().isoformat()
        with transaction():
            save_settings({"newcomers_from": since})
