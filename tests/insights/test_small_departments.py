"""Departments of few people: no figure, file or list counts what one of them wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given, settings

from forum.core.db import transaction
from forum.core.site import save_settings
from forum.insights.figures import building
from forum.insights.figures.hiding import K, large_branches
from forum.insights.figures.models import WHOLE
from tests.insights.test_hiding import companies, derivable, groups
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=UTC)
WRITTEN = ("ideas", "decisions", "carried-out", "processing-time", "stages", "gains")


@pytest.fixture(autouse=True)
def in_november(app: Flask) -> Any:
    with time_machine.travel(NOVEMBER, tick=False):
        with app.app_context(), transaction():
            save_settings({"modules": ["insights"], "holidays": ""})
        yield


def company(app: Flask, **sizes: int) -> dict[str, list[int]]:
    """Departments below one at the top, each with so many people, of whom each posts an idea; all
    is counted."""
    top = make.department(app, slug="top")
    people = {}
    for slug, size in sizes.items():
        place = top if slug == "head" else make.department(app, slug=slug, parent_id=top)
        people[slug] = [make.person(app, department=place) for _n in range(size)]
        for person in people[slug]:
            make.decide(app, make.idea(app, person, title=f"Of {slug}"), "decline")
    with app.app_context():
        building.rebuild()
    return people


def told(browser: Browser, slug: str) -> dict[str, str]:
    """What each figure of a branch says for the month, and its file."""
    asked = f"?period=2026-11&department={slug}"
    page = Document(browser.get(f"/insights{asked}").text)
    figures = {
        each["data-figure"]: " ".join(each.text.split())
        for each in page.all("section", data_figure=True)
    }
    found = {name: browser.get(f"/insights/figures/{name}.csv{asked}") for name in WRITTEN}
    files = {name: file.text if file.status_code == 200 else "" for name, file in found.items()}
    return {name: figures.get(name, "") + files[name] for name in WRITTEN}


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_what_fewer_than_five_people_wrote_is_not_counted_apart(
    app: Flask, sign_in: SignIn, size: int
) -> None:
    company(app, small=size, large=9)
    first, second = sign_in(), sign_in(make.moderator(app))

    said = told(first, "small")

    for name in WRITTEN:
        assert ("Too few people" in said[name]) == (size < K), name
    assert ("2026-11,5" in said["ideas"]) == (size >= K)
    assert said == told(second, "small")
    rows = first.get("/insights/rows/ideas?period=2026-11&department=small").text
    assert ("Of small" in rows) == (size >= K)


def test_nor_is_it_by_taking_away_what_lies_beside_it(app: Flask, sign_in: SignIn) -> None:
    people = company(app, small=2, large=9, other=6)
    browser = sign_in(people["large"][0])

    shown = [
        slug for slug in ("top", "large", "other") if "Too few" not in told(browser, slug)["ideas"]
    ]

    assert len(shown) == 2


def test_nor_what_its_head_wrote(app: Flask, sign_in: SignIn) -> None:
    people = company(app, head=1, large=9)

    said = {slug: told(sign_in(people["large"][0]), slug)["ideas"] for slug in ("top", "large")}

    assert "Too few" in said["top"] or "Too few" in said["large"]


def test_what_a_small_department_was_asked_is_told_since_it_is_its_duty(
    app: Flask, sign_in: SignIn
) -> None:
    place, representative = make.represented(app, "Small")
    idea = make.idea(app, departments=[place])
    make.answer(app, idea, place, representative, "helps")
    with app.app_context():
        building.rebuild()

    page = sign_in().get("/insights?period=2026-11&department=small").text

    assert "1 in time" in page


@settings(max_examples=150, deadline=None)
@given(companies())
def test_no_group_of_fewer_than_five_follows_from_the_branches_that_are_told(
    company: tuple[dict[int, list[int]], list[tuple[int, str]]],
) -> None:
    children, people = company
    own: dict[int, int] = {}
    for place, _did in people:
        own[place] = own.get(place, 0) + 1

    shown = large_branches(own, children, WHOLE)

    members = groups(children, people)
    told = [members[branch] for branch in {*shown, WHOLE} if len(people) >= K]
    for group in derivable(told) if told else ():
        assert len(group) >= K
