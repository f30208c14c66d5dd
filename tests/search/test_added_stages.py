"""Ideas in a stage that a company added are found by it and by its kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.search.follower import catch_up
from tests.ideas.test_stages import add, move
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def reader(app: Flask, sign_in: SignIn) -> Browser:
    """Somebody who looks at two open ideas, one of them in an added stage."""
    add(app)
    make.idea(app, title="Pallets block the door")
    collecting = make.idea(app, title="Pallets fall over")
    move(sign_in(make.moderator(app)), collecting, "collecting-data")
    catch_up(app)
    return sign_in()


def found(reader: Browser, query: str) -> set[str]:
    hits = reader.json("/search", query_string={"q": query})["hits"]
    return {hit["title"] for hit in hits}


def test_a_kind_finds_all_its_stages_and_a_stage_itself(reader: Browser) -> None:
    both = {"Pallets block the door", "Pallets fall over"}

    assert found(reader, "pallets stage:open") == both
    assert found(reader, "pallets stage:collecting-data") == {"Pallets fall over"}
    assert found(reader, "pallets stage:сбор-данных") == {"Pallets fall over"}
    assert found(reader, "pallets -stage:collecting-data") == {"Pallets block the door"}


def test_the_facet_counts_kinds_whole_and_added_stages_beside_them(reader: Browser) -> None:
    facets = reader.json("/search", query_string={"q": "pallets"})["facets"]["stage"]

    assert {one["value"]: (one["label"], one["count"]) for one in facets} == {
        "open": ("Open", 2),
        "collecting-data": ("Collecting data", 1),
    }


def test_an_added_stage_is_offered_while_one_types(reader: Browser) -> None:
    answer = reader.get(
        "/search/suggest?filters=1&q=stage:coll", headers={"Accept": "application/json"}
    )

    assert "collecting-data" in answer.text
