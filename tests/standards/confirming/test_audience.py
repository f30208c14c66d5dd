"""Whom a version asks: departments, roles and kinds, as people are now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, transaction
from forum.departments import membership, merging
from forum.departments.actions import archive
from forum.departments.models import Department
from forum.notifications.models import Notification
from forum.standards.approvals.models import Approval, Said
from forum.standards.confirming.models import VersionPeople
from forum.standards.models import Version
from tests.standards import standards
from tests.standards.confirming import confirmations
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
MODERATORS = [("role", "moderator")]


def test_a_version_for_a_role_asks_those_who_have_it(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app)
    clerk = make.person(app, department=finance)
    curator = make.moderator(app, department=finance)
    make.moderator(app)

    number = standards.in_force(app, title="Curating", departments=[finance], people=MODERATORS)

    assert confirmations.counted(app, number) == (0, 1)
    assert list(confirmations.to_confirm(sign_in(curator))) == [number]
    assert confirmations.waits_on_home(sign_in(curator)) == ["Curating"]
    assert confirmations.to_confirm(sign_in(clerk)) == {}
    assert confirmations.waits_on_home(sign_in(clerk)) == []


def test_a_version_for_the_board_asks_nobody_else(app: Flask, sign_in: SignIn) -> None:
    make.person(app)
    member = make.person(app, kind="board")

    number = standards.in_force(app, people=[("kind", "board")])

    assert confirmations.counted(app, number) == (0, 1)
    assert list(confirmations.to_confirm(sign_in(member))) == [number]


def test_who_is_not_asked_counts_nowhere(app: Flask) -> None:
    finance, (asked,) = confirmations.department_of(app, "Anna")
    make.person(app, department=finance, deactivated_at=make.ago(days=1))
    make.person(app, department=finance, erased_at=make.ago(days=1))
    make.person(app, department=finance, kind="consultant", attached=[finance])

    number = standards.in_force(app, departments=[finance])

    assert asked
    assert confirmations.counted(app, number) == (0, 1)


def test_somebody_who_moves_takes_their_row_out_and_comes_into_another(
    app: Flask, sign_in: SignIn
) -> None:
    finance, (mover, _other) = confirmations.department_of(app, "Mover", "Stays")
    sales = make.department(app)
    number = standards.in_force(app, departments=[finance])
    confirmations.confirm(sign_in(mover), number)
    assert confirmations.counted(app, number) == (1, 2)

    with app.app_context():
        membership.place(db.session.get_one(Person, make.admin(app)), mover, sales)

    assert confirmations.counted(app, number) == (0, 1)
    assert confirmations.to_confirm(sign_in(mover)) == {}


def test_an_audience_without_anybody_is_refused_and_nothing_is_lost(
    app: Flask, sign_in: SignIn
) -> None:
    empty = make.department(app, "Empty")
    number = standards.drafted(app, departments=[empty], body="Kept as it was typed.")
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)

    answer = moderator.post(f"/standards/{number}/edit", {**fields, "action": "publish"})

    assert answer.status_code == 422
    assert "Nobody belongs to this audience" in answer.text
    assert "Kept as it was typed." in answer.text
    assert moderator.post(f"/standards/{number}/publish").status_code == 422
    assert standards.read(moderator, f"/standards/{number}").state == "draft"


@pytest.mark.parametrize("narrowed", [("role", "admin"), ("kind", "board")])
def test_roles_that_nobody_has_there_are_refused_too(
    app: Flask, sign_in: SignIn, narrowed: tuple[str, str]
) -> None:
    finance, _people = confirmations.department_of(app, "Anna")
    number = standards.drafted(app, departments=[finance], people=[narrowed])

    answer = sign_in(make.moderator(app)).post(f"/standards/{number}/publish")

    assert answer.status_code == 422


def test_a_merged_department_leaves_its_people_asked(app: Flask, sign_in: SignIn) -> None:
    finance, (anna, _boris) = confirmations.department_of(app, "Anna", "Boris")
    money, _people = confirmations.department_of(app, "Clara")
    number = standards.in_force(app, departments=[finance])
    confirmations.confirm(sign_in(anna), number)

    with app.app_context():
        admin = db.session.get_one(Person, make.admin(app))
        old, heir = (db.session.get_one(Department, each) for each in (finance, money))
        merging.merge(admin, old, heir)

    assert confirmations.counted(app, number) == (1, 3)


def test_what_is_chosen_under_more_stays_with_the_draft(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number) | {"more": "1"}

    moderator.post(f"/standards/{number}/edit", {**fields, "roles": "moderator", "minor": "1"})

    edit = moderator.page(f"/standards/{number}/edit")
    assert "checked" in edit.one("input", id="minor")
    assert "checked" in edit.one("input", value="moderator")
    fields = standards.fields_of(moderator, number)
    moderator.post(f"/standards/{number}/edit", {**fields, "body": "From an old client."})
    with app.app_context():
        draft = db.session.query(Version).filter_by(state="draft").one()
        assert draft.minor
        [kept] = db.session.query(VersionPeople).filter_by(version_id=draft.id).all()
        assert (kept.what, kept.value) == ("role", "moderator")


def test_an_unknown_role_is_refused(app: Flask, sign_in: SignIn) -> None:
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number) | {"more": "1", "roles": "king"}

    answer = moderator.post(f"/standards/{number}/edit", fields)

    assert answer.status_code == 422
    assert "Choose people from the list." in answer.text


def test_the_first_version_has_nothing_to_be_minor_to(app: Flask, sign_in: SignIn) -> None:
    moderator = sign_in(make.moderator(app))
    number = standards.drafted(app)

    assert not moderator.page(f"/standards/{number}/edit").all("input", id="minor")
    assert not moderator.page("/standards/new").all("input", id="minor")


def test_news_of_a_version_reach_those_it_asks(app: Flask) -> None:
    finance = make.department(app)
    make.person(app, department=finance)
    curator = make.moderator(app, department=finance)
    standards.in_force(app, departments=[finance], people=MODERATORS)

    with app.app_context():
        readers.catch_up()
        told = db.session.query(Notification.person_id).filter_by(kind="published")

        assert [row[0] for row in told] == [curator]


def test_a_page_names_the_roles_it_is_for(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app, people=[*MODERATORS, ("kind", "staff")])

    page = sign_in().page(f"/standards/{number}")

    assert "Only: Moderator, Staff" in page.text


def _close(app: Flask, department: int, into: int) -> None:
    """Archive a department whose people went to another."""
    with app.app_context():
        admin = db.session.get_one(Person, make.admin(app))
        for person in db.session.query(Person).filter_by(department_id=department).all():
            membership.place(admin, person.id, into)
        archive(admin, db.session.get_one(Department, department))


def test_an_archived_department_cannot_be_chosen_though_one_that_was_may_stay(
    app: Flask, sign_in: SignIn
) -> None:
    finance, gone = make.department(app, "Finance"), make.department(app, "Gone")
    make.person(app, department=finance)
    older = standards.in_force(app, departments=[finance, gone])
    other = standards.in_force(app, departments=[finance])
    _close(app, gone, finance)
    moderator = sign_in(make.moderator(app))

    kept = moderator.post(f"/standards/{older}/edit", standards.fields_of(moderator, older))
    fields = standards.fields_of(moderator, other) | {"departments": ["", str(gone)]}
    chosen = moderator.post(f"/standards/{other}/edit", fields)
    begun = moderator.post("/standards/new", fields)

    assert (kept.status_code, chosen.status_code, begun.status_code) == (303, 422, 422)
    assert "Choose departments from the list." in chosen.text


def test_a_version_in_approval_may_keep_a_department_that_was_archived(
    app: Flask, sign_in: SignIn
) -> None:
    finance, gone = make.department(app, "Finance"), make.department(app, "Gone")
    make.person(app, department=finance)
    number = standards.drafted(app, departments=[finance, gone])
    moderator = sign_in(make.moderator(app))
    with app.app_context():
        lock = str(standards.by_number(number).lock)
    moderator.post(f"/standards/{number}/send-for-approval", {"lock": lock})
    with app.app_context(), transaction():  # nothing of a department that is archived may wait
        db.session.execute(update(Approval).values(state=Said.APPROVED))
    _close(app, gone, finance)

    fields = standards.fields_of(moderator, number)
    assert moderator.post(f"/standards/{number}/edit", fields).status_code == 303


def test_an_idea_makes_a_standard_for_those_departments_that_still_are(
    app: Flask, sign_in: SignIn
) -> None:
    finance, gone = make.department(app, "Finance"), make.department(app, "Gone")
    answering = make.person(app, department=finance)
    make.represent(app, answering, gone)
    idea = make.idea(app, departments=[gone])
    make.answer(app, idea, gone, answering, "helps")
    make.decide(app, idea, owner_id=finance)
    _close(app, gone, finance)

    number = standards.standardise(app, idea)

    moderator = sign_in(make.moderator(app))
    assert standards.fields_of(moderator, number)["departments"] == ["", str(finance)]
