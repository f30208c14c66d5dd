"""What may not be told of surveys is told on no page, to nobody, at no moment: whatever changes in
answers and texts that stay hidden, every surface reads as before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.insights.figures import building
from forum.search import follower
from forum.surveys.models import SurveyAnswer, SurveyText
from forum.surveys.relay.models import VoiceAnswer, VoiceQuestion
from forum.surveys.results import keeping
from tests.leaks.told import MISSING, address, lines_of, readable, told
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company as asked
from tests.surveys import waves

SignIn = Callable[..., Browser]
ABOUT = re.compile(
    r"^/($|surveys|map|insights|departments|search|settings/data|notifications|people)"
)
"""Where surveys are told, or might be: the rest knows nothing of them."""
ON_PAPER = re.compile(r"\.pdf$|/qr$|/poster$")
"""Slow, and of the figures of the page beside it."""
MODULES = ("surveys", "map", "insights", "thanks", "training")
FIVE = [5, 4, 4, 3, 2, 1]
QUESTIONS = {
    "/search": ("q=canary", "q=Laptops", "q=canary*&kind=comment"),
    "/search/suggest": ("q=can",),
    "/map": ("as-of=2026-03-01",),
    "/notifications": ("unread=1",),
}


class Surfaces:
    """A company with surveys in every state, and all that its people are told."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self.app = app
        with app.app_context(), transaction():
            save_settings({"modules": list(MODULES), **asked.GENEROUS})
        self.top = make.department(app, "Works")
        names = ("IT", "Stores", "Finance", "Sales")
        self.places = {name: make.department(app, name, parent_id=self.top) for name in names}
        it, stores, finance, sales = self.places.values()
        self.laptops = asked.service(app, it, finance, "Laptops")
        self.phones = asked.service(app, it, sales, "Phones")
        self.desks = asked.service(app, stores, finance, "Desks")
        self.people = [make.person(app, department=sales) for _each in range(6)]
        self.representative = make.person(app, department=it)
        make.represent(app, self.representative, it)
        ended = now() - timedelta(days=40)
        # The laptops are told; phones and desks meet at the top.
        self.met = waves.wave(
            app,
            {
                self.laptops: {"quality": FIVE},
                self.phones: {"quality": [5, 1, 2]},
                self.desks: {"quality": [3, 4, 5]},
            },
            texts={self.laptops: [f"Word {n}" for n in range(5)], self.phones: ["canaryfew"] * 2},
            closed_at=ended,
            title="Met",
        )
        # Of the phones nothing is told anywhere.
        self.alone = waves.wave(
            app,
            {self.laptops: {"quality": FIVE}, self.phones: {"quality": [5, 1]}},
            texts={self.phones: ["canaryalone"] * 4},
            closed_at=ended + timedelta(days=20),
            title="Alone",
        )
        self.running = asked.running(app, [self.phones], title="Running")
        asked.say(app, self.people[0], self.running, self.phones, words="canaryrunning")
        readers = {
            "representative": self.representative,
            "admin": make.admin(app, department=finance),
        }
        self.browsers = {name: sign_in(person) for name, person in readers.items()}
        self.seen()  # what is marked as seen by looking is marked

    def addresses(self) -> Iterator[str]:
        """Every page that is read, of everything there is."""
        services = [self.laptops, self.phones, self.desks]
        there: dict[str, list[Any]] = {
            "wave_id": [self.met, self.alone, self.running],
            "service_id": services,
            "department_id": [*self.places.values()],
            "slug": [name.lower() for name in self.places],
            "scope": ["service", "provider", "customer", "tree"],
            "one": [*services, *self.places.values(), self.top, 0],
            "person_id": self.people[:1],
        }
        for rule in readable(self.app):
            if not ABOUT.match(rule.rule) or ON_PAPER.search(rule.rule):
                continue
            names = sorted(rule.arguments)
            for chosen in product(*(there.get(name) or [MISSING[name]] for name in names)):
                yield address(rule, dict(zip(names, chosen, strict=True)))
            yield from (f"{rule.rule}?{each}" for each in QUESTIONS.get(rule.rule, ()))

    def seen(self) -> dict[str, list[str]]:
        """Everything that everybody is told now, by who reads and where."""
        with self.app.app_context():
            for wave in keeping.reported():
                keeping.rebuild(wave)
            building.rebuild()
        follower.catch_up(self.app)
        return {
            f"{who} {place}": lines_of(told(browser.client.get(place)))
            for who, browser in self.browsers.items()
            for place in self.addresses()
        }

    def change(self, model: Any, wave: int, service: int, **values: Any) -> None:
        """Give somebody's answers or texts about a service another content."""
        here = (model.wave_id == wave, model.service_id == service)
        with self.app.app_context(), transaction():
            db.session.execute(update(model).where(*here).values(**values))


@pytest.fixture
def forum(app: Flask, sign_in: SignIn) -> Iterator[Surfaces]:
    with time_machine.travel(now().replace(hour=10), tick=False):
        yield Surfaces(app, sign_in)


def hidden_is_changed(forum: Surfaces) -> None:
    """What is of too few, and what a survey that runs was told so far."""
    forum.change(SurveyAnswer, forum.alone, forum.phones, value=2)
    forum.change(SurveyText, forum.alone, forum.phones, body="canaryother")
    forum.change(SurveyText, forum.met, forum.phones, body="canaryother")
    forum.change(SurveyAnswer, forum.running, forum.phones, value=1)
    forum.change(SurveyText, forum.running, forum.phones, body="canaryother")


def answers_trade_places(forum: Surfaces) -> None:
    """Two unlike ones of services that are told together only."""
    with forum.app.app_context(), transaction():
        here = SurveyAnswer.wave_id == forum.met
        of = {forum.phones: (1, 5), forum.desks: (5, 1)}
        for service, (was, becomes) in of.items():
            which = (here, SurveyAnswer.service_id == service, SurveyAnswer.value == was)
            key = db.session.scalars(select(SurveyAnswer.key).where(*which)).first()
            one = update(SurveyAnswer).where(SurveyAnswer.key == key)
            db.session.execute(one.values(value=becomes))


def others_answer(forum: Surfaces) -> None:
    """Everybody who is asked by the survey that runs."""
    for person in forum.people[1:]:
        asked.say(forum.app, person, forum.running, forum.phones, words="canaryrunning")


def a_hidden_text_is_asked_about(forum: Surfaces) -> None:
    """As where the smallest number was raised after somebody had asked and was answered."""
    with forum.app.app_context(), transaction():
        query = select(SurveyText.key).where(SurveyText.wave_id == forum.alone)
        key = db.session.scalars(query).first()
        by = {"wave_id": forum.alone, "department_id": forum.places["IT"]}
        db.session.add(VoiceQuestion(key=key, body="canaryquestion", **by))
        db.session.flush()
        db.session.add(VoiceAnswer(key=key, body="canaryanswer"))


def test_nothing_that_is_hidden_changes_a_word_of_what_anybody_is_told(forum: Surfaces) -> None:
    before = forum.seen()
    assert sum(len(lines) > 5 for lines in before.values()) > 100
    read = {where: said for where, said in before.items() if "/search" not in where}
    assert "canary" not in str(read)

    for change in (
        hidden_is_changed,
        answers_trade_places,
        others_answer,
        a_hidden_text_is_asked_about,
    ):
        change(forum)
    assert forum.seen() == before

    forum.change(SurveyAnswer, forum.met, forum.laptops, value=3)
    page = forum.browsers["admin"].client.get(f"/surveys/{forum.met}/results").text
    with forum.app.app_context():
        keeping.rebuild(forum.met)
    told_now = forum.browsers["admin"].client.get(f"/surveys/{forum.met}/results").text
    assert page != told_now, "what is told is looked at"
    with forum.app.app_context(), transaction():
        save_settings({"survey_k": 9})
    raised = forum.seen()
    forum.change(SurveyAnswer, forum.met, forum.laptops, value=2)
    forum.change(SurveyText, forum.met, forum.laptops, body="canaryother")
    assert forum.seen() == raised
