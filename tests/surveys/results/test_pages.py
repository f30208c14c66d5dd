"""Pages of results: what everybody of the company reads, and what nobody does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.calendar import midnight
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.standards.models import Version
from forum.surveys.models import WaveService
from tests.standards.standards import by_number, in_force
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import FIVE, company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]


def test_a_service_tells_mean_interval_and_spread(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    page = sign_in(make.person(app)).page(f"/surveys/{spring}/results/service/{company['help']}")

    row = page.one("tr", data_item="quality")
    assert row["data-n"] == "6"
    assert "3.7" in row.text
    assert "2.1–4.8" in row.text
    assert any("1: 1, 2: 0, 3: 1, 4: 2, 5: 2" in svg.get("aria-label") for svg in page.all("svg"))
    assert page.one("td", data_label="Share").text.strip() == "50% would"
    assert page.all("td", data_label="Mean")[0].text.strip() == "3.7"
    assert {each.text for each in page.all("p", data_voice=True)} == {
        *("Quick", "Kind", "Slow", "Late", "Good")
    }


@pytest.mark.parametrize(
    ("locale", "share", "within"),
    [("en", "50% would", "19–81%"), ("ru", "50\u00a0% посоветовали бы", "19–81\u00a0%")],
)
def test_a_percent_sign_stands_where_the_language_sets_it_and_never_begins_a_line(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    spring: int,
    *,
    locale: str,
    share: str,
    within: str,
) -> None:
    browser = sign_in(make.person(app, locale=locale))

    row = browser.page(f"/surveys/{spring}/results/service/{company['help']}").one(
        "tr", data_item="recommend"
    )

    assert share in row.text
    assert within in row.text


def test_the_day_it_ended_is_its_last_and_not_the_one_of_the_midnight_after(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    said = {company["help"]: {"quality": FIVE}}
    with app.app_context():
        ends = [midnight(date(2026, 3, 1)), midnight(date(2026, 6, 1))]
    newest = [waves.wave(app, said, closed_at=each) for each in ends][-1]

    page = sign_in(make.person(app)).page(f"/surveys/{newest}/results/service/{company['help']}")

    assert "ended May 31" in page.text
    assert "Feb 28" in page.text
    assert "Mar 1" not in page.text
    assert "Jun 1" not in page.text


def test_a_service_of_too_few_says_so_and_nothing_else(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    page = sign_in(make.person(app)).page(f"/surveys/{spring}/results/service/{company['phones']}")

    row = page.one("tr", data_item="quality")
    assert row["data-n"] == ""
    assert "too few answers" in row.text
    assert not page.all("p", data_voice=True)


def test_a_wave_lists_who_serves_and_who_is_served_by_name(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    page = sign_in(make.person(app)).page(f"/surveys/{spring}/results")

    base = f"/surveys/{spring}/results"
    links = page.all("a", href=f"{base}/provider/{company['IT']}")
    assert [each.text for each in links] == ["IT", "IT"], "who serves, and who is to reply"
    assert page.one("a", href=f"{base}/customer/{company['Stores']}").text == "Stores"
    assert page.one("a", href=f"{base}/tree/{company['top']}").text == "Works"
    assert "3.7 · 6 answers" in page.text


def test_a_department_with_all_below_it_is_a_page(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    page = sign_in(make.person(app)).page(f"/surveys/{spring}/results/tree/{company['top']}")

    assert page.one("h1").text == "Works and the departments below it"
    assert page.one("tr", data_item="quality")["data-n"] == "6"


def test_what_the_wave_did_not_ask_about_is_not_there(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    browser, base = sign_in(make.person(app)), f"/surveys/{spring}/results"

    for address in (
        f"{base}/service/{company['visits']}",
        f"{base}/provider/{company['Stores']}",
        f"{base}/pair/{company['IT']}",
        f"{base}/nothing/1",
        "/surveys/999/results",
        "/surveys/999/results.csv",
    ):
        assert browser.get(address).status_code == 404


def test_a_wave_that_runs_has_no_results_for_anybody(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    said = {company["help"]: {"quality": FIVE}}
    wave = waves.wave(app, said, told=False, state="running", mixed_at=None)
    browser = sign_in(make.admin(app))

    assert "No results yet" in browser.page(f"/surveys/{wave}/results").text
    part = browser.get(f"/surveys/{wave}/results/service/{company['help']}")
    assert part.headers["Location"] == f"/surveys/{wave}/results"
    assert browser.get(f"/surveys/{wave}/results.csv").status_code == 404


def test_consultants_read_none_of_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    consultant = sign_in(make.person(app, kind="consultant"))

    for more in ("", ".csv", f"/service/{company['help']}"):
        assert consultant.get(f"/surveys/{spring}/results{more}").status_code == 404


def test_with_the_module_off_results_are_not_there(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": []})
    browser = sign_in(make.admin(app))

    for more in ("", ".csv", f"/service/{company['help']}"):
        assert browser.get(f"/surveys/{spring}/results{more}").status_code == 404


def test_figures_of_fewer_than_a_raised_k_are_told_no_more(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    with app.app_context(), transaction():
        save_settings({"survey_k": 7})
    browser = sign_in(make.person(app))

    page = browser.page(f"/surveys/{spring}/results/service/{company['help']}")
    file = browser.get(f"/surveys/{spring}/results.csv").text

    assert "too few answers" in page.one("tr", data_item="quality").text
    assert len(file.splitlines()) == 1


def test_the_file_holds_what_pages_tell_and_no_more(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    answer = sign_in(make.person(app)).get(f"/surveys/{spring}/results.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {(row["scope"], row["name"]) for row in rows} == {
        ("all", ""),
        ("customer", "Sales"),
        ("pair", "IT → Sales"),
        ("provider", "IT"),
        ("service", "Help desk"),
        ("tree", "IT"),
        ("tree", "Works"),
    }
    row = next(row for row in rows if row["scope"] == "service" and row["item"] == "quality")
    assert (row["n"], row["mean"], row["5"]) == ("6", "3.667", "2")


def test_the_file_has_the_names_of_its_own_services_whatever_was_written_before(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    browser, address = sign_in(make.person(app)), f"/surveys/{spring}/results.csv"
    assert "Help desk" in browser.get(address).text

    with app.app_context(), transaction():
        db.session.execute(update(WaveService).values(name="Of the other forum"))

    assert "Of the other forum" in browser.get(address).text


def test_a_trend_marks_when_standards_came_into_force(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    autumn = waves.wave(app, {company["help"]: {"quality": FIVE}}, title="Autumn")
    number = in_force(app)
    with app.app_context(), transaction():
        standard = by_number(number)
        standard.owner_department_id = company["IT"]
        at = now() - timedelta(days=30)
        db.session.execute(update(Version).values(published_at=at))

    page = sign_in(make.person(app)).page(f"/surveys/{autumn}/results/service/{company['help']}")

    assert page.all("polyline")
    assert page.one("a", href=f"/standards/{number}/versions/1")
    assert number in page.one("div", aria_label="It is of good quality.").text


def test_versions_of_an_item_are_not_drawn_as_one_line(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    autumn = waves.wave(app, {company["help"]: {"quality": FIVE}}, title="Autumn", number=2)

    page = sign_in(make.person(app)).page(f"/surveys/{autumn}/results/service/{company['help']}")

    assert not page.all("polyline")
    assert len(page.all("circle")) == 2


def test_a_page_costs_the_same_however_much_was_asked(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    spring: int,
    queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    browser = sign_in(make.person(app))
    whole, service = "results", f"results/service/{company['help']}"
    for page in (whole, service):
        browser.get(f"/surveys/{spring}/{page}")

    # Who asks, the wave, the mark of what was drawn, texts; then the mark of replies, and whom the
    # reader answers for.
    with queries(6):
        browser.get(f"/surveys/{spring}/{whole}")
    with queries(6):  # what was asked about its texts, and for whom the reader answers
        browser.get(f"/surveys/{spring}/{service}")


def test_what_was_drawn_once_is_drawn_anew_after_every_change(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    browser, base = sign_in(make.person(app)), f"/surveys/{spring}/results"
    provider = f"{base}/provider/{company['IT']}"
    assert "What IT provides" in browser.page(provider).text
    assert "Over time" not in browser.page(provider).text

    with app.app_context(), transaction():
        db.session.get_one(Department, company["IT"]).name = "Machines"
    waves.wave(app, {company["help"]: {"quality": FIVE}}, title="Autumn")

    assert "What Machines provides" in browser.page(provider).text
    assert "Autumn" in browser.page(provider).one("section", aria_labelledby="trend-title").text
    assert "Machines" in browser.page(base).text
    with app.app_context(), transaction():
        save_settings({"survey_k": 7})
    assert "too few answers" in browser.page(provider).one("tr", data_item="quality").text


def test_a_survey_of_one_changed_service_is_no_point_on_the_line_of_all_services(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    after = waves.wave(
        app, {company["help"]: {"quality": FIVE}}, title="After noon", purpose="after"
    )
    browser = sign_in(make.person(app))

    parts = {
        part: browser.page(f"/surveys/{after}/results/{part}")
        for part in (f"service/{company['help']}", f"provider/{company['IT']}")
    }

    dots = [len(page.all("circle")) for page in parts.values()]
    assert dots == [2, 0]
    assert not browser.page(f"/surveys/{after}/results").all("circle")


def test_what_was_drawn_follows_a_department_that_is_renamed_and_the_readers_language(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    person = make.person(app)
    address = f"/surveys/{spring}/results"
    assert ">IT</a>" in sign_in(person).get(address).text
    with app.app_context(), transaction():
        db.session.get_one(Department, company["IT"]).name = "Machines"
        db.session.get_one(Person, person).locale = "ru"

    text = sign_in(person).get(address).text

    assert ">Machines</a>" in text
    assert ">IT</a>" not in text
    assert "Кто обслуживает" in text


def test_what_was_drawn_is_drawn_without_figures_of_fewer_once_k_was_raised(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    address = f"/surveys/{spring}/results/service/{company['help']}"
    assert 'data-n="6"' in sign_in(make.person(app)).get(address).text
    with app.app_context(), transaction():
        save_settings({"survey_k": 8})

    assert 'data-n="6"' not in sign_in(make.person(app)).get(address).text
