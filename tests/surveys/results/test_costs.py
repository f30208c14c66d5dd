"""Pages of surveys ask the database as often for five years of a large company as for one survey of
a small one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.core.texts import Text
from forum.ideas.models import Idea
from forum.standards.models import Standard
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.models import SurveyItem
from tests.standards.standards import in_force
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening
from tests.surveys import waves

SignIn = Callable[..., Browser]
MODULES = ["surveys", "map", "insights", "training", "thanks"]
FEW, MANY = 2, 7
GOOD, BAD = [5, 4, 4, 3, 5, 4], [1, 2, 2, 1, 3, 2]


class Filled(NamedTuple):
    """A company where there is so much of everything."""

    browser: Browser
    moderator: Browser
    wave: int
    running: int
    idea: int
    service: int
    sides: tuple[int, int]
    top: int

    @property
    def results(self) -> str:
        """Where the newest results are."""
        return f"/surveys/{self.wave}/results"


@pytest.fixture
def fill(app: Flask, sign_in: SignIn) -> Callable[[int], Filled]:
    """Makes a company with so many customers of IT, waves, replies and changes."""

    def filled(count: int) -> Filled:
        with app.app_context(), transaction():
            save_settings({"modules": MODULES})
        top = make.department(app, "Works", slug="works")
        it = make.department(app, "IT", slug="it", parent_id=top)
        customers = [make.department(app, f"Desk {n}", parent_id=top) for n in range(count)]
        services = [waves.service(app, it, each, f"Help {each}") for each in customers]
        boris = make.person(app, name="Boris", department=customers[0])
        make.represent(app, boris, it)
        ideas = [make.idea(app, departments=[it]) for _each in range(count)]
        told = [_wave(app, services, count - n) for n in range(count)]
        _replied(app, told[:-1], ideas)
        _changed(app, services, ideas, told[0])
        running = [waves.running(app, services, asks=[boris]) for _each in range(count)]
        browsers = sign_in(boris), sign_in(make.moderator(app))
        return Filled(
            *(*browsers, told[-1], running[-1], ideas[0], services[0]), (it, customers[0]), top
        )

    return filled


def _wave(app: Flask, services: list[int], ago: int) -> int:
    said = {each: {"quality": GOOD, "result": BAD, "recommend": GOOD} for each in services}
    texts = {each: ["Quick", "Kind", "Slow", "Late", "Good"] for each in services}
    return waves.wave(app, said, texts=texts, closed_at=now() - timedelta(days=90 * ago - 80))


def _replied(app: Flask, told: list[int], ideas: list[int]) -> None:
    """To all waves but the newest, each with all ideas."""
    with app.app_context(), transaction():
        where = Reply.wave_id.in_(told)
        words = db.session.scalars(select(Text.id)).first()
        said = {"heard_id": words, "will_id": words, "at": now()}
        db.session.execute(update(Reply).where(where).values(**said))
        for reply in db.session.scalars(select(Reply.id).where(where)).all():
            db.session.add_all(ReplyIdea(reply_id=reply, idea_id=each) for each in ideas)


def _changed(app: Flask, services: list[int], ideas: list[int], baseline: int) -> None:
    """Ideas that promised to move every service, measured twice by waves after each."""
    number = in_force(app)
    with app.app_context(), transaction():
        standard = db.session.scalars(select(Standard.id).where(Standard.number == number)).one()
        item = db.session.scalars(select(SurveyItem.id).where(SurveyItem.key == "quality")).one()
        for idea in ideas:
            measure = {"standard_id": standard, "since": date(2026, 1, 1)}
            db.session.add(IdeaMeasure(idea_id=idea, **measure))
            of_it = {"idea_id": idea, "item_id": item, "baseline_id": baseline}
            for each in services[:5]:
                db.session.add(IdeaPromise(**of_it, service_id=each))
        accepted = update(Idea).where(Idea.id.in_(ideas))
        db.session.execute(accepted.values(stage_kind="accepted"))
    for idea in ideas:
        said = {each: {"quality": BAD} for each in services[:5]}
        fields = {"purpose": "after", "idea_id": idea, "baseline_id": baseline}
        for ago in range(1, min(len(ideas), 2) + 1):
            waves.wave(app, said, closed_at=now() - timedelta(days=ago), **fields)


def spent(app: Flask, browser: Browser, address: str) -> int:
    """The queries of a page that was looked at before."""
    assert browser.get(address).status_code == 200, address
    with listening(app) as statements:
        browser.get(address)
    return len(statements)


@pytest.mark.parametrize("count", [FEW, MANY])
def test_pages_cost_the_same_however_much_was_asked(
    app: Flask, fill: Callable[[int], Filled], count: int
) -> None:
    filled = fill(count)
    serves, served = filled.sides
    pages = {
        "/surveys": 3,
        f"/surveys/{filled.wave}": 7,
        f"/surveys/{filled.running}/answer": 7,
        filled.results: 6,
        f"{filled.results}/service/{filled.service}": 6,
        f"{filled.results}/provider/{serves}": 6,
        f"{filled.results}/customer/{served}": 4,
        f"{filled.results}/tree/{filled.top}": 4,
        f"{filled.results}.csv": 4,
        f"/surveys/{filled.wave}/replies/{serves}": 6,
        "/surveys/changes": 3,
        f"/ideas/{filled.idea}": 11,
        "/map": 3,
        "/map/it": 5,
        f"/map/services/{filled.service}": 11,
        "/": 12,
    }

    assert {address: spent(app, filled.browser, address) for address in pages} == pages


@pytest.mark.parametrize("count", [FEW, MANY])
def test_planning_costs_the_same_however_much_there_is(
    app: Flask, fill: Callable[[int], Filled], count: int
) -> None:
    filled = fill(count)
    pages = {
        f"/surveys/{filled.running}": 7,
        "/surveys/new": 2,
        f"/ideas/{filled.idea}/promises": 5,
    }

    assert {address: spent(app, filled.moderator, address) for address in pages} == pages


@pytest.mark.only_on("postgresql")
def test_what_was_drawn_is_known_again_when_the_database_plans_its_queries_anew(
    app: Flask, fill: Callable[[int], Filled]
) -> None:
    filled = fill(FEW)
    page = f"/ideas/{filled.idea}"
    before = spent(app, filled.browser, page)

    with app.app_context():
        engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("ANALYZE"))
    with listening(app) as statements:
        filled.browser.get(page)

    assert len(statements) == before
