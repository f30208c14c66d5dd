"""What this process has drawn of the map, kept until a service changes.

Counting thousands of services and drawing hundreds of cells costs ten times what showing them does.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import func, select

from forum.core.db import db
from forum.departments.models import Service, ServiceChange

NAME = "forum.map"
Part = TypeVar("Part")
MOST = 64
"""Parts of the map that a process keeps, of some ten kilobytes each."""


class Memory:
    """The parts used last, by all that they follow from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: OrderedDict[Hashable, Any] = OrderedDict()

    def part(self, key: Hashable, make: Callable[[], Part]) -> Part:
        """A part as it was made, or made now."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                found: Part = self._parts[key]
                return found
        made = make()
        with self._lock:
            self._parts[key] = made
            while len(self._parts) > MOST:
                self._parts.popitem(last=False)
        return made

    def forget(self) -> None:
        """Drop all of it."""
        with self._lock:
            self._parts.clear()


def install(app: Flask) -> None:
    """Give this process a memory."""
    memory = app.extensions[NAME] = Memory()
    app.extensions.setdefault("forum.forget", []).append(memory.forget)


def kept(key: Hashable, make: Callable[[], Part]) -> Part:
    """A part of the map by all that it follows from, made once."""
    memory: Memory = current_app.extensions[NAME]
    return memory.part(key, make)


def mark() -> tuple[int, ...]:
    """What is another whenever a service is. One query."""
    newest = select(func.max(ServiceChange.id)).scalar_subquery()
    figures = (func.count(), func.max(Service.id), func.sum(Service.revision), newest)
    return tuple(number or 0 for number in db.session.execute(select(*figures)).one())
