"""Every act on the tree and the map: administrators only, and each leaves its line in the log."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Forbidden, Invalid
from forum.departments import actions, membership, merging, services
from forum.departments.models import Department, Service
from tests.support import log, make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Act = Callable[[Person, Department, Department, Person, Service], object]

ACTS: dict[str, tuple[Act, list[str]]] = {
    "create": (lambda by, a, b, c, s: actions.create(by, name="Legal"), ["department.created"]),
    "rename": (lambda by, a, b, c, s: actions.rename(by, a, name="X"), ["department.renamed"]),
    "another address": (
        lambda by, a, b, c, s: actions.rename(by, a, name=a.name, slug="another"),
        ["department.changed"],
    ),
    "describe": (
        lambda by, a, b, c, s: actions.describe(by, a, code="ZZ", hue=3, description="Pays."),
        ["department.changed"],
    ),
    "move": (lambda by, a, b, c, s: actions.move(by, a, b.id), ["department.moved"]),
    "archive": (lambda by, a, b, c, s: actions.archive(by, a), ["department.archived"]),
    "head": (lambda by, a, b, c, s: actions.set_head(by, a, c.id), ["department.head-set"]),
    "representatives": (
        lambda by, a, b, c, s: actions.set_representatives(by, a, [c.id]),
        ["department.representatives-set"],
    ),
    "merge": (
        lambda by, a, b, c, s: merging.merge(by, a, b),
        ["service.ended", *["department.merged"] * 2],
    ),
    "place": (lambda by, a, b, c, s: membership.place(by, c.id, a.id), ["membership.changed"]),
    "attach": (lambda by, a, b, c, s: membership.attach(by, c.id, a.id), ["attachment.changed"]),
    "detach": (lambda by, a, b, c, s: membership.detach(by, c.id, [b.id]), ["attachment.changed"]),
    "add service": (
        lambda by, a, b, c, s: services.add_service(
            by, provider_id=a.id, customer_id=b.id, name="Payroll"
        ),
        ["service.added"],
    ),
    "weigh service": (
        lambda by, a, b, c, s: services.weigh_service(by, s, "high"),
        ["service.changed"],
    ),
}


class Company:
    """Two departments, a service between them, and a consultant who is let in to the second."""

    def __init__(self, app: Flask) -> None:
        self.app, self.admin = app, make.admin(app)
        self.a, self.b = make.department(app, "Finance"), make.department(app, "Sales")
        self.consultant = make.person(app, kind="consultant", attached=[self.b])
        with app.app_context():
            made = services.add_service(
                None, provider_id=self.b, customer_id=self.a, name="Cash desk"
            )
            self.service = made.id

    def do(self, act: Act, by: int) -> None:
        """Do something to the company."""
        with self.app.app_context():
            get = db.session.get_one
            first, second = get(Department, self.a), get(Department, self.b)
            person, service = get(Person, self.consultant), get(Service, self.service)
            act(get(Person, by), first, second, person, service)


@pytest.mark.parametrize("name", ACTS)
def test_nobody_but_an_administrator_changes_the_tree(app: Flask, name: str) -> None:
    company, others = Company(app), (make.person(app), make.moderator(app))

    log.refuses(app, (partial(company.do, ACTS[name][0], by) for by in others))


@pytest.mark.parametrize("name", ACTS)
def test_every_change_of_the_tree_is_in_the_log_with_who_made_it(app: Flask, name: str) -> None:
    company = Company(app)
    act, told = ACTS[name]

    said = log.told_of(app, partial(company.do, act, company.admin))

    assert [(kind, by) for kind, by, _about in said] == [(kind, company.admin) for kind in told]


def test_an_archived_department_opens_again_but_a_merged_one_stays_merged(
    app: Flask, sign_in: SignIn
) -> None:
    company = Company(app)
    company.do(ACTS["archive"][0], company.admin)
    before = log.position(app)

    with pytest.raises(Forbidden):
        company.do(lambda by, a, b, c, s: actions.restore(by, a), make.person(app))
    company.do(lambda by, a, b, c, s: actions.restore(by, a), company.admin)

    assert log.since(app, before) == [("department.restored", company.admin, "department")]
    assert "Finance" in sign_in().page("/departments").text


def test_nobody_is_placed_in_an_archived_department(app: Flask, sign_in: SignIn) -> None:
    company = Company(app)
    person = make.person(app, name="Nina", department=company.b)
    company.do(ACTS["archive"][0], company.admin)

    for act in (
        lambda by, a, b, c, s: membership.place(by, person, a.id),
        lambda by, a, b, c, s: membership.attach(by, c.id, a.id),
    ):
        with pytest.raises(Invalid):
            company.do(act, company.admin)

    assert "Sales" in sign_in().page(f"/people/{person}").text


def test_placing_somebody_where_they_are_leaves_no_trace(app: Flask) -> None:
    company = Company(app)
    person = make.person(app, department=company.a)
    before = log.position(app)

    company.do(lambda by, a, b, c, s: membership.place(by, person, a.id), company.admin)

    assert log.since(app, before) == []


def test_the_form_of_a_department_names_its_own_representatives_only(
    app: Flask, sign_in: SignIn
) -> None:
    company = Company(app)
    anna = make.person(app, email="anna@example.org")
    make.represent(app, anna, company.a)
    make.represent(app, make.person(app, email="boris@example.org"), company.b)

    form = sign_in(company.admin).page(f"/admin/departments/{company.a}")

    assert form.one("textarea", name="representatives").text.strip() == "anna@example.org"


def test_newcomers_are_placed_by_administrators_only(app: Flask) -> None:
    somebody, newcomer, place = make.person(app), make.person(app), make.department(app)

    with app.app_context(), pytest.raises(Forbidden):
        membership.place_newcomers(db.session.get_one(Person, somebody), {newcomer: place})


@pytest.mark.parametrize("name", ["", " \u200b ", "x" * 1000])
def test_a_department_has_a_name_of_some_length(app: Flask, name: str) -> None:
    with app.app_context():
        admin = db.session.get_one(Person, make.admin(app))

        with pytest.raises(Invalid) as refused:
            actions.create(admin, name=name)

    assert refused.value.field == "name"
