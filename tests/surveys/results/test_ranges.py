"""The range of several services together is that of their people, not of their answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core.db import db, transaction
from forum.surveys.results.models import WaveResult
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company

__all__ = ["company"]
SignIn = Callable[..., Browser]
SAID = [5, 5, 4, 4, 4, 4, 3, 3, 2, 2, 1, 4]


@pytest.fixture
def wave(app: Flask, company: dict[str, int]) -> int:
    """The same people of Sales said the same of three services of IT, those of Stores of one of
    Sales."""
    said = {"quality": SAID, "recommend": [10, 9, 9, 8, 8, 7, 7, 6, 5, 4, 3, 9]}
    more = [waves.service(app, company["IT"], company["Sales"], name) for name in ("Mail", "Disks")]
    return waves.wave(
        app, {**dict.fromkeys((company["help"], *more), said), company["visits"]: said}
    )


def within(browser: Browser, address: str) -> list[str]:
    return [cell.text.strip() for cell in browser.page(address).all("td", data_label="Within")]


def test_who_answers_about_three_services_counts_once(
    app: Flask, sign_in: SignIn, company: dict[str, int], wave: int
) -> None:
    reader, at = sign_in(make.person(app)), f"/surveys/{wave}/results"

    one = within(reader, f"{at}/service/{company['help']}")
    three = within(reader, f"{at}/provider/{company['IT']}")

    assert three == one
    assert len(set(one)) == 2


def test_other_people_make_a_range_narrower(
    app: Flask, sign_in: SignIn, company: dict[str, int], wave: int
) -> None:
    rows = csv.DictReader(
        io.StringIO(sign_in(make.person(app)).get(f"/surveys/{wave}/results.csv").text)
    )

    wide = {
        (row["scope"], row["name"]): float(row["high"]) - float(row["low"])
        for row in rows
        if row["item"] == "quality"
    }
    assert wide["service", "Mail"] == wide["pair", "IT → Sales"] == wide["customer", "Sales"]
    assert wide["all", ""] < wide["provider", "IT"]


def test_where_it_was_not_found_out_there_is_no_range(
    app: Flask, sign_in: SignIn, company: dict[str, int], wave: int
) -> None:
    reader, address = sign_in(make.person(app)), f"/surveys/{wave}/results"
    before = within(reader, address)
    with app.app_context(), transaction():
        db.session.execute(update(WaveResult).where(WaveResult.scope == "all").values(worth=0))

    without, file = within(reader, address), reader.get(f"{address}.csv").text
    app.test_cli_runner().invoke(args=["surveys", "rebuild"])

    assert without == ["", ""]
    all_services = next(r for r in csv.DictReader(io.StringIO(file)) if r["scope"] == "all")
    assert (all_services["n"], all_services["low"], all_services["high"]) == ("48", "", "")
    assert within(reader, address) == before


def test_a_range_says_nothing_of_how_many_answered_about_a_hidden_service(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    told = {company["visits"]: {"quality": SAID}}
    reader = sign_in(make.person(app))
    files = []
    for few, fewer in (("help", "phones"), ("phones", "help")):
        hidden = {company[few]: {"quality": [5, 4, 2, 1]}, company[fewer]: {"quality": [3, 4, 4]}}
        wave = waves.wave(app, {**told, **hidden})
        files.append(reader.get(f"/surveys/{wave}/results.csv").text)

    rows = list(csv.DictReader(io.StringIO(files[0])))
    assert next(row for row in rows if row["scope"] == "provider")["n"] == "7"
    assert files[0] == files[1]
