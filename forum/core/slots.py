"""Places on pages lower in the ladder that higher features fill, wired in `app.py`.

A panel's loader takes the reader and the page's objects at once (bulk), so a list costs the same
number of queries whatever its length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of a page: which template shows it, and what loads its data, object by id."""

    name: str
    template: str
    load: Callable[[Any, Sequence[Any]], dict[int, Any]]


_SLOTS: dict[str, list[Panel]] = {}


def fill(slot: str, panel: Panel) -> None:
    """Put a panel into a slot; the same name again replaces it."""
    panels = _SLOTS.setdefault(slot, [])
    panels[:] = [known for known in panels if known.name != panel.name] + [panel]


def load(slot: str, reader: Any, things: Sequence[Any]) -> dict[int, list[tuple[str, Any]]]:
    """For each thing's id, the (template, data) pairs that the slot's panels have for it."""
    shown: dict[int, list[tuple[str, Any]]] = {thing.id: [] for thing in things}
    for panel in _SLOTS.get(slot, ()):
        for thing_id, data in panel.load(reader, things).items():
            shown[thing_id].append((panel.template, data))
    return shown
