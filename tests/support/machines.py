"""Machines that do at random what people do, and stories told to them step by step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.mutants.broken import Broken, broken_by
from tests.support.forums import Prepared

FULL = bool(os.environ.get("FORUM_TEST_FULL"))


def run(machine: type[Any], prepared: Prepared) -> None:
    """Short walks that are the same every day; long ones, always others, in the full run."""
    try:
        run_state_machine_as_test(
            type(machine.__name__, (machine,), {"prepared": prepared}),
            settings=settings(
                max_examples=100 if FULL else 6,
                derandomize=not FULL,
                stateful_step_count=50 if FULL else 30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        prepared.close()


def tell(life: Any, steps: Iterable[Callable[[], object]]) -> None:
    """Take these steps; after each of them everything that has to stay true is looked at."""
    for step in steps:
        step()
        for invariant in life.invariants:
            invariant.function(life)


def notices(
    machine: type[Any], prepared: Prepared, story: Callable[[Any], None], broken: Broken | None
) -> None:
    """The story is told to its end, or stops where a forum broken like this is noticed."""
    life = type(machine.__name__, (machine,), {"prepared": prepared})()
    try:
        if broken is None:
            story(life)
            return
        with broken_by(broken), pytest.raises(AssertionError):
            story(life)
    finally:
        life.teardown()
        prepared.close()
