"""Who may do what to a standard, asked of the acts themselves; and that each leaves its line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core.db import db, end_read
from forum.core.errors import Conflict
from forum.departments import membership
from forum.ideas.models import Idea
from forum.standards import actions, drafts, origins
from forum.standards.models import Standard, Version
from tests.standards import standards
from tests.support import log, make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
Act = Callable[[Person, Standard], object]
MODERATOR, OWNER, STRANGER = "MOS"


def save(by: Person, standard: Standard) -> None:
    """Another text."""
    drafts.save_draft(by, standard, WORDING(), seen=standard.lock)


def WORDING() -> drafts.Wording:
    """A text for a version."""
    return drafts.word(of=None, title="Paying on time", body="Finance pays on Fridays.")


def acknowledge(by: Person, standard: Standard) -> None:
    """Say that one has read what is in force."""
    version = db.session.query(Version).filter_by(standard_id=standard.id).one()
    actions.acknowledge(by, standard, version)


ACTS: dict[str, tuple[str, Act, str, str]] = {
    "begin": (
        "draft",
        lambda by, standard: drafts.begin(by, WORDING()),
        MODERATOR,
        "standard.drafted",
    ),
    "save": ("draft", save, MODERATOR + OWNER, "standard.draft-saved"),
    "save the next": ("in force", save, MODERATOR + OWNER, "standard.draft-saved"),
    "publish": ("draft", actions.publish, MODERATOR, "standard.published"),
    "retire": (
        "in force",
        lambda by, standard: actions.retire(by, standard, why="Nobody needs it."),
        MODERATOR,
        "standard.retired",
    ),
    "acknowledge": ("in force", acknowledge, MODERATOR + OWNER + STRANGER, "standard.acknowledged"),
}


class Scene:
    """A standard, and one person in each relation to it."""

    def __init__(self, app: Flask, state: str) -> None:
        self.app = app
        self.people = {
            MODERATOR: make.moderator(app),
            OWNER: make.person(app),
            STRANGER: make.person(app),
        }
        made = standards.drafted if state == "draft" else standards.in_force
        self.number = made(app, owner=self.people[OWNER])

    def do(self, act: Act, by: str) -> None:
        """Somebody does something to the standard."""
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[by])
            act(person, standards.by_number(self.number))


@pytest.mark.parametrize("name", ACTS)
def test_only_those_who_may_change_a_standard(app: Flask, name: str) -> None:
    state, act, allowed, _told = ACTS[name]
    scene = Scene(app, state)
    others = scene.people.keys() - set(allowed)

    log.refuses(app, (partial(scene.do, act, by) for by in others))


@pytest.mark.parametrize("name", ACTS)
def test_every_change_of_a_standard_is_in_the_log_with_who_made_it(app: Flask, name: str) -> None:
    state, act, allowed, told = ACTS[name]
    scene = Scene(app, state)

    said = log.told_of(app, partial(scene.do, act, allowed[-1]))

    assert said == [(told, scene.people[allowed[-1]], "standard")]


@pytest.mark.parametrize("name", ["save", "publish", "retire"])
def test_a_retired_standard_is_changed_by_nobody(app: Flask, sign_in: SignIn, name: str) -> None:
    scene = Scene(app, "in force")
    scene.do(ACTS["save the next"][1], OWNER)
    standards.retire(app, scene.number)

    with pytest.raises(Conflict):
        scene.do(ACTS[name][1], MODERATOR)

    moderator = sign_in(scene.people[MODERATOR])
    page, address = moderator.page(f"/standards/{scene.number}"), f"/standards/{scene.number}"
    assert not page.all("form", action=f"{address}/publish")
    assert not page.all("a", href=f"{address}/edit")


def test_a_standard_retired_while_somebody_writes_is_not_saved(app: Flask) -> None:
    scene = Scene(app, "in force")
    with app.app_context():
        loaded = standards.by_number(scene.number)
        owner = db.session.get_one(Person, scene.people[OWNER])
        db.session.expunge(loaded)
        end_read()
        standards.retire(app, scene.number)
        lock = standards.by_number(scene.number).lock

        with pytest.raises(Conflict):
            drafts.save_draft(owner, loaded, WORDING(), seen=lock)


def test_a_strangers_visit_to_the_editors_page_is_refused(app: Flask, sign_in: SignIn) -> None:
    scene = Scene(app, "in force")
    address = f"/standards/{scene.number}/edit"
    form = {"title": "Taken over", "body": "By me.", "lock": "1"}

    assert sign_in(scene.people[STRANGER]).get(address).status_code == 403
    assert sign_in(scene.people[STRANGER]).post(address, form).status_code == 403
    assert sign_in(scene.people[OWNER]).get(address).status_code == 200


def test_how_many_have_read_is_shown_to_editors_only(app: Flask, sign_in: SignIn) -> None:
    scene = Scene(app, "in force")
    shown = [
        "read this version" in sign_in(scene.people[who]).page(f"/standards/{scene.number}").text
        for who in (MODERATOR, OWNER, STRANGER)
    ]

    assert shown == [True, True, False]


def test_readers_are_counted_among_those_it_is_for_and_who_can_sign_in(
    app: Flask, sign_in: SignIn
) -> None:
    finance, sales = make.department(app), make.department(app)
    reader = make.person(app, department=finance)
    make.person(app, department=finance)
    make.person(app, department=sales)
    make.person(app, department=finance, deactivated_at=make.ago(days=1))
    make.person(app, department=finance, kind="consultant", attached=[finance])
    number = standards.in_force(app, departments=[finance])
    sign_in(reader).post(f"/standards/{number}/acknowledge", {"version": "1"})

    page = sign_in(make.moderator(app)).page(f"/standards/{number}")

    assert "1 of 2 people have read this version." in page.text


def test_a_version_keeps_the_day_it_was_superseded(app: Flask) -> None:
    number = standards.in_force(app)
    standards.rewrite(app, number, body="The second text.")
    with app.app_context():
        first = db.session.query(Version).filter_by(number=1).one().superseded_at

    standards.rewrite(app, number, body="The third text.")

    with app.app_context():
        versions = db.session.query(Version).order_by(Version.number).all()
        assert [version.state for version in versions] == ["superseded", "superseded", "in_force"]
        assert versions[0].superseded_at == first


def test_a_form_without_a_session_gives_no_draft_away(app: Flask, sign_in: SignIn) -> None:
    scene = Scene(app, "draft")
    address = f"/standards/{scene.number}/edit"
    form = {"title": "Taken over", "body": "By me.", "lock": "1", "csrf_token": "another's"}

    answers = [
        sign_in(scene.people[who]).client.post(address, data=form) for who in (OWNER, STRANGER)
    ]

    owners, strangers = (Document(answer.text) for answer in answers)
    assert owners.one("input", name="title")["value"] == "Taken over"
    assert owners.all("select", name="owner")
    assert not strangers.all("select", name="owner")


def test_an_owner_who_became_a_consultant_sees_no_drafts(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app)
    owner = make.person(app)
    number = standards.in_force(app, owner=owner, departments=[finance])
    with app.app_context():
        boss, person = (db.session.get_one(Person, each) for each in (make.admin(app), owner))
        standing.set_kind(boss, person, "consultant")
        membership.attach(boss, owner, finance)

    browser = sign_in(owner)

    assert not browser.page(f"/standards/{number}").all("a", href=f"/standards/{number}/edit")
    assert browser.get(f"/standards/{number}/edit").status_code == 403


def test_an_amendment_is_in_the_log_with_the_idea_it_comes_from(app: Flask) -> None:
    number, idea = standards.in_force(app), standards.accepted(app, owner=make.department(app))
    moderator = make.moderator(app)

    def amend() -> None:
        with app.app_context():
            person, fed = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea)
            origins.standardise(person, fed, number=number)

    assert log.told_of(app, amend) == [("standard.drafted", moderator, "standard")]
