"""Ideas are found by the campaign that they were posted in, by those who may know of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
from forum.search.follower import catch_up
from tests.campaigns.test_campaigns import campaign, post
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
IN_IT, BESIDE = "The copier is far away", "The copier is broken"


@pytest.fixture
def company(app: Flask, sign_in: SignIn) -> int:
    """A department that both of two ideas touch; one of them was posted in a campaign."""
    with app.app_context(), transaction():
        save_settings({"modules": ["campaigns"]})
    depot = make.department(app, "Depot")
    number = campaign(app)
    post(sign_in(make.person(app)), number, departments=depot)
    make.idea(app, title=BESIDE, departments=[depot])
    catch_up(app)
    return depot


def switch(app: Flask, *modules: str) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": list(modules)})


def found(reader: Browser, query: str) -> set[str]:
    hits = reader.json("/search", query_string={"q": query})["hits"]
    return {hit["title"] for hit in hits}


def offered(reader: Browser, typed: str) -> list[dict[str, Any]]:
    items = reader.json("/search/suggest", query_string={"filters": "1", "q": typed})["items"]
    return [item for item in items if item["kind"] == "filter"]


@pytest.mark.parametrize(
    "query",
    ["copier campaign:paper", 'copier campaign:"less paper"', "copier кампания:paper"],
)
def test_a_campaign_is_meant_by_a_part_of_its_title(
    company: int, sign_in: SignIn, query: str
) -> None:
    assert found(sign_in(), query) == {IN_IT}
    assert found(sign_in(), f"copier -{query.removeprefix('copier ')}") == {BESIDE}


def test_its_chip_says_the_title_and_takes_it_away(company: int, sign_in: SignIn) -> None:
    page = sign_in().page("/search?q=copier+campaign:paper")

    assert "Campaign: Less paper" in page.text
    assert page.all("a", href="/search?q=copier")


def test_filter_and_title_are_offered_while_one_types(company: int, sign_in: SignIn) -> None:
    reader = sign_in()

    assert [item["title"] for item in offered(reader, "camp")] == ["campaign:"]
    assert [item["text"] for item in offered(reader, "campaign:pap")] == ['campaign:"Less paper" ']
    assert "campaign:" in reader.page("/search/help").text


def test_a_consultant_learns_of_no_campaign(app: Flask, company: int, sign_in: SignIn) -> None:
    guest = sign_in(make.person(app, kind="consultant", attached=[company]))
    page = guest.page("/search?q=copier+campaign:paper")

    assert found(guest, "copier") == {IN_IT, BESIDE}
    assert "“campaign:” does not know “paper”" in page.text
    assert "Less paper" not in page.text
    assert "Less paper" not in guest.page("/search?q=copier&campaign=1").text
    assert not offered(guest, "campaign:")
    assert not offered(guest, "camp")
    assert "campaign:" not in guest.page("/search/help").text
    assert "Did you mean" not in guest.page("/search?q=copier+campaign:papre").text


def test_while_the_module_is_off_there_is_no_such_filter(
    app: Flask, company: int, sign_in: SignIn
) -> None:
    switch(app)
    reader = sign_in()

    page = reader.page("/search?q=copier+campaign:paper")

    assert "“campaign:” is no filter" in page.text
    assert not offered(reader, "camp")
    assert "campaign:" not in reader.page("/search/help").text
    switch(app, "campaigns")
    assert found(reader, "copier campaign:paper") == {IN_IT}
