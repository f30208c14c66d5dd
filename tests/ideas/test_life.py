"""Whatever is done to ideas, in whatever order: what the forum counts and tells stays true.

A machine does at random what people do, allowed or not, now and then two at the same moment. After
every step the rows have to agree with one another, and with what the machine itself remembers.
What is done is in `life/proposing`, `answering` and `moderating`, what stays true in
`life/invariants`.
"""

from __future__ import annotations

from tests.ideas.life.answering import Answering
from tests.ideas.life.invariants import Invariants
from tests.ideas.life.moderating import Moderating
from tests.ideas.life.proposing import Proposing
from tests.support.forums import Prepared
from tests.support.machines import run


class Life(Proposing, Answering, Moderating, Invariants):
    """Everything there is to do, and everything that has to stay true."""


def test_whatever_people_do_the_rows_agree(prepared: Prepared) -> None:
    run(Life, prepared)
