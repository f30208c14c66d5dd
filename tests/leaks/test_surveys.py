"""What may not be told of surveys is told on no page, to nobody, at no moment: whatever changes in
answers and texts that stay hidden, every surface reads as before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import transaction
from forum.core.site import save_settings
from forum.surveys.models import SurveyAnswer, SurveyText
from forum.surveys.results import keeping
from tests.leaks.surveyed import HIDDEN, SignIn, Surveyed
from tests.leaks.told import MISSING, address, lines_of, readable, told

ABOUT = re.compile(
    r"^/($|surveys|map|insights|departments|search|settings/data|notifications|people)"
)
"""Where surveys are told, or might be: the rest knows nothing of them."""
ON_PAPER = re.compile(r"\.pdf$|/qr$|/poster$")
"""Slow, and of the figures of the page beside it; they are read in `test_surveys_elsewhere`."""
QUESTIONS = {
    "/search": ("q=canary", "q=Laptops", "q=canary*&kind=comment"),
    "/search/suggest": ("q=can",),
    "/map": ("as-of=2026-03-01",),
    "/notifications": ("unread=1",),
}


class Surfaces(Surveyed):
    """The company, and all that its people are told."""

    def addresses(self) -> Iterator[str]:
        """Every page that is read, of everything there is."""
        services = [self.laptops, self.phones, self.desks]
        there: dict[str, list[Any]] = {
            "wave_id": [self.met, self.alone, self.running],
            "service_id": services,
            "department_id": [*self.places.values()],
            "slug": [name.lower() for name in ("Works", *self.places)],
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
        self.count()
        return {
            f"{who} {place}": lines_of(told(browser.client.get(place)))
            for who, browser in self.browsers.items()
            for place in self.addresses()
        }


@pytest.fixture
def forum(app: Flask, sign_in: SignIn) -> Iterator[Surfaces]:
    with time_machine.travel(now().replace(hour=10), tick=False):
        company = Surfaces(app, sign_in)
        company.seen()  # what is marked as seen by looking is marked
        yield company


def test_nothing_that_is_hidden_changes_a_word_of_what_anybody_is_told(forum: Surfaces) -> None:
    before = forum.seen()
    assert sum(len(lines) > 5 for lines in before.values()) > 100
    read = {where: said for where, said in before.items() if "/search" not in where}
    assert "canary" not in str(read)
    passport = "".join(before["representative /departments/it/passport"])
    assert "Laptops" in passport, "departments are looked at"

    for change in HIDDEN:
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
