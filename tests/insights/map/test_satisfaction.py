"""How satisfied customers are: in the cells of the map, beside services, and in a star."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.standards.serving.models import ServiceStandard
from forum.surveys.results.heat import band
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening
from tests.surveys import waves
from tests.surveys.results.company import company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]


@pytest.fixture
def reader(app: Flask, sign_in: SignIn, company: dict[str, int], spring: int) -> Browser:
    with app.app_context(), transaction():
        for name in ("IT", "Sales", "Stores"):
            db.session.get_one(Department, company[name]).slug = name.lower()
        save_settings({"modules": ["map", "surveys"]})
    return sign_in(make.person(app))


@pytest.mark.parametrize(
    ("mean", "expected"),
    [(1.0, "low"), (2.94, "low"), (2.96, "middle"), (3.9, "middle"), (3.96, "good"), (5.0, "good")],
)
def test_a_band_goes_by_the_figure_that_is_read(mean: float, expected: str) -> None:
    assert band(mean) == expected


def test_a_cell_says_its_mean_with_a_mark_and_the_page_what_that_means(reader: Browser) -> None:
    page = reader.page("/map")

    measured = page.one("a", aria_label="1 service, 3.7 of 5, 6 answers")
    few = page.one("a", aria_label="1 service, too few answers in the last survey")
    unasked = page.one("a", aria_label="1 service, no figure yet")
    assert "3.7 ◐" in measured.text
    assert "–" in few.text
    assert "–" in unasked.text
    assert page.all("td", data_band="middle")
    for words in ("below 3.0", "3.0 to 3.9", "4.0 and more", "not measured, or too few answers"):
        assert words in page.text
    reader.post("/settings/language", {"locale": "ru"})
    assert "ниже 3,0" in reader.page("/map").text


def test_a_list_and_a_star_say_it_of_each_service_that_has_answers_enough(reader: Browser) -> None:
    listed = reader.page("/map/services?provider=it&customer=sales").text
    hidden = reader.page("/map/services?provider=it&customer=stores").text
    star = reader.page("/map/it").text

    assert "3.7 of 5, 6 answers" in listed
    assert "Phones" in hidden
    assert "of 5" not in hidden
    assert star.count("3.7 of 5, 6 answers") == 1
    assert "1 service · ◐ 3.7" in star


def test_a_service_measured_after_a_change_says_so(
    app: Flask, reader: Browser, company: dict[str, int]
) -> None:
    waves.wave(app, {company["help"]: {"quality": [5, 5, 4, 4, 4]}}, purpose="after")

    assert "4.4 of 5, 5 answers, after a change" in reader.page("/map/services").text
    assert reader.page("/map").all("a", aria_label="1 service, 3.7 of 5, 6 answers")


def test_a_service_with_a_standard_of_its_own_names_it(
    app: Flask, reader: Browser, company: dict[str, int]
) -> None:
    number = standards.in_force(app)
    with app.app_context(), transaction():
        standard_id = standards.by_number(number).id
        db.session.add(ServiceStandard(service_id=company["help"], standard_id=standard_id))

    for address in ("/map/it", "/map/services"):
        named = reader.page(address).all("a", href=f"/standards/{number}")
        assert [each.text for each in named] == [number], address


def test_of_a_day_gone_by_and_without_surveys_nothing_is_said(app: Flask, reader: Browser) -> None:
    day = now().date().isoformat()
    assert "3.7" in reader.page(f"/map/services?as-of={day}").text
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})

    for address in ("/map", "/map/it", "/map/services"):
        assert "3.7" not in reader.page(address).text, address


def test_a_consultant_reads_no_figure(
    reader: Browser, sign_in: SignIn, company: dict[str, int]
) -> None:
    both = [company["IT"], company["Sales"]]
    page = sign_in(kind="consultant", attached=both).page("/map/services").text

    assert "Help desk" in page
    assert "3.7" not in page


def test_the_figures_cost_one_query_a_page(app: Flask, reader: Browser) -> None:
    reader.get("/map")
    pages = {"/map": 3, "/map/it": 5, "/map/services": 4}

    spent = {}
    for address in pages:
        with listening(app) as statements:
            assert reader.get(address).status_code == 200
        spent[address] = len(statements)

    assert spent == pages
