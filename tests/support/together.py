"""Doing things at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")


def at_once(things: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run each in a thread of its own, released together; their results in order."""
    barrier = Barrier(len(things))

    def run(thing: Callable[[], Result]) -> Result:
        barrier.wait()
        return thing()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(run, things))
