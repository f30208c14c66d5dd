"""My departments stand beside every page, and cost no query."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from forum.core.clock import now
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening

SignIn = Callable[..., Browser]


def beside(browser: Browser, address: str = "/standards") -> list[str]:
    page = browser.page(address)
    rail = [e for e in page.all("ul", class_="rail-depts")]
    links = [a for a in page.all("a") if rail and rail[0] in a.inside]
    return [a["href"] for a in links]


def test_where_i_work_and_what_i_answer_for_is_beside_the_page(app: Flask, sign_in: SignIn) -> None:
    own = make.department(app, "B: Own office", slug="own")
    answered = make.department(app, "A: Answered for", slug="answered")
    person = make.person(app, department=own)
    make.department(app, "C: Headed", slug="headed", head_id=person)
    gone = make.department(app, "D: Gone", slug="gone", archived_at=now(), head_id=person)
    others = make.department(app, "E: Of others", slug="others")
    make.represent(app, make.person(app, department=others), others)
    make.represent(app, person, answered)
    make.represent(app, person, gone)

    shown = beside(sign_in(person))

    assert shown == ["/departments/answered", "/departments/own", "/departments/headed"]


def test_somebody_without_a_department_sees_no_heading(app: Flask, sign_in: SignIn) -> None:
    make.department(app)

    assert beside(sign_in()) == []
    assert "My departments" not in sign_in().page("/ideas").text


def test_they_come_with_the_session(app: Flask, sign_in: SignIn) -> None:
    alone, busy = sign_in(), sign_in(make.person(app, department=make.department(app)))
    costs = []
    for browser in (alone, busy):
        browser.get("/ideas")
        with listening(app) as seen:
            browser.get("/ideas")
        costs.append(len(seen))

    assert costs[0] == costs[1]
