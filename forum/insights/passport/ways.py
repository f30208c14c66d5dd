"""The way from a department to its passport, while the module is on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core.modules import is_on


def on_departments(_reader: Person, departments: Sequence[Any]) -> dict[int, str]:
    """Where each department's passport is. No query."""
    if not is_on("insights"):
        return {}
    return {each.id: f"/departments/{each.slug}/passport" for each in departments}
