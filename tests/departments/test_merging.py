"""Two departments become one, and nothing that waits for an answer is lost."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.departments.models import Department, Membership, Service
from forum.ideas.models import Answer, Idea, Vote
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


def _merge(sign_in: SignIn, app: Flask, old: int, into: int) -> int:
    browser = sign_in(make.admin(app))
    fields = {"into": str(into)}
    return browser.post(f"/admin/departments/{old}/merge", fields).status_code


def test_people_seats_answers_and_services_move(app: Flask, sign_in: SignIn) -> None:
    old = make.department(app, "Old", slug="old")
    new = make.department(app, "New", slug="new")
    third = make.department(app, "Third")
    member, answering = make.person(app, department=old), make.person(app, name="Answering One")
    make.represent(app, answering, old)
    voter = make.person(app, department=old)
    first = make.idea(app, departments=[old])
    both = make.idea(app, departments=[old, new])
    make.vote(app, first, voter)
    with app.app_context(), transaction():
        for provider, customer in ((old, third), (new, third), (old, new)):
            db.session.add(Service(provider_id=provider, customer_id=customer, name="Help"))

    assert _merge(sign_in, app, old, new) == 303

    with app.app_context():
        slots = {
            i: set(db.session.scalars(select(Answer.department_id).where(Answer.idea_id == i)))
            for i in (first, both)
        }
        assert slots == {first: {new}, both: {new}}
        services = select(Service.provider_id, Service.customer_id)
        assert [tuple(row) for row in db.session.execute(services)] == [(new, third)]
        assert db.session.scalar(select(Vote.department_id)) == old
        rows = select(Membership.department_id).where(
            Membership.person_id == member, Membership.until.is_(None)
        )
        assert list(db.session.scalars(rows)) == [new]
    page = sign_in(member).page("/departments/new").text
    assert "Answering One" in page
    assert "Old became part of it" in page
    assert "part of another" in sign_in(member).page("/departments/old").text


def test_merging_into_a_department_below_leaves_a_tree(app: Flask, sign_in: SignIn) -> None:
    top = make.department(app, "Top")
    old = make.department(app, "Old", parent_id=top)
    child = make.department(app, "Child", parent_id=old)
    heir = make.department(app, "Heir", parent_id=child)

    assert _merge(sign_in, app, old, heir) == 303

    with app.app_context():
        parents = dict(db.session.execute(select(Department.id, Department.parent_id)).all())
    assert (parents[heir], parents[child]) == (top, heir)


def test_consultants_do_not_see_more_after_a_merge(app: Flask, sign_in: SignIn) -> None:
    old, new = make.department(app, "Old", slug="old"), make.department(app, "New", slug="new")
    consultant = make.person(app, kind="consultant", attached=[old])

    _merge(sign_in, app, old, new)

    browser = sign_in(consultant)
    assert browser.get("/departments/new").status_code == 404
    assert browser.get("/departments/old").status_code == 404


def test_merging_twice_or_into_itself_is_refused(app: Flask, sign_in: SignIn) -> None:
    old, new = make.department(app), make.department(app)

    assert _merge(sign_in, app, old, old) == 422
    assert _merge(sign_in, app, old, new) == 303
    assert _merge(sign_in, app, old, new) == 409
    assert _merge(sign_in, app, new, old) == 409


def test_open_answers_stand_in_the_way_of_an_archive_until_they_are_taken_back(
    app: Flask, sign_in: SignIn
) -> None:
    department = make.department(app)
    idea = make.idea(app, departments=[department])
    browser = sign_in(make.admin(app))

    refused = browser.post(f"/admin/departments/{department}/archive")
    done = browser.post(f"/admin/departments/{department}/archive", {"anyway": "1"})

    assert (refused.status_code, done.status_code) == (409, 303)
    assert "answer still waits" in refused.text
    with app.app_context():
        assert list(db.session.scalars(select(Answer).where(Answer.idea_id == idea))) == []
        assert db.session.get_one(Idea, idea).stage_kind == "open"
