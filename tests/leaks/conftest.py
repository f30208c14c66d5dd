"""The company on a clock that stands still, built anew in an empty forum."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.leaks.company import START, Company, Recipe
from tests.support.forums import Prepared


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still unless it is moved."""
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


Kept = dict[str, tuple[str, Company, float]]


@pytest.fixture(scope="session")
def kept(prepared: Prepared) -> Kept:
    """By what was wished for: the name of the forum's copy, its company, the time on its clock."""
    assert prepared
    return {}


@pytest.fixture
def build(
    app: Flask, prepared: Prepared, clock: time_machine.Traveller, kept: Kept
) -> Callable[..., Company]:
    """`build(having=…)`: the company, in a forum that was empty; built once, then copied back."""

    def built(**wishes: Any) -> Company:
        wished = repr(sorted((name, list(value)) for name, value in wishes.items()))
        if wished in kept:
            name, company, now = kept[wished]
            prepared.bring_back(name)
            clock.move_to(now)
            return deepcopy(company)
        prepared.reset()
        clock.move_to(START)
        company, name = Recipe(app, clock, **wishes).build(), f"company{len(kept)}"
        prepared.keep(name)
        kept[wished] = name, deepcopy(company), time.time()
        return company

    return built
