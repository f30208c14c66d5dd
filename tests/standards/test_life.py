"""Whatever is done to standards, in whatever order: one version is in force, clauses stay
themselves, and a confirmation is of what was read.

What is done is in `life/writing` and `life/confirming`, what stays true in `life/invariants`.
"""

from __future__ import annotations

from tests.standards.life.confirming import Confirming
from tests.standards.life.invariants import Invariants
from tests.standards.life.writing import Writing
from tests.support.forums import Prepared
from tests.support.machines import run


class Life(Writing, Confirming, Invariants):
    """Everything there is to do, and everything that has to stay true."""


def test_whatever_is_done_to_standards_they_can_be_trusted(prepared: Prepared) -> None:
    run(Life, prepared)
