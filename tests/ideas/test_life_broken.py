"""The machine of `test_life` notices a forum that breaks a promise, each of these in turn."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import forum
from tests.ideas.test_life import Life
from tests.mutants.live import mutate
from tests.support.forums import Prepared

ROOT = Path(forum.__file__).parent


class Broken(NamedTuple):
    """A line of the forum and what stands there instead."""

    name: str
    file: str
    line: str
    instead: str


BROKEN = (
    Broken(
        "a separation that loses votes", "ideas/merges/moving.py",
        ").where(*mine, MergedPerson.person_id.in_(people))",
        ").where(*mine, MergedPerson.person_id.in_(people[1:]))",
    ),
    Broken(
        "a merge that does not count", "ideas/merges/merging.py",
        "vote_count=merge.moved,", "vote_count=0,",
    ),
    Broken(
        "a ball that two hold", "ideas/turn.py",
        "(_slots(clock.overdue(today)), str(Holder.DEPARTMENT)),",
        "(_slots(clock.overdue(today)), str(Holder.MODERATORS)),",
    ),
    Broken(
        "news of what is out of sight", "notifications/reader.py",
        "concealed = [row for row in rows if row.id not in visible and not row.concealed]",
        "concealed: list[Notification] = []",
    ),
    Broken(
        "a trash that shows what was hidden", "moderation/trash.py",
        "if not was_hidden:", "if was_hidden is not None:",
    ),
    Broken(
        "a comment left behind", "ideas/merges/moving.py",
        "_run(update(Comment).where(there).values(thread_id=parent.thread_id))", "pass",
    ),
    Broken(
        "a step without its history", "ideas/stages.py",
        "from_kind=old,", "from_kind=to,",
    ),
)  # fmt: skip


@pytest.mark.full
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_promise_is_noticed(prepared: Prepared, broken: Broken) -> None:
    path = ROOT / broken.file
    source = path.read_text()
    assert source.count(broken.line) == 1
    mutated = source.replace(broken.line, broken.instead)
    machine = type("Life", (Life,), {"prepared": prepared})
    many = settings(
        max_examples=300,
        stateful_step_count=50,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    mutate(path, source, mutated)
    try:
        with pytest.raises(AssertionError):
            run_state_machine_as_test(machine, settings=many)
    finally:
        mutate(path, source, source)
        prepared.close()
