"""The chips above a list: each asks one question, each of its options is an address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol


class View(Protocol):
    """What a list's address asks for."""

    def query(self, **changes: Any) -> str:
        """The address with some of it changed."""


def chip(
    name: str, label: str, wanted: View, options: Iterable[tuple[str, str]], *, resting: str = ""
) -> dict[str, Any]:
    """A chip for `wanted.<name>` with `(value, words)` options; none is chosen at `resting`."""
    chosen = getattr(wanted, name)
    shown = [
        {"label": words, "url": wanted.query(**{name: value}), "selected": value == chosen}
        for value, words in options
    ]
    return {
        "name": name,
        "label": label,
        "options": shown,
        "value": next((option["label"] for option in shown if option["selected"]), ""),
        "without": "" if chosen == resting else wanted.query(**{name: ""}),
    }
