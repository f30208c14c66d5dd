"""A thank-you is a line to somebody, for what, and why; there only while the module is on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.admin.erasure import erase
from forum.core.clock import now
from forum.core.db import db
from forum.core.site import site
from forum.departments import reach
from forum.thanks.actions import PER_HOUR
from forum.thanks.models import Thanks, ThanksTo
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.thanks.saying import switch, thank

SignIn = Callable[..., Browser]
MODULES = ("thanks",)


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, *MODULES)


def send(browser: Browser, to: list[str], why: str = "It works now.", **fields: Any) -> Any:
    sent = {"to": to, "why": why, "audience": "company", "action": "send", **fields}
    return browser.post("/thanks/new", sent)


def said(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Thanks)) or 0


def test_a_line_reaches_a_colleague_and_a_department(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app, "Systems", slug="it", code="IT")
    boris = make.person(app, name="Boris")
    browser = sign_in(make.person(app, name="Anna"))

    answer = send(browser, [f"person-{boris}", f"department-{place}"], "The printer prints.")

    assert answer.status_code == 303
    assert re.fullmatch(r"/thanks/\d+", answer.headers["Location"])
    feed = sign_in().page("/thanks")
    assert "Anna → to Boris, Systems" in feed.text
    assert "The printer prints." in feed.text


def test_the_name_of_a_colleague_is_found_without_a_script(app: Flask, sign_in: SignIn) -> None:
    one, other = make.person(app, name="Ivan Petrov"), make.person(app, name="Ivan Sidorov")
    browser = sign_in()

    among = browser.post("/thanks/new", {"who": "ivan", "action": "find"})
    chosen = browser.post("/thanks/new", {"who": "petrov", "action": "find", "why": "Kept."})
    unknown = browser.post("/thanks/new", {"who": "zzz", "action": "find"})

    assert among.status_code == 200
    assert f'value="person-{one}">' in among.text
    assert f'value="person-{other}">' in among.text
    assert f'value="person-{one}" checked>' in chosen.text
    assert "Kept." in chosen.text
    assert unknown.status_code == 422
    assert "Nobody you see is called “zzz”" in unknown.text


@pytest.mark.parametrize("typed", ["Boris Antonov", "antonov", "boris@example.org", "  БО-77 "])
@pytest.mark.parametrize("action", ["find", "send"])
def test_who_types_their_own_name_is_told_that_one_does_not_thank_oneself(
    app: Flask, sign_in: SignIn, typed: str, action: str
) -> None:
    me = make.person(app, name="Boris Antonov", email="boris@example.org", login="бо-77")
    browser = sign_in(me)

    refused = browser.post("/thanks/new", {"who": typed, "action": action, "why": "Well done."})

    assert refused.status_code == 422
    assert "One does not thank oneself here." in refused.text
    assert "Nobody you see" not in refused.text
    assert said(app) == 0


def test_a_namesake_is_found_where_somebody_types_their_own_name(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in(make.person(app, name="Boris Antonov"))
    other = make.person(app, name="Boris Antonov")

    chosen = browser.post("/thanks/new", {"who": "Boris Antonov", "action": "find"})

    assert f'value="person-{other}" checked>' in chosen.text


def test_a_name_typed_and_sent_at_once_is_enough_when_it_means_one(
    app: Flask, sign_in: SignIn
) -> None:
    place = make.department(app, "Systems", slug="it", code="IT")
    make.person(app, name="Ivan Petrov", email="ivan@example.org")
    make.person(app, name="Ivan Sidorov")
    browser = sign_in()

    named = send(browser, [], who="IT")
    by_mail = send(browser, [], who="ivan@example.org", why="Thank you, Ivan.")
    unsure = send(browser, [], who="Ivan", why="Thank you both.")

    assert (named.status_code, by_mail.status_code, unsure.status_code) == (303, 303, 422)
    assert "Choose whom you mean above." in unsure.text
    with app.app_context():
        assert (
            db.session.scalars(select(ThanksTo.department_id).order_by(ThanksTo.id)).first()
            == place
        )


@pytest.mark.parametrize(
    ("to", "why", "said_back"),
    [
        (["person-{me}"], "Well done.", "One does not thank oneself here."),
        ([], "Well done.", "Say whom you thank."),
        (["everyone"], "Well done.", "Say whom you thank."),
        (["person-{other}"], "  ", "Say in a line what for."),
        (["person-{other}"], "x" * 501, "Shorten this to 500 characters"),
        (["person-999999"], "Well done.", "cannot be thanked any more"),
        (["person-x", "team-1"], "Well done.", "Say whom you thank."),
        (["department-{own}"], "Well done.", "Nobody but you is in this department."),
        ([f"person-{n}" for n in range(5000, 5011)], "Well done.", "Name at most 10"),
    ],
)
def test_what_is_no_thank_you_is_refused_with_a_sentence(
    app: Flask, sign_in: SignIn, to: list[str], why: str, said_back: str
) -> None:
    own = make.department(app)
    me, other = make.person(app, department=own), make.person(app)

    answer = send(sign_in(me), [t.format(me=me, other=other, own=own) for t in to], why)

    assert answer.status_code == 422
    assert said_back in answer.text
    assert said(app) == 0


def test_ones_own_department_may_be_thanked_while_somebody_else_is_in_it(
    app: Flask, sign_in: SignIn
) -> None:
    own = make.department(app)
    me = make.person(app, department=own)
    make.person(app, department=own)

    assert send(sign_in(me), [f"department-{own}"]).status_code == 303


def test_the_same_line_sent_twice_is_one(app: Flask, sign_in: SignIn) -> None:
    boris, vera = make.person(app), make.person(app)
    browser = sign_in()

    again = [send(browser, [f"person-{boris}"]).headers["Location"] for _ in range(2)]
    other = send(browser, [f"person-{vera}"]).headers["Location"]

    assert len(set(again)) == 1
    assert other not in again


def test_a_script_is_stopped_within_the_hour(app: Flask, sign_in: SignIn) -> None:
    app.config["RATE_LIMITS"] = True
    boris, anna = make.person(app), make.person(app)
    for n in range(PER_HOUR):
        thank(app, anna, people=[boris], why=f"Thanks {n}")

    try:
        answer = send(sign_in(anna), [f"person-{boris}"])
    finally:
        app.config["RATE_LIMITS"] = False

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_thank_you_is_taken_back_for_a_day_and_by_its_author_alone(
    app: Flask, sign_in: SignIn
) -> None:
    anna, boris = make.person(app), make.person(app)
    first, second = (thank(app, anna, people=[boris], why=why) for why in ("One.", "Two."))
    browser = sign_in(anna)

    assert sign_in(boris).post(f"/thanks/{first}/withdraw").status_code == 403
    assert browser.post(f"/thanks/{first}/withdraw").status_code == 303
    assert browser.post(f"/thanks/{first}/withdraw").status_code == 404
    with time_machine.travel(now() + timedelta(hours=25)):
        late = sign_in(anna).post(f"/thanks/{second}/withdraw")

    assert late.status_code == 409
    assert sign_in(boris).get(f"/thanks/{first}").status_code == 404
    assert "One." not in sign_in(boris).get("/thanks").text
    assert "Two." in sign_in(boris).get("/thanks").text


def test_moderators_hide_with_a_reason_that_the_author_reads(app: Flask, sign_in: SignIn) -> None:
    anna, boris, moderator = make.person(app), make.person(app), make.moderator(app)
    number = thank(app, anna, people=[boris], why="Finally awake, Boris?")
    desk = sign_in(moderator)

    without = desk.post(f"/thanks/{number}/hide", {"why": " "})
    hidden = desk.post(f"/thanks/{number}/hide", {"why": "It mocks him."})

    assert (without.status_code, hidden.status_code) == (422, 303)
    assert "It mocks him." in sign_in(anna).get(f"/thanks/{number}").text
    assert sign_in(boris).get(f"/thanks/{number}").status_code == 404
    assert "Hidden by a moderator" in desk.get("/thanks").text
    assert sign_in(anna).post(f"/thanks/{number}/hide", {"why": "x"}).status_code == 404
    desk.post(f"/thanks/{number}/show")
    assert "Finally awake" in sign_in(boris).get("/thanks").text
    trail = sign_in(make.admin(app)).get("/admin/audit").text
    assert "A thank-you was hidden or shown again" in trail


def test_a_form_is_filled_by_where_it_comes_from(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app, "Systems", slug="it", code="IT")
    boris = make.person(app, name="Boris")
    idea = make.idea(app, title="Faster answers")
    number = standards.in_force(app)
    browser = sign_in()

    plain = browser.get(f"/thanks/new?to=person-{boris}&to=department-{place}").text
    about = browser.get(f"/thanks/new?for=idea-{idea}").text
    with app.app_context():
        standard = standards.by_number(number).id
    of_standard = browser.get(f"/thanks/new?for=standard-{standard}").text

    assert f'value="person-{boris}" checked' in plain
    assert f'value="department-{place}" checked' in plain
    assert "Faster answers" in about
    assert 'value="everyone">' in about
    assert number in of_standard


def test_pages_of_people_departments_and_things_lead_to_it(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app, "Systems", slug="it", code="IT")
    boris, anna = make.person(app, name="Boris"), make.person(app, name="Anna")
    idea = make.idea(app)
    thank(app, anna, people=[boris], why="For the weekend.")
    thank(app, anna, departments=[place], why="For the network.", subject=("idea", idea))
    browser = sign_in()

    person, department = browser.get(f"/people/{boris}").text, browser.get("/departments/it").text
    about = browser.get(f"/ideas/{idea}").text

    assert "For the weekend." in person
    assert f"/thanks/new?to=person-{boris}" in person
    assert "For the network." in department
    assert "For the weekend." not in department
    assert f"/thanks/new?for=idea-{idea}" in about
    assert f"/thanks?about=idea-{idea}" in about
    assert "For the network." in browser.get(f"/thanks?about=idea-{idea}").text
    assert "For the network." in browser.get("/thanks?department=it").text
    assert "For the weekend." not in browser.get("/thanks?department=it").text
    assert "For the weekend." in sign_in(boris).get("/thanks?mine=1").text
    assert "For the network." not in sign_in(boris).get("/thanks?mine=1").text


def test_a_service_leads_to_thanks_for_it_while_both_modules_are_on(
    app: Flask, sign_in: SignIn
) -> None:
    switch(app, "thanks", "map")
    service = make.service(app, make.department(app), make.department(app))
    browser = sign_in()
    form = f"/thanks/new?for=service-{service}"
    assert form in browser.get(f"/map/services/{service}").text
    assert browser.get(form).status_code == 200

    switch(app, "map")

    assert form not in browser.get(f"/map/services/{service}").text


def test_a_person_s_page_shows_the_newest_three_and_no_number(app: Flask, sign_in: SignIn) -> None:
    anna, boris = make.person(app, name="Anna"), make.person(app, name="Boris")
    for n in range(5):
        thank(app, anna, people=[boris], why=f"Line {'abcde'[n]}.")

    page = sign_in().page(f"/people/{boris}")

    assert [line for line in "abcde" if f"Line {line}." in page.text] == ["c", "d", "e"]
    panel = next(s for s in page.all("section") if "Line e." in s.text)
    assert "5" not in panel.text


def test_the_feed_is_paged_and_costs_the_same_however_long(
    app: Flask, sign_in: SignIn, queries: Callable[[int], Any]
) -> None:
    anna, boris = make.person(app), make.person(app)
    place, idea = make.department(app), make.idea(app)
    for n in range(25):
        subject = ("idea", idea) if n % 2 else None
        thank(app, anna, people=[boris], departments=[place], subject=subject, why=f"No. {n}.")
    browser = sign_in()
    browser.get("/thanks")

    with queries(5):  # the reader, departments, thanks, whom, ideas
        first = browser.page("/thanks")
    onward = first.one("a", rel="next")["href"]
    second = browser.page(onward)

    assert "No. 24." in first.text
    assert "No. 4." not in first.text
    assert "No. 4." in second.text
    assert "No. 24." not in second.text


def test_a_module_that_is_off_shows_nowhere_and_keeps_what_was_said(
    app: Flask, sign_in: SignIn
) -> None:
    boris, anna = make.person(app), make.person(app)
    idea = make.idea(app)
    number = thank(app, anna, people=[boris], subject=("idea", idea), why="Canary words.")
    switch(app)
    browser = sign_in()

    for address in ("", "/new", f"/{number}", "/flow"):
        assert browser.get(f"/thanks{address}").status_code == 404
    for address in (f"/ideas/{idea}", f"/people/{boris}", "/", "/settings/notifications"):
        text = browser.get(address).text
        assert "hank" not in text, address
    assert said(app) == 1
    switch(app, "thanks")
    assert "Canary words." in browser.get("/thanks").text
    with app.app_context():
        assert site().modules == ("thanks",)


def test_somebody_erased_is_a_former_colleague_on_both_sides(app: Flask, sign_in: SignIn) -> None:
    anna, boris = make.person(app, name="Anna Gone"), make.person(app, name="Boris Gone")
    thank(app, anna, people=[boris], why="For the plan.")
    admin = make.admin(app)
    with app.app_context():
        for person in (anna, boris):
            chief, other = (db.session.get_one(Person, n) for n in (admin, person))
            erase(chief, other, blank_texts=True)

    text = sign_in().page("/thanks").text

    assert "former colleague → to former colleague" in text
    assert "Gone" not in text
    assert "For the plan." not in text
    assert "The words were removed." in text


def test_a_moderator_hides_where_they_act(app: Flask, sign_in: SignIn) -> None:
    here, there = make.department(app), make.department(app)
    judge, boris = make.moderator(app), make.person(app)
    with app.app_context():
        reach.limit(None, db.session.get_one(Person, judge), here)
    desk = sign_in(judge)
    numbers = [
        thank(app, make.person(app, department=place), people=[boris]) for place in (here, there)
    ]

    answers = [desk.post(f"/thanks/{n}/hide", {"why": "Rude."}).status_code for n in numbers]

    assert answers == [303, 403]
    assert "Hide it" not in desk.get(f"/thanks/{numbers[1]}").text


def test_ten_thousand_names_are_refused_like_eleven(app: Flask, sign_in: SignIn) -> None:
    everybody = [f"person-{n}" for n in range(100, 40_000)]
    sent = {"to": everybody, "why": "All of you.", "action": "send"}

    answer = sign_in().post("/thanks/new", sent)

    assert answer.status_code == 422
    assert "Name at most 10" in answer.text
