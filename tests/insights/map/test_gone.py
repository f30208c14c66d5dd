"""Nobody is asked who cannot sign in: others of their department answer in their place."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from forum.accounts import standing
from forum.accounts.models import Person
from forum.admin import erasure
from forum.core.db import db
from tests.insights.map.test_waiting import Company, company, draw, waiting
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make
from tests.support.browser import Browser

__all__ = ["company"]
SignIn = Callable[..., Browser]
OLGA = {"customer": "", "customer_kind": "person", "customer_person": "olga@example.org"}


def _leave(app: Flask, person: int) -> None:
    with app.app_context():
        standing.deactivate(None, db.session.get_one(Person, person))


def test_a_service_to_somebody_who_cannot_sign_in_is_not_drawn(
    app: Flask, company: Company
) -> None:
    _leave(app, make.person(app, email="olga@example.org", department=company.sales))
    sent = {"provider": str(company.it), "name": "Laptops", "delivered": "Soon", **OLGA}

    refused = company.iris.post("/map/services/new", sent)

    assert refused.status_code == 422
    assert "Choose somebody who can sign in." in refused.text
    assert "Soon" in refused.text
    assert "Laptops" not in company.iris.page("/map/services").text


def test_what_waited_for_somebody_who_left_is_asked_of_their_department(
    app: Flask, company: Company
) -> None:
    olga = make.person(app, email="olga@example.org", department=company.sales)
    address = draw(company, **OLGA)
    draw(company, "Phones")
    saul = company.saul.person_id
    catch_up(app)
    assert news_of(app, saul) == ["service-asked"]

    _leave(app, olga)
    catch_up(app)

    assert news_of(app, saul) == ["service-asked"] * 2
    assert address in waiting(company.saul)
    assert company.saul.post(f"{address}/confirm").status_code == 303


def test_later_news_of_who_left_reach_those_who_answer_for_their_department(
    app: Flask, company: Company
) -> None:
    olga = make.person(app, email="olga@example.org", department=company.sales)
    address = draw(company, **OLGA)
    company.saul.post(f"{address}/confirm")
    _leave(app, olga)
    catch_up(app)
    before = news_of(app, company.saul.person_id)

    company.iris.post(f"{address}/end", {"why": "No more."})
    catch_up(app)

    assert news_of(app, company.saul.person_id) == [*before, "service-told"]


def test_only_who_is_asked_is_asked_anew_when_a_side_leaves(app: Flask, company: Company) -> None:
    olga = make.person(app, email="olga@example.org", department=company.it)
    sent = {"provider": "", "provider_kind": "person", "provider_person": "olga@example.org"}
    draw(company, **sent)
    saul = company.saul.person_id
    catch_up(app)
    asked = news_of(app, saul)

    _leave(app, olga)
    catch_up(app)

    assert asked == ["service-asked"]
    assert news_of(app, saul) == asked


def test_what_waited_for_somebody_who_was_erased_is_asked_of_their_department(
    app: Flask, company: Company
) -> None:
    olga = make.person(app, email="olga@example.org", department=company.sales)
    address, admin = draw(company, **OLGA), make.admin(app)
    with app.app_context():
        erasure.erase(db.session.get_one(Person, admin), db.session.get_one(Person, olga))
    catch_up(app)

    assert "service-asked" in news_of(app, company.saul.person_id)
    assert company.saul.post(f"{address}/confirm").status_code == 303
