"""What a case can be made of: features register their kinds, as breaches of promises are here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from forum.accounts.models import Person
from forum.core.numbers import id_or_none


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a case begins with, without whoever reported it; `touches` as the form takes it."""

    title: str = ""
    month: date | None = None
    situation: str = ""
    happened: str = ""
    learned: str = ""
    departments: tuple[int, ...] = ()
    services: tuple[int, ...] = ()
    touches: str = ""


Find = Callable[[Person, int], Beginning | None]
"""What a thing with this id gives to a case, None where the reader may make none of it."""
_KINDS: dict[str, Find] = {}


def register(kind: str, find: Find) -> None:
    """Let cases be made of things of a kind; the same kind again replaces it."""
    _KINDS[kind] = find


def read(sent: str) -> tuple[str, int] | None:
    """The thing that `breach:7` names, if it can be one."""
    kind, _colon, number = sent.strip().partition(":")
    found = id_or_none(number)
    return (kind, found) if kind in _KINDS and found is not None else None


def beginning(reader: Person, sent: str) -> Beginning | None:
    """What the case begins with that somebody asks for. At most the queries of its kind."""
    named = read(sent)
    return _KINDS[named[0]](reader, named[1]) if named is not None else None
