"""Pages for those who are not in yet."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts import registration, tokens
from forum.accounts.models import Person, Purpose
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.notifications import tokens as news
from tests.browser.stops import NOBODY, Stop


def at_the_door() -> list[Stop]:
    """Pages for those who are not in yet; registration is opened to have its pages too."""
    person = db.session.scalars(select(Person).where(Person.email == "hugh@demo.example")).one()
    secrets = {purpose: tokens.new_secret() for purpose in (*Purpose,)}
    open_door = {
        "registration": "domain",
        "registration_domains": ["demo.example"],
        "mail_url": "smtp://127.0.0.1:9",
        "mail_from": "forum@demo.example",
        "address": "http://127.0.0.1:9",
        "privacy_en": "We keep what you post.",
        "imprint_en": "Meridian, 1 Harbour Street.",
    }
    with transaction():
        save_settings(open_door)
        # What a mail leads to speaks as its reader chose to, or as the browser does: this is of
        # somebody who chose nothing, and whom no stop of the tour lets choose.
        by_number = select(Person).where(Person.email.is_(None), Person.login.is_not(None))
        absent = db.session.scalars(by_number.where(Person.deactivated_at.is_(None))).all()[0]
        absent.locale = None
        for purpose in (Purpose.INVITATION, Purpose.PASSWORD_RESET, Purpose.EMAIL_NEW):
            tokens.issue(purpose, person, secrets[purpose], email="hugh.new@demo.example")
    newcomer = registration._signer().dumps(["New Person", "new.person@demo.example", "en"])
    found = {
        "/sign-in": "/sign-in?next=/ideas",
        "/password-reset": "/password-reset",
        "/welcome": "/welcome",
        "/register": "/register",
        "/privacy": "/privacy",
        "/imprint": "/imprint",
        "/welcome/<string:secret>": f"/welcome/{secrets[Purpose.INVITATION]}",
        "/password-reset/<string:secret>": f"/password-reset/{secrets[Purpose.PASSWORD_RESET]}",
        "/confirm-email/<string:secret>": f"/confirm-email/{secrets[Purpose.EMAIL_NEW]}",
        "/register/<string:secret>": f"/register/{newcomer}",
        "/unsubscribe/<string:token>": news.path_of(absent.id, "decided"),
    }
    return [Stop(rule, address, NOBODY) for rule, address in found.items()]
