"""The company on a clock that stands still, built anew in an empty forum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.leaks.company import START, Company, Recipe


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still unless it is moved."""
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def build(app: Flask, prepared, clock: time_machine.Traveller) -> Callable[..., Company]:
    """`build(having=…)`: the company, in a forum that was empty."""

    def built(**wishes: Any) -> Company:
        prepared.reset()
        clock.move_to(START)
        return Recipe(app, clock, **wishes).build()

    return built
