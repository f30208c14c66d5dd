"""The company's tree that a wave's figures are made by."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db
from forum.departments.models import Department
from forum.surveys.results.models import WaveFrame
from forum.surveys.rows import add_missing


def tree_of(wave_id: int) -> dict[int, int | None]:
    """What each department belonged to when a wave opened. One query."""
    query = select(WaveFrame.department_id, WaveFrame.parent_id)
    rows = db.session.execute(query.where(WaveFrame.wave_id == wave_id))
    return {row[0]: row[1] for row in rows}


def keep_tree(wave_id: int) -> None:
    """Keep the tree of now, in the open write; a tree that is kept stays, whole as it is. Two
    queries."""
    kept = select(WaveFrame.wave_id).where(WaveFrame.wave_id == wave_id).limit(1)
    if db.session.scalar(kept) is not None:
        return
    tree = db.session.execute(select(Department.id, Department.parent_id)).all()
    rows = [{"wave_id": wave_id, "department_id": row[0], "parent_id": row[1]} for row in tree]
    add_missing(WaveFrame, rows)
