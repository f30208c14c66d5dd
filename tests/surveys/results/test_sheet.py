"""The file of a wave is written once, and anew when anything in it is another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.surveys.models import ItemVersion, SurveyItem, WaveService
from forum.surveys.results.models import WaveFrame, WaveResult
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]
IN_ORDER = WaveResult.scope == "service"
CHANGES: dict[str, Any] = {
    "the name of a department": update(Department).values(name="Another"),
    "the name of a service": update(WaveService).values(name="Another"),
    "what an item is called by": update(SurveyItem)
    .where(SurveyItem.key == "quality")
    .values(key="another"),
    "the number of a wording": update(ItemVersion).values(number=ItemVersion.number + 7),
    "what was said": update(WaveResult).where(IN_ORDER).values(counts="0 1 2 3 4"),
    "what it was said of": update(WaveResult).where(IN_ORDER).values(one=WaveResult.one + 900),
    "to whom it was said": update(WaveResult)
    .where(WaveResult.scope == "pair")
    .values(other=WaveResult.one),
    "what kind of whole it is": update(WaveResult)
    .where(WaveResult.scope == "customer")
    .values(scope="service"),
    "a figure fewer": delete(WaveResult).where(WaveResult.scope == "all"),
    "of how many people it is": update(WaveResult).where(IN_ORDER).values(people=1),
    "the tree": delete(WaveFrame),
}


@pytest.mark.parametrize("changed", list(CHANGES))
def test_the_file_is_another_when_anything_in_it_is(
    app: Flask, sign_in: SignIn, spring: int, changed: str
) -> None:
    browser, address = sign_in(make.person(app)), f"/surveys/{spring}/results.csv"
    before = browser.get(address).text

    with app.app_context(), transaction():
        db.session.execute(CHANGES[changed])

    assert browser.get(address).text != before


def test_everybody_is_given_the_same_file(app: Flask, sign_in: SignIn, spring: int) -> None:
    address = f"/surveys/{spring}/results.csv"

    english, russian = sign_in(make.person(app)), sign_in(make.person(app, locale="ru"))

    assert english.get(address).data == russian.get(address).data


def test_two_waves_have_a_file_each(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    said = {company["help"]: {"quality": [5, 5, 5, 5, 5]}}
    autumn = waves.wave(app, said, title="Autumn")
    browser = sign_in(make.person(app))

    first, second, again = (
        browser.get(f"/surveys/{wave}/results.csv").text for wave in (spring, autumn, spring)
    )

    assert first == again != second
