"""The machine of `test_life` notices a forum that breaks a promise, each of these in turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ideas.test_life import Life
from tests.mutants.broken import Broken
from tests.support.forums import Prepared
from tests.support.machines import notices, tell

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
        "if not trashed.was_hidden:", "if trashed.was_hidden is not None:",
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


def a_story(life: Life) -> None:
    """A few steps that meet every promise, each looked at by all invariants."""
    first, second, third, fourth = life.company().values
    steps: list[Callable[[], object]] = [
        *(lambda person=person: life.support(first, person) for person in range(3)),
        lambda: life.follow(first, 4, on=True),
        lambda: life.comment(first, 5, None),
        lambda: life.merge(second, [first], 0),
        lambda: life.unmerge(0, 0),
        lambda: life.time_passes(third, 0, -3),
        lambda: life.review(fourth, 0, back=False),
        lambda: life.hide(first, 0, hidden=True),
        lambda: life.trash(first, 0),
        lambda: life.restore(first, 0),
    ]
    tell(life, steps)


@pytest.mark.parametrize("broken", [None, *BROKEN], ids=lambda broken: broken and broken.name)
def test_a_broken_promise_is_noticed(prepared: Prepared, broken: Broken | None) -> None:
    notices(Life, prepared, a_story, broken)
