"""Wherever an idea is named with its stage, an added stage goes by its own name and colour."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas import votes
from forum.ideas.models import Idea
from forum.search.follower import catch_up
from tests.ideas.test_stages import add, move
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
NAME = "Collecting data"


@pytest.fixture
def idea(app: Flask, sign_in: SignIn) -> int:
    """An idea of a department in an added stage with a colour of its own."""
    add(app, hue=4)
    home = make.department(app, "Depot")
    number = make.idea(app, make.person(app, department=home), title="Pallets fall over")
    move(sign_in(make.moderator(app)), number, "collecting-data")
    return number


def test_the_pages_of_its_author_and_department(app: Flask, sign_in: SignIn, idea: int) -> None:
    with app.app_context():
        author = db.session.get_one(Idea, idea).author_id
        slug = db.session.execute(
            db.select(Person.department_id).where(Person.id == author)
        ).scalar_one()
    reader = sign_in()

    assert slug
    assert NAME in reader.get(f"/people/{author}").text
    assert "hue-4" in reader.get(f"/people/{author}").text


def test_home_tells_followers(app: Flask, sign_in: SignIn, idea: int) -> None:
    follower = make.person(app)
    with app.app_context():
        votes.follow(db.session.get_one(Person, follower), db.session.get_one(Idea, idea))
    again = sign_in(make.moderator(app))
    move(again, idea, "open")
    move(again, idea, "collecting-data")

    assert f"Now: {NAME}" in sign_in(follower).get("/").text


def test_a_hit_of_the_search(app: Flask, sign_in: SignIn, idea: int) -> None:
    catch_up(app)

    page = sign_in().page("/search?q=pallets")

    marks = [mark for mark in page.all("span") if "stage-open" in mark.get("class", "")]
    assert [mark.text.strip() for mark in marks] == [NAME]
    assert "hue-4" in marks[0]["class"]


def test_the_queue_of_moderators(app: Flask, sign_in: SignIn, idea: int) -> None:
    make.idea(app, title="In the first stage of its kind")

    page = sign_in(make.moderator(app)).page("/moderation?queue=new")

    rows = {row["data-idea"]: row.text for row in page.all("article", data_row=True)}
    assert NAME in rows[str(idea)]
    assert sum(NAME in text for text in rows.values()) == 1


def test_what_leads_to_the_idea_it_is_part_of(app: Flask, sign_in: SignIn, idea: int) -> None:
    child = make.idea(app, problem="The same.")
    make.merge(app, idea, child)

    assert NAME in sign_in().get(f"/ideas/{child}").text
