"""Changing the site's settings: one write, one privileged event, seen by every worker at once."""

from __future__ import annotations

from typing import Any

from forum.accounts import facts
from forum.accounts.models import Person
from forum.admin import logo
from forum.core.access import require
from forum.core.db import transaction
from forum.core.events import record
from forum.core.site import locked_names, save_settings, site


def save(admin: Person, changes: dict[str, Any]) -> None:
    """Write what differs; what the environment has locked is left out."""
    require(admin.administers)
    with transaction():
        _write(admin, _real(changes))


def save_with_logo(admin: Person, changes: dict[str, Any], png: bytes | None) -> None:
    """Write what differs, with a new logo, or none for None."""
    require(admin.administers)
    with transaction():
        if png is None:
            logo.remove()
        key = logo.store(png) if png is not None else ""
        _write(admin, {**_real(changes), "logo_key": key})


def _real(changes: dict[str, Any]) -> dict[str, Any]:
    current, locked = site(), locked_names()
    return {
        name: value
        for name, value in changes.items()
        if name not in locked and value != getattr(current, name)
    }


def _write(admin: Person, changes: dict[str, Any]) -> None:
    if changes:
        save_settings(changes)
        record(facts.SETTINGS_CHANGED, by=admin, about=("site", 0), names=sorted(changes))
