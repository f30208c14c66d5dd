"""The page of insights: every figure of a period and a branch, and the rows behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas.models import Idea
from forum.insights.figures import building
from tests.insights.behind import rows_behind
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> Any:
    with time_machine.travel(NOVEMBER, tick=False):
        with app.app_context(), transaction():
            save_settings({"modules": ["insights"], "holidays": ""})
        yield


def count(app: Flask) -> int:
    with app.app_context():
        return building.rebuild()


def figure(browser: Browser, name: str, asked: str = "") -> str:
    """What a figure says on the page."""
    page = Document(browser.get(f"/insights{asked}").text)
    return " ".join(page.one(data_figure=name).text.split())


def posted(browser: Browser, asked: str) -> str:
    """How many ideas were posted, as the page has it."""
    return figure(browser, "ideas", asked).removeprefix("Ideas posted").partition("The")[0].strip()


def lines_of(browser: Browser, address: str) -> list[str]:
    return browser.get(address).text.replace("\r", "").splitlines()


def test_a_page_without_a_count_says_that_it_comes(app: Flask, sign_in: SignIn) -> None:
    page = sign_in().get("/insights")

    assert page.status_code == 200
    assert "Nothing is counted yet" in page.text


def test_ideas_answers_decisions_and_days_are_counted(app: Flask, sign_in: SignIn) -> None:
    place, representative = make.represented(app, "Systems")
    first, second = (make.idea(app, departments=[place]) for _n in range(2))
    make.answer(app, first, place, representative, "helps")
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False):
        make.decide(app, first, owner_id=place)
        make.decide(app, second, "decline")
        count(app)
        browser = sign_in()

        assert posted(browser, "?period=2026-11") == "2"
        assert "1 accepted, 1 declined." in figure(browser, "decisions", "?period=2026-11")
        assert "1 in time, 0 late, 0 not yet." in figure(browser, "answers", "?period=2026-11")
        assert "2 working days" in figure(browser, "processing-time", "?period=2026-11")
        assert "0 of 1 ideas" in figure(browser, "carried-out", "?period=2026-11")


def test_a_standard_that_came_into_force_is_counted(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app)
    count(app)

    assert "1 new, 0 with a new version" in figure(sign_in(), "standards", "?period=2026")
    assert number in sign_in().get("/insights/rows/standards?period=2026").text


def test_a_branch_holds_what_lies_below_it(app: Flask, sign_in: SignIn) -> None:
    top = make.department(app, slug="top")
    below = make.department(app, slug="below", parent_id=top)
    other = make.department(app, slug="other")
    people = [make.person(app, department=place) for place in (below, other) for _n in range(5)]
    make.idea(app, people[0])
    count(app)
    browser = sign_in(people[0])

    for slug, ideas in (("top", "1"), ("below", "1"), ("other", "0")):
        assert posted(browser, f"?period=2026&department={slug}") == ideas


@pytest.mark.parametrize("hide", ["draft", "hidden", "anonymous"])
def test_nothing_that_others_do_not_see_is_counted(app: Flask, sign_in: SignIn, hide: str) -> None:
    place = make.department(app, slug="place")
    author, *_others = [make.person(app, department=place) for _n in range(5)]
    number = make.idea(app, author, draft=hide == "draft")
    if hide != "draft":
        with app.app_context(), transaction():
            from forum.core.db import db
            from forum.ideas.models import Idea

            idea = db.session.get_one(Idea, number)
            idea.hidden_at = now() if hide == "hidden" else None
            idea.anonymous = "nobody" if hide == "anonymous" else ""
    count(app)
    browser = sign_in(make.moderator(app, department=place))

    asked = "?period=2026&department=place"
    assert posted(browser, asked) == "0"
    assert f"/ideas/{number}" not in browser.get(f"/insights/rows/ideas{asked}").text


def test_every_figure_leads_to_rows_and_to_a_file(app: Flask, sign_in: SignIn) -> None:
    make.idea(app)
    count(app)
    browser = sign_in()
    page = Document(browser.get("/insights?period=2026-Q4").text)

    links = [link["href"] for link in page.all("a") if link.get("href").startswith("/insights/")]
    assert len(links) > 12
    for link in links:
        assert browser.get(link).status_code == 200, link
    assert "2026-11,1" in lines_of(browser, "/insights/figures/ideas.csv?period=2026-11")


@pytest.mark.parametrize("asked", ["?period=2026-13", "?period=2099", "?department=nowhere"])
def test_what_an_address_cannot_mean_is_left_out_with_a_notice(
    app: Flask, sign_in: SignIn, asked: str
) -> None:
    count(app)

    page = sign_in().get(f"/insights{asked}")

    assert page.status_code == 200
    assert "was left out" in page.text


@pytest.mark.parametrize("ideas", [0, 12])
def test_the_page_costs_the_same_however_much_there_is(
    app: Flask, sign_in: SignIn, queries: Any, ideas: int
) -> None:
    place = make.department(app)
    for _n in range(ideas):
        make.idea(app, departments=[place])
    count(app)
    browser = sign_in()
    browser.get("/insights?period=2026")

    # The reader, the departments, what was counted, the searches, the day of the count.
    with queries(5):
        assert browser.get("/insights?period=2026").status_code == 200


def test_consultants_see_no_figures_of_the_company(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app)
    browser = sign_in(make.person(app, kind="consultant", attached=[place]))

    for address in ("", "/figures/ideas.csv", "/rows/ideas", "/report/2026-10"):
        assert browser.get(f"/insights{address}").status_code == 404
    assert 'href="/insights"' not in browser.get("/ideas").text


def test_the_menu_shows_which_of_its_modules_one_is_in(app: Flask, sign_in: SignIn) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["insights", "map"]})
    browser = sign_in()

    for address, here in (("/insights", "Insights"), ("/map/services", "Map of services")):
        found = Document(browser.get(address).text).all("a", aria_current="page")
        assert here in [each.text for each in found]
    assert not Document(browser.get("/map").text).all("a", href="/insights", aria_current="page")


def test_the_module_switched_off_shows_nowhere(app: Flask, sign_in: SignIn) -> None:
    make.department(app, slug="place")
    number = make.idea(app)
    count(app)
    with app.app_context(), transaction():
        save_settings({"modules": []})
    browser = sign_in(make.moderator(app))

    for address in ("", "/figures/ideas.csv", "/rows/ideas", "/report/2026-10"):
        assert browser.get(f"/insights{address}").status_code == 404
    for address in ("/ideas", f"/ideas/{number}", "/ideas/new", "/departments/place"):
        said = browser.get(address).text
        assert "/insights" not in said
        assert "passport" not in said.casefold()
        assert "Who gains" not in said


def test_a_report_tells_a_month_on_one_page(app: Flask, sign_in: SignIn) -> None:
    make.idea(app)
    count(app)
    browser = sign_in()

    page = browser.get("/insights/report/2026-11")
    paper = browser.get("/insights/report/2026-11.pdf")

    assert "Ideas posted" in page.text
    assert paper.data.startswith(b"%PDF")
    for wrong in ("2026", "2026-Q4", "2026-12", "then"):
        assert browser.get(f"/insights/report/{wrong}").status_code == 404


def test_stations_of_modules_that_are_off_are_not_on_the_loop(app: Flask, sign_in: SignIn) -> None:
    count(app)
    browser = sign_in()
    assert "Thanks" not in browser.get("/insights").text

    with app.app_context(), transaction():
        save_settings({"modules": ["insights", "thanks"]})

    assert "Thanks" in browser.get("/insights").text


def test_what_was_decided_stands_by_the_day_of_its_decision(app: Flask, sign_in: SignIn) -> None:
    days = {}
    for title, posted_on, decided_on in (("First", 2, 10), ("Second", 3, 6), ("Third", 4, 8)):
        with time_machine.travel(datetime(2026, 11, posted_on, 12, tzinfo=UTC), tick=False):
            days[title] = make.idea(app, title=title)
        with time_machine.travel(datetime(2026, 11, decided_on, 12, tzinfo=UTC), tick=False):
            make.decide(app, days[title], "accept")
    browser = sign_in()

    for name in ("decisions", "carried-out"):
        text = Document(browser.get(f"/insights/rows/{name}?period=2026-11").text).one("main").text
        assert text.index("First") < text.index("Third") < text.index("Second")
        assert "Nov 10, 2026" in text
        assert "Nov 2, 2026" not in text


def test_a_long_list_goes_on_where_it_stopped(app: Flask, sign_in: SignIn) -> None:
    for number in range(32):
        make.decide(app, make.idea(app, title=f"Idea {number:02}"), "decline")
    browser = sign_in()
    address, seen = "/insights/rows/decisions?period=2026-11", []

    while address:
        page = Document(browser.get(address).text)
        seen += re.findall(r"Idea \d\d", page.one("main").text)
        onward = page.all("a", rel="next")
        address = onward[0]["href"] if onward else ""

    assert sorted(seen) == [f"Idea {number:02}" for number in range(32)]


def test_a_station_that_stands_still_says_why(app: Flask, sign_in: SignIn) -> None:
    for _n in range(3):
        make.idea(app)
    make.decide(app, make.idea(app), "decline")
    count(app)
    browser = sign_in()

    page = Document(browser.get("/insights?period=2026-11").text)

    why = page.one(data_still="decision")
    assert "Posted: 4, decided: 1." in why.text
    assert "Waiting at the end: 3." in why.text
    [link] = [each["href"] for each in page.all("a") if each.text == "What waits"]
    assert rows_behind(browser, link) == 3
    assert "Nothing in this period." in page.one(data_still="standard").text
    assert "Posted: 4, decided: 1." in browser.get("/insights/report/2026-11").text


def test_sentences_are_whole_with_a_number_and_without(app: Flask, sign_in: SignIn) -> None:
    number = make.idea(app)
    with app.app_context(), transaction():
        db.session.get_one(Idea, number).gains = "customers"
    count(app)
    browser = sign_in()

    assert "No idea was decided. No accepted idea" in figure(browser, "processing-time")
    assert "1 idea says who gains." in figure(browser, "gains")
    assert "1 idea was waiting for a decision at the end of November" in figure(browser, "stages")
    assert "People were asked to read and confirm 0 versions." in figure(browser, "confirmations")
