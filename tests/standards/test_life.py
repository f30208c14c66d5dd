"""Whatever is done to standards, in whatever order: one version is in force, clauses stay
themselves, and a confirmation is of what was read.

What is done is in `life/writing` and `life/confirming`, what stays true in `life/invariants`.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.standards.life.confirming import Confirming
from tests.standards.life.invariants import Invariants
from tests.standards.life.writing import Writing
from tests.support.forums import Prepared

FULL = bool(os.environ.get("FORUM_TEST_FULL"))


class Life(Writing, Confirming, Invariants):
    """Everything there is to do, and everything that has to stay true."""


def test_whatever_is_done_to_standards_they_can_be_trusted(prepared: Prepared) -> None:
    machine = type("Life", (Life,), {"prepared": prepared})
    try:
        run_state_machine_as_test(
            machine,
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
