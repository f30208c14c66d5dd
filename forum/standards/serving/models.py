"""Rows of services that have a standard of their own."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model
from forum.standards.models import Standard


class ServiceStandard(Model):
    """The standard that a service goes by. One without a row goes by the general one."""

    __tablename__ = "standard_service"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    standard_id: Mapped[int] = mapped_column(ForeignKey(Standard.id), index=True)
