"""News of services: the side that is asked, and who hears what became of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Service
from forum.departments.services import actions, ends
from forum.departments.services.saying import Said
from tests.notifications.inboxes import catch_up, news_of, unread
from tests.notifications.posting import mailing_forum, run, text_of, told
from tests.support import make


@pytest.fixture
def sides(app: Flask) -> dict[str, int]:
    """IT with Iris, Sales with Saul, while the map is on."""
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
    it, sales = make.department(app, "IT"), make.department(app, "Sales")
    iris = make.person(app, email="iris@example.org")
    saul = make.person(app, email="saul@example.org", locale="ru")
    make.represent(app, iris, it)
    make.represent(app, saul, sales)
    return {"it": it, "sales": sales, "iris": iris, "saul": saul}


def _draw(app: Flask, sides: dict[str, int]) -> int:
    with app.app_context():
        iris = db.session.get_one(Person, sides["iris"])
        provider, customer = ends.department(sides["it"]), ends.department(sides["sales"])
        return actions.draw(iris, provider, customer, Said("Laptops")).id


def _do(app: Flask, act: Any, person: int, service: int, *rest: Any) -> None:
    with app.app_context():
        act(db.session.get_one(Person, person), db.session.get_one(Service, service), *rest)


def test_a_question_disappears_when_it_is_answered(app: Flask, sides: dict[str, int]) -> None:
    service = _draw(app, sides)
    catch_up(app)
    assert news_of(app, sides["saul"]) == ["service-asked"]
    assert unread(app, sides["iris"]) == 0

    _do(app, actions.deny, sides["saul"], service, "We buy our own.")
    catch_up(app)
    assert unread(app, sides["saul"]) == 0
    assert news_of(app, sides["iris"]) == ["service-asked"]

    _do(app, actions.confirm, sides["saul"], service)
    catch_up(app)
    assert news_of(app, sides["saul"]) == []
    assert news_of(app, sides["iris"]) == ["service-told"]


def _deny(app: Flask, sides: dict[str, int], service: int, *who: str) -> None:
    for each in who:
        _do(app, actions.deny, sides[each], service, "Not so.")


@pytest.mark.parametrize("at_once", [True, False])
def test_news_of_a_denial_that_was_taken_back_disappear(
    app: Flask, sides: dict[str, int], *, at_once: bool
) -> None:
    service = _draw(app, sides)
    catch_up(app)
    for who, of, news in (("saul", "iris", "service-asked"), ("iris", "saul", "service-told")):
        _deny(app, sides, service, who)
        if not at_once:
            catch_up(app)
            assert news_of(app, sides[of]) == [news]
        _do(app, actions.take_denial_back, sides[who], service)
        catch_up(app)
        assert news_of(app, sides[of]) == []
        assert unread(app, sides[of]) == 0
        if who == "saul":
            _deny(app, sides, service, "saul")
            catch_up(app)


def test_a_denial_that_was_taken_back_is_not_mailed(app: Flask, sides: dict[str, int]) -> None:
    service = _draw(app, sides)
    _deny(app, sides, service, "saul")
    catch_up(app)
    with mailing_forum(app) as office:
        _deny(app, sides, service, "iris")
        catch_up(app)
        _do(app, actions.take_denial_back, sides["iris"], service)
        run(app)
        assert told(office, "saul@example.org") == []


def test_the_inbox_says_what_is_asked_and_leads_to_the_service(
    app: Flask, sign_in: Any, sides: dict[str, int]
) -> None:
    service = _draw(app, sides)
    catch_up(app)
    saul = sign_in(sides["saul"])

    page = saul.page("/notifications")
    assert "Laptops" in page.text
    assert "Подтвердите" in page.text
    _do(app, actions.confirm, sides["saul"], service)

    assert "Laptops" not in saul.page("/notifications").text, "before the reader has caught up"


def test_a_question_comes_by_mail_in_its_readers_language_and_not_once_answered(
    app: Flask, sides: dict[str, int]
) -> None:
    with mailing_forum(app) as office:
        _draw(app, sides)
        run(app)
        [letter] = told(office, "saul@example.org")
        assert "Подтвердите" in text_of(letter)
        assert "Laptops" in text_of(letter)

    with app.app_context():
        first = db.session.query(Service).one().id
    _do(app, actions.confirm, sides["saul"], first)
    with mailing_forum(app) as office:
        _do(app, actions.correct, sides["iris"], first, Said("Phones"))
        catch_up(app)
        _do(app, actions.confirm, sides["saul"], first)
        run(app)
        assert told(office, "saul@example.org") == []


def test_nothing_is_said_of_services_while_the_map_is_off(
    app: Flask, sign_in: Any, sides: dict[str, int]
) -> None:
    _draw(app, sides)
    catch_up(app)
    with app.app_context(), transaction():
        save_settings({"modules": []})

    assert "Laptops" not in sign_in(sides["saul"]).page("/notifications").text
