"""What a thread hangs on, told by the features above: may it be seen, may it be talked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forum.accounts.models import Person
from forum.core.errors import NotFound


def _open_to_all(_subject: Any) -> None:
    """Nothing keeps anybody from talking."""


def moderators(person: Person, _subject: Any) -> bool:
    """Nobody but moderators."""
    return person.moderates


@dataclass(frozen=True, slots=True)
class Subject:
    """How a kind of thing that holds a thread answers questions about itself.

    `speaks`: whose comments may be official updates; `leads`: who resolves others' questions.
    """

    load_visible: Callable[[Person, int], Any]
    may_comment: Callable[[Person, Any], bool]
    url: Callable[[Any], str]
    commented: Callable[[Any, int, Person], None]
    closed: Callable[[Any], object] = _open_to_all
    curates: Callable[[Person, Any], bool] = moderators
    speaks: Callable[[Person, Any], bool] = moderators
    leads: Callable[[Person, Any], bool] = moderators
    takes_sides: bool = False


SUBJECTS: dict[str, Subject] = {}
"""By kind: `idea`, `standard`. `commented(thing, change, by)` keeps its counters; `closed(thing)`
is a sentence saying why nobody may talk now, if so; `curates` is who moderates what is said."""


def sees(kind: str) -> Callable[[Person, int], bool]:
    """Whether a reader sees a thing of a kind, for the pictures its texts show."""

    def visible(reader: Person, subject_id: int) -> bool:
        try:
            SUBJECTS[kind].load_visible(reader, subject_id)
        except NotFound:
            return False
        return True

    return visible
