"""Every act on people: administrators only, and each leaves its line in the chained log."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from forum.accounts import arrivals, invitations, recovery, standing
from forum.accounts.models import Person
from forum.admin import erasure, people_actions, settings
from forum.core.db import db
from forum.core.errors import Forbidden
from tests.support import log, make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Act = Callable[[Person, Person], object]


def details(name: str, email: str) -> people_actions.Details:
    """A form about a person, filled in."""
    return people_actions.Details(name=name, email=email)


ACTS: dict[str, tuple[Act, str]] = {
    "add": (
        lambda by, them: people_actions.add_person(by, details("New One", "new@example.org")),
        "person.created",
    ),
    "let in": (
        lambda by, them: arrivals.add_person(by, name="New One", email="new@example.org"),
        "person.created",
    ),
    "correct": (
        lambda by, them: people_actions.change_person(by, them, details("Ann", them.email or "")),
        "person.changed",
    ),
    "role": (lambda by, them: standing.set_role(by, them, "moderator"), "person.role-changed"),
    "kind": (lambda by, them: standing.set_kind(by, them, "board"), "person.changed"),
    "deactivate": (lambda by, them: standing.deactivate(by, them), "person.deactivated"),
    "invite": (lambda by, them: invitations.invite(by, [them]), "person.invited"),
    "sheet": (lambda by, them: invitations.sign_in_sheet(by, [them]), "person.code-made"),
    "reset": (lambda by, them: recovery.reset_link(by, them), "person.reset-link-made"),
    "erase": (lambda by, them: erasure.erase(by, them), "person.erased"),
    "settings": (
        lambda by, them: settings.save(by, {"welcome_en": "Hello."}),
        "site.settings-changed",
    ),
    "logo": (
        lambda by, them: settings.save_with_logo(by, {"welcome_en": "Hello."}, None),
        "site.settings-changed",
    ),
}


def do(app: Flask, act: Act, by: int, to: int) -> None:
    """One person does something to another."""
    with app.app_context():
        act(db.session.get_one(Person, by), db.session.get_one(Person, to))


@pytest.mark.parametrize("name", ACTS)
def test_nobody_but_an_administrator_acts_on_people(app: Flask, name: str) -> None:
    them, others = make.person(app), (make.person(app), make.moderator(app))

    log.refuses(app, (partial(do, app, ACTS[name][0], by, them) for by in others))


@pytest.mark.parametrize("name", ACTS)
def test_every_act_on_people_is_in_the_log_with_who_did_it(app: Flask, name: str) -> None:
    them, admin = make.person(app), make.admin(app)
    act, told = ACTS[name]

    said = log.told_of(app, partial(do, app, act, admin, them))

    assert [(kind, by) for kind, by, _about in said] == [(told, admin)]


def test_somebody_is_let_in_again_by_an_administrator_only(app: Flask, sign_in: SignIn) -> None:
    them, admin = make.person(app), make.admin(app)
    do(app, standing.deactivate, admin, them)
    before = log.position(app)

    with pytest.raises(Forbidden):
        do(app, standing.reactivate, make.moderator(app), them)
    do(app, standing.reactivate, admin, them)

    assert log.since(app, before) == [("person.reactivated", admin, "person")]
    assert sign_in(them).get("/ideas").status_code == 200


def test_another_kind_ends_sessions_and_changes_what_is_seen(app: Flask, sign_in: SignIn) -> None:
    them, admin = make.person(app), make.admin(app)
    idea = make.idea(app)
    browser = sign_in(them)

    do(app, lambda by, to: standing.set_kind(by, to, "consultant"), admin, them)

    assert browser.get(f"/ideas/{idea}").status_code == 303
    assert sign_in(them).get(f"/ideas/{idea}").status_code == 404


def test_the_page_of_a_person_shows_the_attachments_that_run(app: Flask, sign_in: SignIn) -> None:
    finance, sales = make.department(app, "Finance"), make.department(app, "Sales")
    consultant = make.person(app, kind="consultant", attached=[finance, sales])
    from forum.departments import membership

    do(app, lambda by, to: membership.detach(None, to.id, [sales]), consultant, consultant)

    page = sign_in().page(f"/people/{consultant}").one("main").text

    assert "Finance" in page
    assert "Sales" not in page


def test_the_page_of_a_person_shows_their_own_seats_only(app: Flask, sign_in: SignIn) -> None:
    finance, sales = make.department(app, "Finance"), make.department(app, "Sales")
    anna, boris = make.person(app), make.person(app)
    make.represent(app, anna, finance)
    make.represent(app, boris, sales)

    page = sign_in().page(f"/people/{anna}").one("main").text

    assert "Finance" in page
    assert "Sales" not in page
