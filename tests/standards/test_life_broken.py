"""The machine of `test_life` notices a forum that breaks a promise, each of these in turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mutants.broken import Broken
from tests.standards.life.texts import Edit
from tests.standards.test_life import Life
from tests.support.forums import Prepared
from tests.support.machines import notices, tell

BROKEN = (
    Broken(
        "a material change that keeps confirmations", "standards/confirming/carrying.py",
        "before = _in_force(standard) if draft.minor else None", "before = _in_force(standard)",
    ),
    Broken(
        "a minor change that forgets them", "standards/confirming/carrying.py",
        ").where(Acknowledgement.version_id == before.id)",
        ").where(Acknowledgement.version_id == draft.id)",
    ),
    Broken(
        "a version that never went out of force", "standards/actions.py",
        ".values(state=VersionState.SUPERSEDED, superseded_at=at)",
        ".values(state=VersionState.SUPERSEDED, superseded_at=None)",
    ),
    Broken(
        "a day that has the text of the day before", "standards/queries.py",
        "midnight = datetime.combine(day + timedelta(days=1), time(),",
        "midnight = datetime.combine(day, time(),",
    ),
    Broken(
        "clauses that change places", "standards/clauses/keeping.py",
        '"clause_id": ids[place],', '"clause_id": ids[-1 - place],',
    ),
    Broken(
        "an event that knows another text", "standards/actions.py",
        "text=text.digest,", "text=text.digest[::-1],",
    ),
    Broken(
        "a report of people who have left", "standards/confirming/audience.py",
        "person.deactivated_at.is_(None),", "person.id.is_not(None),",
    ),
    Broken(
        "a version that comes whenever somebody looks", "standards/approvals/coming.py",
        "put_in_force(by, standard, version, text, at=at)",
        "put_in_force(by, standard, version, text, at=datetime.now(at.tzinfo))",
    ),
)  # fmt: skip


def a_story(life: Life) -> None:
    """A few steps that meet every promise, each looked at by all invariants."""
    edits = [Edit("rename", 0, 0), Edit("move", 0, 2), Edit("copy", 1, 0)]
    which = life.one_is_in_force_from_the_beginning()
    steps: list[Callable[[], object]] = [
        *(lambda who=who: life.confirm(which, who, on_paper=False) for who in range(3, 6)),
        lambda: life.time_passes(30, joins=0, leaves=4),
        lambda: life.write(which, [], {0, 1}, minor=True, held=True, put_in_force=True),
        lambda: life.time_passes(30, joins=None, leaves=None),
        lambda: life.write(which, edits, {0, 1}, minor=False, held=True, put_in_force=True),
        lambda: life.write(which, [], {0, 1}, minor=True, held=True, put_in_force=False),
        lambda: life.publish_for_a_day(which, 1),
        lambda: life.time_passes(40, joins=None, leaves=None),
    ]
    tell(life, steps)


@pytest.mark.parametrize("broken", [None, *BROKEN], ids=lambda broken: broken and broken.name)
def test_a_broken_promise_is_noticed(prepared: Prepared, broken: Broken | None) -> None:
    notices(Life, prepared, a_story, broken)
