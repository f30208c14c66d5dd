"""What features above do when a department disappears or somebody leaves their seats.

The tree knows nothing of ideas and standards; they register here what must follow a merge, what
stands in the way of an archive, and which seats a person holds in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Follower:
    """A feature whose rows name departments. All but `open_things` run in the open write."""

    name: str
    open_things: Callable[[int], int]
    release: Callable[[int], None]
    move: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Seat:
    """Something a person holds and has to hand over: in words, and where to do it."""

    label: str
    url: str


_FOLLOWERS: dict[str, Follower] = {}
_SEATS: dict[str, Callable[[int], list[Seat]]] = {}


def follow(follower: Follower) -> None:
    """Register a feature; the same name again replaces it."""
    _FOLLOWERS[follower.name] = follower


def open_things(department_id: int) -> int:
    """How many answers and the like wait for a department. One query a feature."""
    return sum(each.open_things(department_id) for each in _FOLLOWERS.values())


def release(department_id: int) -> None:
    """Take back what waits for a department that will never answer, in the open write."""
    for each in _FOLLOWERS.values():
        each.release(department_id)


def move(old_id: int, new_id: int) -> None:
    """Hand everything from one department to another, in the open write."""
    for each in _FOLLOWERS.values():
        each.move(old_id, new_id)


def list_seats(feature: str, seats_of: Callable[[int], list[Seat]]) -> None:
    """Register what a feature knows of a person's seats."""
    _SEATS[feature] = seats_of


def seats_of(person_id: int) -> list[Seat]:
    """Everything somebody holds. One query a feature."""
    return [seat for find in _SEATS.values() for seat in find(person_id)]
