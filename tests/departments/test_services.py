"""Services: drawn by one side, agreed on, corrected, denied; and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Conflict, DomainError, Forbidden, Invalid
from forum.core.events import Event
from forum.departments import membership
from forum.departments.merging import merge
from forum.departments.models import Department, Service, ServiceChange, Side, SideKind
from forum.departments.services import actions, curating, ends, policy
from forum.departments.services.ends import End
from forum.departments.services.saying import Said
from forum.departments.services.writing import Twice
from tests.support import make


class Company:
    """IT, which Iris speaks for, and Sales, which Saul speaks for."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.it, self.iris = make.represented(app, "IT")
        self.sales, self.saul = make.represented(app, "Sales")
        self.moderator = make.moderator(app)

    def draw(self, by: int, provider: End | None = None, name: str = "Laptops") -> int:
        with self.app.app_context():
            person = db.session.get_one(Person, by)
            first = provider or ends.department(self.it)
            said = Said(name, "A laptop on the first day")
            return actions.draw(person, first, ends.department(self.sales), said).id

    def do(self, act: Any, by: int, service_id: int, *rest: Any) -> None:
        with self.app.app_context():
            get = db.session.get_one
            act(get(Person, by), get(Service, service_id), *rest)

    def state(self, service_id: int) -> tuple[str, str]:
        """The state, and whose turn it is."""
        with self.app.app_context():
            service = db.session.get_one(Service, service_id)
            return service.state, policy.turn(service)

    def told(self, service_id: int) -> list[tuple[str, dict[str, Any]]]:
        with self.app.app_context():
            query = select(Event.type, Event.payload).where(
                Event.object_kind == "service", Event.object_id == service_id
            )
            return [(row[0], row[1]) for row in db.session.execute(query.order_by(Event.id))]


@pytest.fixture
def company(app: Flask) -> Company:
    return Company(app)


@pytest.mark.parametrize("drawer", ["iris", "saul"])
def test_what_one_side_draws_the_other_confirms(company: Company, drawer: str) -> None:
    mine = getattr(company, drawer)
    other = company.saul if drawer == "iris" else company.iris

    service = company.draw(mine)
    assert company.state(service) == ("proposed", "customer" if drawer == "iris" else "provider")
    with pytest.raises(Forbidden):
        company.do(actions.confirm, mine, service)
    company.do(actions.confirm, other, service)

    assert company.state(service) == ("confirmed", "")
    assert company.told(service) == [
        ("service.added", {"asked": [other]}),
        ("service.confirmed", {"told": sorted([company.iris, company.saul])}),
    ]


def test_who_speaks_for_neither_side_draws_nothing(company: Company, app: Flask) -> None:
    with pytest.raises(Forbidden):
        company.draw(make.person(app))
    with pytest.raises(Forbidden):
        company.draw(make.person(app, department=company.it))


def test_what_a_moderator_or_who_speaks_for_both_draws_is_agreed(
    company: Company, app: Flask
) -> None:
    make.represent(app, company.iris, company.sales)

    assert company.state(company.draw(company.moderator)) == ("confirmed", "")
    assert company.state(company.draw(company.iris, name="Phones")) == ("confirmed", "")


def test_a_correction_goes_back_to_who_proposed(company: Company) -> None:
    service = company.draw(company.iris)

    company.do(actions.correct, company.saul, service, Said("Laptops", "Within a week"))
    assert company.state(service) == ("proposed", "provider")
    company.do(actions.confirm, company.iris, service)

    with company.app.app_context():
        assert db.session.get_one(Service, service).delivered == "Within a week"
    assert company.state(service) == ("confirmed", "")


def test_a_denial_is_denied_once_and_then_stays_openly_disputed(company: Company) -> None:
    service = company.draw(company.iris)

    with pytest.raises(Invalid):
        company.do(actions.deny, company.saul, service, "  ")
    company.do(actions.deny, company.saul, service, "We buy them ourselves.")
    assert company.state(service) == ("disputed", "provider")
    with pytest.raises(Forbidden):
        company.do(actions.deny, company.saul, service, "Again.")
    company.do(actions.deny, company.iris, service, "You did last year.")
    assert company.state(service) == ("disputed", "")
    for person in (company.iris, company.saul, company.moderator):
        with pytest.raises(Conflict):
            company.do(actions.deny, person, service, "Once more.")


@pytest.mark.parametrize(
    ("who", "act", "after"),
    [
        ("iris", "end", "ended"),
        ("saul", "confirm", "confirmed"),
        ("moderator", "confirm", "confirmed"),
        ("moderator", "end", "ended"),
    ],
)
def test_a_dispute_ends_when_a_side_takes_its_word_back_or_a_moderator_decides(
    company: Company, who: str, act: str, after: str
) -> None:
    service = company.draw(company.iris)
    company.do(actions.deny, company.saul, service, "We buy them ourselves.")
    company.do(actions.deny, company.iris, service, "You did last year.")
    wrong = {"iris": actions.confirm, "saul": actions.end}

    for name, refused in wrong.items():
        with pytest.raises(Forbidden):
            company.do(refused, getattr(company, name), service)
    company.do(getattr(actions, act), getattr(company, who), service)

    assert company.state(service) == (after, "")


def test_a_correction_that_is_taken_back_leaves_what_both_agreed_on(company: Company) -> None:
    service = company.draw(company.iris)
    company.do(actions.confirm, company.saul, service)
    company.do(actions.correct, company.iris, service, Said("Computers"))

    company.do(actions.end, company.iris, service)

    with company.app.app_context():
        kept = db.session.get_one(Service, service)
        assert (kept.name, kept.delivered) == ("Laptops", "A laptop on the first day")
    assert company.state(service) == ("confirmed", "")


def test_the_same_service_twice_is_refused_with_the_one_there_is(company: Company) -> None:
    first = company.draw(company.iris)

    with pytest.raises(Twice) as refused:
        company.draw(company.saul, name="LAPTOPS")
    assert refused.value.service_id == first
    company.do(actions.end, company.iris, first)
    assert company.state(company.draw(company.saul)) == ("proposed", "provider")


def test_the_identical_side_at_both_ends_is_refused_and_a_part_of_it_is_not(
    company: Company, app: Flask
) -> None:
    desk = ends.part_of(company.sales, SideKind.TEAM, "Service desk")
    same = ends.part_of(company.sales, SideKind.TEAM, "service DESK")

    with pytest.raises(Invalid, match="themselves"):
        company.draw(company.saul, ends.department(company.sales))
    assert company.state(company.draw(company.saul, desk)) == ("confirmed", "")
    company.draw(company.saul, same, "Advice")
    with app.app_context():
        assert len(db.session.scalars(select(Side)).all()) == 1
    with pytest.raises(Invalid, match="themselves"):
        ends.check_ends(desk, same)


@pytest.mark.parametrize("kind", ["consultant", "board", "staff"])
def test_a_person_may_be_a_side_and_speaks_for_themself(
    company: Company, app: Flask, kind: str
) -> None:
    attached = [company.sales] if kind == "consultant" else []
    someone = make.person(app, kind=kind, attached=attached)
    with app.app_context():
        end = ends.somebody(db.session.get_one(Person, someone))

    service = company.draw(company.saul, end)
    assert company.state(service) == ("proposed", "provider")
    company.do(actions.confirm, someone, service)

    assert company.state(service) == ("confirmed", "")


@pytest.mark.parametrize("side", ["provider", "customer"])
def test_a_side_that_a_consultant_does_not_see_is_refused_where_they_named_it(
    company: Company, app: Flask, side: str
) -> None:
    consultant = make.person(app, kind="consultant", attached=[company.sales])
    unseen = make.person(app, department=company.it)
    with app.app_context():
        person, stranger = (db.session.get_one(Person, each) for each in (consultant, unseen))
        named = {side: ends.department(company.it), f"{side}_person": ends.somebody(stranger)}
        for field, end in named.items():
            both = {"provider": ends.somebody(person), "customer": ends.somebody(person), side: end}

            with pytest.raises(Invalid) as refused:
                ends.check_seen(person, **both)

            assert refused.value.field == field


def test_going_round_in_a_circle_is_fine(company: Company) -> None:
    with company.app.app_context():
        for first, second in ((company.it, company.sales), (company.sales, company.it)):
            curating.add_service(None, provider_id=first, customer_id=second, name="Help")


def test_an_owner_speaks_for_their_side_alone(company: Company, app: Flask) -> None:
    owner = make.person(app)
    service = company.draw(company.iris)
    with app.app_context():
        person = db.session.get_one(Person, owner)

    with pytest.raises(Forbidden):
        company.do(actions.name_owner, company.iris, service, "customer", person)
    company.do(actions.name_owner, company.iris, service, "provider", person)

    with pytest.raises(Forbidden):
        company.do(actions.confirm, owner, service)
    company.do(actions.end, owner, service)
    assert company.state(service) == ("ended", "")


def test_every_change_leaves_a_row_that_says_how_it_was(company: Company) -> None:
    service = company.draw(company.iris)
    company.do(actions.deny, company.saul, service, "We buy them ourselves.")
    company.do(actions.correct, company.iris, service, Said("Phones"))
    company.do(actions.confirm, company.saul, service)

    with company.app.app_context():
        query = select(ServiceChange).order_by(ServiceChange.id)
        rows = [(c.what, c.by_id, c.name, c.state, c.why) for c in db.session.scalars(query)]
    assert rows == [
        ("drawn", company.iris, "Laptops", "proposed", ""),
        ("denied", company.saul, "Laptops", "disputed", "We buy them ourselves."),
        ("corrected", company.iris, "Phones", "proposed", ""),
        ("confirmed", company.saul, "Phones", "confirmed", ""),
    ]


def test_two_answers_at_once_are_one(company: Company) -> None:
    service = company.draw(company.iris)
    with company.app.app_context():
        stale = db.session.get_one(Service, service)
        db.session.expunge(stale)
    company.do(actions.confirm, company.saul, service)

    with company.app.app_context(), pytest.raises(DomainError):
        actions.deny(db.session.get_one(Person, company.saul), stale, "No.")

    assert company.state(service) == ("confirmed", "")


def test_teams_follow_a_merge_and_what_would_be_there_twice_ends(
    company: Company, app: Flask
) -> None:
    new = make.department(app, "Technology")
    admin = make.admin(app)
    desk = ends.part_of(company.it, SideKind.TEAM, "Service desk")
    with app.app_context():
        there = ends.part_of(new, SideKind.TEAM, "service desk")
        for end in (desk, there):
            curating.add(None, end, ends.department(company.sales), Said("Help"))
        curating.add(None, desk, ends.department(new), Said("Advice"))

    with app.app_context():
        get = db.session.get_one
        merge(get(Person, admin), get(Department, company.it), get(Department, new))

    with app.app_context():
        query = select(Service).order_by(Service.id)
        rows = [(s.name, s.state, s.provider_id) for s in db.session.scalars(query)]
        assert rows == [
            ("Help", "ended", company.it),
            ("Help", "confirmed", new),
            ("Advice", "confirmed", new),
        ]
        whats = select(ServiceChange.what).order_by(ServiceChange.id)
        assert list(db.session.scalars(whats))[-2:] == ["ended", "moved"]


def test_what_a_person_gives_moves_with_them(company: Company, app: Flask) -> None:
    someone = make.person(app, department=company.it)
    with app.app_context():
        end = ends.somebody(db.session.get_one(Person, someone))
        sales = ends.department(company.sales)
        service = curating.add(None, end, sales, Said("Training")).id
        membership.place(None, someone, company.sales)

    with app.app_context():
        moved = db.session.get_one(Service, service)
        assert (moved.provider_id, moved.customer_id) == (company.sales, company.sales)
