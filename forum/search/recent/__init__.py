"""What each person searched for lately: theirs alone, and only if they like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and the way to them from the settings."""
    from forum.core import slots
    from forum.search.recent.views import bp

    app.register_blueprint(bp)
    slots.fill("settings", slots.Panel("searches", "search/_in_settings.html", _link))


def _link(_reader: object, people: Sequence[Any]) -> dict[int, Any]:
    """A link needs nothing but its place. No query."""
    return {person.id: True for person in people}
