"""A figure that is not of the newest regular survey says the month of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.surveys import waves
from tests.surveys.results.company import FIVE, company

__all__ = ["company"]
SignIn = Callable[..., Browser]
AUGUST, NOVEMBER = (datetime(2026, month, 15, 9, tzinfo=UTC) for month in (8, 11))
FEW = "1 service, too few answers in the last survey"


@pytest.fixture(autouse=True)
def late_in_november(app: Flask, company: dict[str, int]) -> Any:
    with time_machine.travel(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False):
        with app.app_context(), transaction():
            for name in ("IT", "Sales", "Stores"):
                db.session.get_one(Department, company[name]).slug = name.lower()
            save_settings({"modules": ["map", "surveys", "insights"]})
        yield


def ask(app: Flask, at: datetime, said: dict[int, list[int]], **fields: Any) -> int:
    asked = {service: {"quality": values} for service, values in said.items()}
    return waves.wave(app, asked, closed_at=at, **fields)


@pytest.fixture
def gone_quiet(app: Flask, company: dict[str, int]) -> None:
    """Five spoke of the help desk in August, two in November, and four and five of others."""
    ask(app, AUGUST, {company["help"]: FIVE})
    ask(app, NOVEMBER, {company["help"]: [5, 5], company["visits"]: FIVE})


def test_the_map_and_all_that_it_leads_to_agree(
    gone_quiet: None, sign_in: SignIn, company: dict[str, int]
) -> None:
    reader = sign_in()
    old, new = "3.6 of 5, 5 answers, Aug 2026", "3.6 of 5, 5 answers"
    cell = reader.page("/map").one("a", aria_label=f"1 service, {old}")

    listed = Document(reader.get(cell["href"]).text).text
    star = reader.page("/map/it").text
    others = reader.page("/map/sales").text

    assert old in listed
    assert old in star
    assert "1 service · ◐ 3.6, Aug 2026" in star
    for address in ("/departments/it/passport", "/departments/sales/passport"):
        assert old in reader.page(address).text, address
    assert new in others
    assert "1 service · ◐ 3.6 " in others.replace("\n", " ")
    assert "Nov 2026" not in others


def test_in_russian_the_month_is_short_too(gone_quiet: None, sign_in: SignIn) -> None:
    reader = sign_in(locale="ru")

    assert "3,6 из 5, 5 ответов, авг. 2026" in reader.page("/map/it").text
    assert "3,6 из 5, 5 ответов, авг. 2026" in reader.get("/map").text
    assert "по более раннему опросу" in reader.page("/map").text


def test_on_paper_it_is_said_too(gone_quiet: None, sign_in: SignIn) -> None:
    paper = PdfReader(BytesIO(sign_in().get("/departments/it/passport.pdf").data))

    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "3.6 of 5, 5 answers, Aug 2026" in words


def test_a_passport_kept_before_a_survey_ended_says_the_month_after_it(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    ask(app, AUGUST, {company["help"]: FIVE})
    reader = sign_in()
    assert "Aug 2026" not in served_by_it(reader)

    ask(app, NOVEMBER, {company["visits"]: FIVE})

    assert "Aug 2026" in served_by_it(reader)
    assert reader.page("/map").all("a", aria_label="1 service, 3.6 of 5, 5 answers, Aug 2026")


def served_by_it(reader: Browser) -> str:
    page = reader.page("/departments/it/passport")
    return page.one("section", data_section="serves").text


def test_what_is_told_together_alone_says_no_more_in_its_cell_than_what_is_not_told(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    """What IT does for Sales and for Stores is told of IT; two spoke of visits, told nowhere."""
    other = waves.service(app, company["Stores"], company["Sales"], "Boxes")
    said = {company["help"]: [5, 4, 4], company["phones"]: [5, 4, 3], company["visits"]: [5, 4]}
    wave = ask(app, NOVEMBER, {**said, other: FIVE})
    reader = sign_in()
    assert "4.2" in reader.page(f"/surveys/{wave}/results/provider/{company['IT']}").text

    page = reader.page("/map")

    assert len(page.all("a", aria_label=FEW)) == 3
    assert page.one("a", aria_label="1 service, 3.6 of 5, 5 answers")


def test_a_survey_after_a_change_says_its_month(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    ask(app, AUGUST, {company["visits"]: FIVE})
    ask(app, NOVEMBER, {company["help"]: [5, 5, 4, 4, 4]}, purpose="after")

    page = sign_in().page("/map/services").text

    assert "4.4 of 5, 5 answers, after a change, Nov 2026" in page


def test_a_star_keeps_the_newest_where_its_figures_are_of_several_surveys(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    """And its boxes grow where a line has no room for all of it."""
    sides = company["IT"], company["Sales"]
    others = [waves.service(app, *sides, f"Number {n}") for n in range(11)]
    ask(app, AUGUST.replace(month=6), {company["help"]: [1] * 5})
    ask(app, AUGUST, {others[0]: FIVE, others[1]: [5, 5, 5, 5, 4]})
    ask(app, NOVEMBER, {company["visits"]: FIVE})

    star = sign_in().page("/map/it")

    said = [each.text for each in star.all("text", class_="lane-time")]
    assert "◐ 3.6 – ● 4.8, Aug 2026" in said
    assert {each["height"] for each in star.all("rect")} == {"52", "69"}
