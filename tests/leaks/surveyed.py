"""A company with surveys in every state, and what becomes of answers that stay hidden in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

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
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company as asked
from tests.surveys import waves

SignIn = Callable[..., Browser]
MODULES = ("surveys", "map", "insights", "thanks", "training")
FIVE = [5, 4, 4, 3, 2, 1]


class Surveyed:
    """Surveys that were told, in part, not at all and not yet; and two who read."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self.app = app
        with app.app_context(), transaction():
            save_settings({"modules": list(MODULES), **asked.GENEROUS})
        self.top = make.department(app, "Works", slug="works")
        names = ("IT", "Stores", "Finance", "Sales")
        self.places = {
            name: make.department(app, name, slug=name.lower(), parent_id=self.top)
            for name in names
        }
        it, stores, finance, sales = self.places.values()
        self.laptops = asked.service(app, it, finance, "Laptops")
        self.phones = asked.service(app, it, sales, "Phones")
        self.desks = asked.service(app, stores, finance, "Desks")
        self.people = [make.person(app, department=sales) for _each in range(6)]
        self.representative = make.person(app, department=it)
        make.represent(app, self.representative, it)
        self.ended = ended = now() - timedelta(days=40)
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

    def count(self) -> None:
        """Let the jobs write down what follows from what is stored."""
        with self.app.app_context():
            for wave in keeping.reported():
                keeping.rebuild(wave)
            building.rebuild()
        follower.catch_up(self.app)

    def change(self, model: Any, wave: int, service: int, **values: Any) -> None:
        """Give somebody's answers or texts about a service another content."""
        here = (model.wave_id == wave, model.service_id == service)
        with self.app.app_context(), transaction():
            db.session.execute(update(model).where(*here).values(**values))


def hidden_is_changed(forum: Surveyed) -> None:
    """What is of too few, and what a survey that runs was told so far."""
    forum.change(SurveyAnswer, forum.alone, forum.phones, value=2)
    forum.change(SurveyText, forum.alone, forum.phones, body="canaryother")
    forum.change(SurveyText, forum.met, forum.phones, body="canaryother")
    forum.change(SurveyAnswer, forum.running, forum.phones, value=1)
    forum.change(SurveyText, forum.running, forum.phones, body="canaryother")


def answers_trade_places(forum: Surveyed) -> None:
    """Two unlike ones of services that are told together only."""
    with forum.app.app_context(), transaction():
        query = select(SurveyAnswer).where(SurveyAnswer.wave_id == forum.met)
        of = [
            list(db.session.scalars(query.where(SurveyAnswer.service_id == service)))
            for service in (forum.phones, forum.desks)
        ]
        one, other = next(
            (a, b) for a, b in product(*of) if a.version_id == b.version_id and a.value != b.value
        )
        one.value, other.value = other.value, one.value


def others_answer(forum: Surveyed) -> None:
    """Everybody who is asked by the survey that runs."""
    for person in forum.people[1:]:
        asked.say(forum.app, person, forum.running, forum.phones, words="canaryrunning")


def a_hidden_text_is_asked_about(forum: Surveyed) -> None:
    """As where the smallest number was raised after somebody had asked and was answered."""
    with forum.app.app_context(), transaction():
        query = select(SurveyText.key).where(SurveyText.wave_id == forum.alone)
        key = db.session.scalars(query).first()
        by = {"wave_id": forum.alone, "department_id": forum.places["IT"]}
        db.session.add(VoiceQuestion(key=key, body="canaryquestion", **by))
        db.session.flush()
        db.session.add(VoiceAnswer(key=key, body="canaryanswer"))


HIDDEN = (hidden_is_changed, answers_trade_places, others_answer, a_hidden_text_is_asked_about)
"""What may happen and be told nowhere."""
