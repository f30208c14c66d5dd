"""Departments that must stay open until a write that names them is done."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from forum.core.db import db
from forum.departments.models import Department


def hold_open(ids: Collection[int], *, alone: bool = False) -> frozenset[int]:
    """Those of the departments that are not archived, kept so until the open write ends.

    Who archives or merges one of them waits, or is seen here; `alone`, whoever else holds them
    waits too. One query, none for no departments.
    """
    if not ids:
        return frozenset()
    query = (
        select(Department.id)
        .where(Department.id.in_(list(ids)), Department.archived_at.is_(None))
        .order_by(Department.id)
        .with_for_update(read=not alone, key_share=alone)
    )
    return frozenset(db.session.scalars(query))
