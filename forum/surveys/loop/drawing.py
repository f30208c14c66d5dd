"""Drawing what a department said; once for the same words."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

KEPT = 1024
"""Drawn replies that a process keeps, of a few kilobytes each."""


@lru_cache(KEPT)
def drawn(
    department_id: int,
    words: tuple[str, str, str],
    ideas: tuple[tuple[int, str, str], ...],
    _locale: str,
) -> Markup:
    """What was heard, what will be done and what will not be, with the ideas that follow."""
    component: Any = current_app.jinja_env.get_template("surveys/loop/_said.html").module
    return Markup(component.said(department_id, *words, ideas))  # noqa: S704 - a template's output
