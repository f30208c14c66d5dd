"""A department's passport: what it serves, keeps and answers, as far as a reader may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department, Service
from forum.ideas.models import Idea
from forum.insights.passport.registry import SECTIONS, Section, register
from tests.ideas.clocks import change
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "insights", "map")


def switch(app: Flask, *modules: str) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": list(modules)})


def place(app: Flask, slug: str = "place", **fields: Any) -> int:
    return make.department(app, slug.title(), slug=slug, **fields)


def sections(browser: Browser, slug: str = "place") -> dict[str, str]:
    """The sections of a passport, each with what it says."""
    page = Document(browser.get(f"/departments/{slug}/passport").text)
    found = page.all("section", data_section=True)
    return {each["data-section"]: " ".join(each.text.split()) for each in found}


def test_it_tells_what_a_newcomer_needs(app: Flask, sign_in: SignIn) -> None:
    here, other = place(app), place(app, "other")
    head, colleague = make.person(app, name="Hedda Head"), make.person(app, name="Rolf Reply")
    make.represent(app, colleague, here)
    with app.app_context(), transaction():
        db.session.get_one(Department, here).head_id = head
        for provider, customer, name in ((here, other, "Payroll"), (other, here, "Laptops")):
            db.session.add(Service(provider_id=provider, customer_id=customer, name=name))
    standards.in_force(app, title="Ours", owner=None, departments=[here])
    make.idea(app, title="Waits for you", departments=[here])
    make.answer(
        app, make.idea(app, title="Other one", departments=[here]), here, colleague, "helps"
    )
    decided = make.idea(app, title="Came to something", departments=[here])
    make.decide(app, decided, "decline")

    told = sections(sign_in())

    assert "Hedda Head" in told["people"]
    assert "Rolf Reply" in told["people"]
    assert "Payroll" in told["serves"]
    assert "Laptops" in told["served"]
    assert "Ours" in told["in-force"]
    assert "Waits for you" in told["open-answers"]
    assert "Other one" not in told["open-answers"]
    assert "Came to something" in told["ideas"]
    assert "Declined" in told["ideas"]
    assert "promises" not in told


def test_passport_and_map_are_buttons_at_the_head_of_the_department(
    app: Flask, sign_in: SignIn
) -> None:
    place(app)
    browser = sign_in()

    assert {"Poster", "On the map", "Passport"} <= set(buttons(browser))
    assert buttons(browser)["Passport"] == "/departments/place/passport"
    assert buttons(browser)["On the map"] == "/map/place"
    switch(app)
    assert {"On the map", "Passport"}.isdisjoint(buttons(browser))


def buttons(browser: Browser) -> dict[str, str]:
    links = browser.page("/departments/place").all("a", href=True)
    return {each.text.strip(): each["href"] for each in links if "button" in each.get("class", "")}


def test_services_are_told_only_while_the_map_is_on(app: Flask, sign_in: SignIn) -> None:
    here, other = place(app), place(app, "other")
    with app.app_context(), transaction():
        db.session.add(Service(provider_id=here, customer_id=other, name="Payroll"))
    switch(app, "insights")

    assert "serves" not in sections(sign_in())


@pytest.mark.parametrize("hide", ["draft", "hidden", "trashed"])
def test_what_a_reader_may_not_see_is_not_in_it(app: Flask, sign_in: SignIn, hide: str) -> None:
    here = place(app)
    number = make.idea(app, title="Canary", departments=[here], draft=hide == "draft")
    if hide != "draft":
        with app.app_context(), transaction():
            idea = db.session.get_one(Idea, number)
            idea.hidden_at = now()
            idea.trashed_at = now() if hide == "trashed" else None
    standards.drafted(app, title="Canary draft", departments=[here])

    browser = sign_in()

    assert "Canary" not in browser.get("/departments/place/passport").text


def test_consultants_see_the_passport_of_their_department_and_no_other(
    app: Flask, sign_in: SignIn
) -> None:
    here, other = place(app), place(app, "other")
    with app.app_context(), transaction():
        db.session.add(Service(provider_id=here, customer_id=other, name="Payroll"))
    make.idea(app, title="Waits for you", departments=[here])
    browser = sign_in(make.person(app, kind="consultant", attached=[here]))

    told = sections(browser)

    assert "Waits for you" in told["open-answers"]
    assert "serves" not in told
    for ending in ("", ".pdf"):
        assert browser.get(f"/departments/other/passport{ending}").status_code == 404


def test_it_is_there_on_paper_in_the_readers_language(app: Flask, sign_in: SignIn) -> None:
    place(app)

    paper = sign_in(locale="ru").get("/departments/place/passport.pdf")

    assert paper.data.startswith(b"%PDF")
    assert paper.headers["Content-Type"] == "application/pdf"


def test_the_department_leads_to_it_while_the_module_is_on(app: Flask, sign_in: SignIn) -> None:
    place(app)
    browser = sign_in()
    assert "/departments/place/passport" in browser.get("/departments/place").text

    switch(app)

    assert "/departments/place/passport" not in browser.get("/departments/place").text
    for ending in ("", ".pdf"):
        assert browser.get(f"/departments/place/passport{ending}").status_code == 404


def test_a_module_adds_a_section_that_is_there_only_while_it_is_on(
    app: Flask, sign_in: SignIn
) -> None:
    place(app)
    at = "insights/passport/people.html"
    card = {"head": None, "representatives": [{"name": "Someone Thanked", "url": ""}]}
    card["representatives"][0]["job_title"] = ""
    register(Section("more", "More", at, lambda _reader, _department: card, 90, "thanks"))
    try:
        browser = sign_in()
        assert "more" not in sections(browser)
        switch(app, "insights", "thanks")
        assert "Someone Thanked" in sections(browser)["more"]
    finally:
        del SECTIONS["more"]


def test_open_answers_begin_with_the_longest_overdue(app: Flask, sign_in: SignIn) -> None:
    here = place(app)
    with app.app_context():
        today = company_day()
    days = {"Dateless": None, "Soon": 3, "Yesterday": -1, "Long ago": -4, "Rests": -9}
    for title, days_on in days.items():
        number = make.idea(app, title=title, departments=[here])
        due_on = today + timedelta(days=days_on) if days_on is not None else None
        change(app, number, here, due_on=due_on, paused_at=now() if title == "Rests" else None)

    said = sections(sign_in())["open-answers"]

    order = sorted(days, key=said.index)
    assert order == ["Long ago", "Yesterday", "Soon", "Dateless", "Rests"]
    assert "4 days late · answer by" in said
    assert "1 day late" in said
    assert "waits for its author first" in said
    assert "9 days late" not in said


def test_it_begins_with_what_a_head_wants_to_know(app: Flask, sign_in: SignIn) -> None:
    here, colleague = place(app), make.person(app)
    make.represent(app, colleague, here)
    answered, late = (make.idea(app, departments=[here]) for _n in range(2))
    make.answer(app, answered, here, colleague, "helps")
    with app.app_context():
        change(app, late, here, due_on=company_day() - timedelta(days=1))
    browser = sign_in()

    said = headlines(browser)

    assert said["Answered in time"] == "50% 1 of 2 in a year"
    assert said["Waiting now"].startswith("1 the oldest for")
    assert browser.get("/departments/place/passport.pdf").data.startswith(b"%PDF")


def headlines(browser: Browser) -> dict[str, str]:
    """The figures on top of a passport."""
    page = Document(browser.get("/departments/place/passport").text)
    words, values = ([" ".join(e.text.split()) for e in page.all(tag)] for tag in ("dt", "dd"))
    return dict(zip(words, values, strict=True))


def test_what_there_is_nothing_of_is_named(app: Flask, sign_in: SignIn) -> None:
    here = place(app)
    make.idea(app, departments=[here])
    consultant = make.person(app, kind="consultant", attached=[here])

    page = Document(sign_in().get("/departments/place/passport").text)

    missing = page.one("p", data_missing=True).text
    assert "Whom we serve · Who serves us · Promises kept" in missing
    assert "Open answers" not in missing
    assert page.one("a", href="/map/place")
    of_few = sign_in(consultant).get("/departments/place/passport").text
    assert "Whom we serve" not in of_few
    assert "/map/place" not in of_few


def test_ideas_that_have_no_effect_on_it_are_not_told(app: Flask, sign_in: SignIn) -> None:
    here, colleague = place(app), make.person(app)
    make.represent(app, colleague, here)
    for title, answer in (("Ours", "helps"), ("Of others", "no_effect")):
        number = make.idea(app, title=title, departments=[here])
        make.answer(app, number, here, colleague, answer)
        make.decide(app, number, "decline")

    said = sections(sign_in())["ideas"]

    assert "Ours" in said
    assert "Of others" not in said


@pytest.mark.parametrize("ideas", [1, 12])
def test_it_costs_the_same_however_much_there_is(
    app: Flask, sign_in: SignIn, queries: Any, ideas: int
) -> None:
    here = place(app)
    for _n in range(ideas):
        make.idea(app, departments=[here])
        make.decide(app, make.idea(app, departments=[here]), "decline")
    browser = sign_in()
    browser.get("/departments/place/passport")

    # The reader, the department, and all that its sections follow from.
    with queries(3):
        browser.get("/departments/place/passport")
    app.extensions["forum.kept"].clear()
    # These, head and representatives, services twice, promises, standards twice, open answers and
    # how answers come, ideas.
    with queries(13):
        browser.get("/departments/place/passport")
