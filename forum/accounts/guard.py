"""Before every request: who asks, may they reach this route, is the change their own.

The order matters: an unknown caller learns nothing about a route, not even that its form is stale.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from flask import Flask, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from forum.accounts import sessions
from forum.accounts.models import Person
from forum.accounts.trust import refuse_suspended
from forum.core import csrf
from forum.core.access import ADMINS, MODERATORS, PUBLIC, SIGNED_IN, level_of
from forum.core.db import transaction
from forum.core.errors import NotFound
from forum.core.i18n import forget_language
from forum.core.intake import READS, make_room, refuse_when_read_only
from forum.core.site import site, site_cache
from forum.core.urls import sign_in_address


class MeView(NamedTuple):
    """What every page knows about its reader."""

    id: int
    name: str
    role: str
    unread: int
    may_moderate: bool
    may_administer: bool
    theme: str
    keys_on: bool
    shared: bool
    idle_minutes: int


def install(app: Flask) -> None:
    """Wire flask-login and the guard."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(_load_user)
    manager.init_app(app)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.before_request(_open_site)
    app.before_request(_keep_strangers_out)
    app.before_request(make_room)
    app.before_request(csrf.check)
    app.before_request(_keep_suspended_from_writing)
    app.before_request(refuse_when_read_only)


def me() -> Person:
    """The signed-in person; only for routes that are not public."""
    person: Person = g.person
    return person


def me_or_none() -> Person | None:
    """The signed-in person, or None on a public route."""
    person: Person | None = g.get("person")
    return person


def _load_user(key: str) -> sessions.SessionUser | None:
    # The page that says that the database is away asks it nothing.
    found = None if g.get("away") else sessions.load(key)
    if found is None:
        return None
    g.site = site_cache().at(found.site_revision)
    if found.session.shared and _idle_too_long():
        _end_idle(found)
        return None
    g.person, g.person_session, g.along = found.person, found.session, found.along
    return sessions.SessionUser(key, found.person)


def _idle_too_long() -> bool:
    last, current = session.get("seen", 0), int(time.time())
    if last and current - last > g.site.idle_minutes * 60:
        return True
    if current - last > 20:
        session["seen"] = current
    return False


def _end_idle(found: sessions.Loaded) -> None:
    """End an idle session for good, so that its cookie is worth nothing either."""
    sessions.empty_cookie()
    if not g.site.read_only:
        with transaction():
            sessions.end(found.session.id, found.person.id)


def _open_site() -> None:
    if request.endpoint in ("static", "health.live", "health.ready"):
        return
    signed_in = current_user.is_authenticated
    settings = site()
    g.site_locale, g.site_zone = settings.default_locale, settings.time_zone
    if signed_in:
        _introduce(g.person)


def let_in(key: str) -> None:
    """From here on this request is theirs who have just signed in: its page is drawn for them."""
    if _load_user(key) is not None:
        _introduce(g.person)


def _introduce(person: Person) -> None:
    g.person_locale = person.locale
    # The next one at a shared terminal finds nothing by the back button either.
    g.no_store = g.get("no_store", False) or g.person_session.shared
    forget_language()
    g.me_view = MeView(
        id=person.id,
        name=person.name,
        role=person.role,
        unread=person.unread,
        may_moderate=person.moderates,
        may_administer=person.administers,
        theme=person.theme,
        keys_on=person.shortcuts,
        shared=g.person_session.shared,
        idle_minutes=g.site.idle_minutes,
    )


def _keep_strangers_out() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static":
        return None
    level = level_of(current_app.view_functions.get(endpoint))
    if level == PUBLIC:
        return None
    person = me_or_none()
    if person is None:
        return _ask_to_sign_in()
    if not may_reach(person, level):
        raise NotFound
    return None


STILL_OPEN = (
    "/settings", "/notifications/", "/search/", "/sign-", "/preview", "/password-reset",
    "/ideas/suggest-departments",
)  # fmt: skip
"""Addresses of changes that are nobody's words: somebody who is suspended reads on."""


def _keep_suspended_from_writing() -> None:
    person = me_or_none()
    if person is None or request.method in READS or request.path.startswith(STILL_OPEN):
        return
    refuse_suspended(person)


def may_reach(person: Person, level: str) -> bool:
    """Whether somebody's role opens a route of this level."""
    if level == SIGNED_IN:
        return True
    if level == MODERATORS:
        return person.moderates
    return level == ADMINS and person.administers


def _ask_to_sign_in() -> ResponseReturnValue:
    from forum.accounts.views import sign_in_again

    if request.method in READS and not request.is_json:
        from forum.core.errorpages import wants_json

        if not wants_json():
            return redirect(sign_in_address(request.full_path.rstrip("?")), 303)
    return sign_in_again()
