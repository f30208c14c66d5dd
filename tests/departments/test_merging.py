"""Two departments become one, and nothing that waits for an answer is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import DomainError
from forum.core.site import save_settings
from forum.departments import actions, membership
from forum.departments.merging import merge
from forum.departments.models import Department, Membership, Service
from forum.ideas.models import Answer, Idea, Vote
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.together import at_once

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
        services = select(Service.provider_id, Service.customer_id).where(Service.state != "ended")
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
    assert "1 answer or accepted idea still waits" in refused.text
    with app.app_context():
        assert list(db.session.scalars(select(Answer).where(Answer.idea_id == idea))) == []
        assert db.session.get_one(Idea, idea).stage_kind == "open"


def test_two_merges_into_each_other_at_once_leave_one_department_open(app: Flask) -> None:
    one, other = make.department(app), make.department(app)
    make.person(app, department=one)
    admin = make.admin(app)
    ready = Barrier(2)

    def becoming(old: int, into: int) -> str:
        with app.app_context():
            actor = db.session.get_one(Person, admin)
            closing, heir = (db.session.get_one(Department, i) for i in (old, into))
            ready.wait()  # both have looked before either writes
            try:
                merge(actor, closing, heir)
            except DomainError as refusal:
                return type(refusal).__name__
            return "merged"

    outcomes = at_once([lambda: becoming(one, other), lambda: becoming(other, one)])

    assert sorted(outcomes) == ["Conflict", "merged"]
    with app.app_context():
        departments = list(db.session.scalars(select(Department)))
        assert sorted(d.archived_at is None for d in departments) == [False, True]


def test_somebody_who_arrives_while_a_department_closes_is_not_lost_in_it(app: Flask) -> None:
    admin = make.admin(app)
    people = [make.person(app) for _ in range(6)]
    for person in people:
        department = make.department(app)

        def close(department: int = department) -> None:
            with app.app_context(), suppress(DomainError):
                actions.archive(
                    db.session.get_one(Person, admin), db.session.get_one(Department, department)
                )

        def arrive(person: int = person, department: int = department) -> None:
            with app.app_context(), suppress(DomainError):
                membership.place(db.session.get_one(Person, admin), person, department)

        at_once([close, arrive])

    with app.app_context():
        query = (
            select(Department.archived_at)
            .join(Person, Person.department_id == Department.id)
            .where(Person.id.in_(people))
        )
        assert all(closed is None for closed in db.session.scalars(query))


def test_what_a_merge_moves_is_told_in_every_history(app: Flask, sign_in: SignIn) -> None:
    old = make.department(app, "Old", slug="old")
    new = make.department(app, "New", slug="new")
    make.department(app, "Below", slug="below", parent_id=old)
    make.represent(app, make.person(app, name="Answering One"), old)

    _merge(sign_in, app, old, new)

    reader = sign_in()
    assert "Moved under New" in reader.page("/departments/below").text
    assert "Answering for it: Answering One" in reader.page("/departments/new").text


def test_a_poster_of_a_merged_or_renamed_department_still_leads_to_its_heir(
    app: Flask, sign_in: SignIn
) -> None:
    old = make.department(app, "Old", slug="old")
    new = make.department(app, "New", slug="new")
    admin = sign_in(make.admin(app))
    admin.post(
        f"/admin/departments/{new}", {"name": "New", "code": "N", "slug": "newer", "hue": "1"}
    )
    _merge(sign_in, app, old, new)

    chosen = [
        [box["value"] for box in page.all("input", name_="departments") if "checked" in box]
        or [option["value"] for option in page.all("option", selected=True) if option["value"]]
        for page in (sign_in().page(f"/ideas/new?dept={s}") for s in ("old", "new", "newer", "x"))
    ]

    assert chosen == [[str(new)]] * 3 + [[]]


def test_the_heir_owns_what_was_accepted_and_every_living_standard(
    app: Flask, sign_in: SignIn
) -> None:
    old = make.department(app, "Old", slug="old")
    new = make.department(app, "New", slug="new")
    idea = standards.accepted(app, departments=[old], owner=old)
    number = standards.standardise(app, standards.accepted(app, departments=[old], owner=old))
    standards.publish(app, number)
    with app.app_context():
        assert standards.by_number(number).owner_department_id == old
    reader = sign_in(make.person(app, department=new))

    _merge(sign_in, app, old, new)

    with app.app_context():
        assert db.session.get_one(Idea, idea).owner_department_id == new
        assert standards.by_number(number).owner_department_id == new
    page = reader.page(f"/standards/{number}")
    assert "New" in page.one("main").text
    assert page.all(data_standard=number)


def test_a_poster_carries_the_address_the_administrator_gave(app: Flask, sign_in: SignIn) -> None:
    make.department(app, "Hall", slug="hall")
    with app.app_context(), transaction():
        save_settings({"address": "https://forum.example.org"})

    page = sign_in().page("/departments/hall/poster")

    assert "https://forum.example.org/ideas/new?dept=hall" in page.text
