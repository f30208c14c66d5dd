"""Holding a standard while something is written about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from forum.core.db import db
from forum.core.errors import Conflict
from forum.standards.models import Standard, VersionState


def hold_in_force(standard: Standard, refusal: Any) -> None:
    """Hold the row in the open write, so that one writes after the other, and read it anew.

    Its lock stays: who writes the next version has not been overtaken. Conflict, in the words of
    the refusal, where the standard is in force no more.
    """
    held = db.session.execute(
        update(Standard)
        .where(Standard.id == standard.id, Standard.state == VersionState.IN_FORCE)
        .values(lock=Standard.lock)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Conflict(refusal)
    db.session.refresh(standard)
