"""How far a moderator reaches: the whole company, or subtrees of its departments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model


class ModeratorScope(Model):
    """A department whose subtree a moderator is limited to; no rows are no limit."""

    __tablename__ = "moderator_scope"
    __table_args__: Any = (Index("ix_moderator_scope_department", "department_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
