"""Campaigns, their fields, the ideas in them and what those say in the fields."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class FieldKind(StrEnum):
    """What may be written in a field."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


class Campaign(Model):
    """A question that is open from one day to another, both included."""

    __tablename__ = "campaign"
    __table_args__ = (
        Index("ix_campaign_until", "ends_on", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    title: Mapped[str]
    lang: Mapped[str] = mapped_column(default="en")
    question_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)


class CampaignField(Model):
    """Something a campaign asks beside the idea itself; a choice has its options one a line."""

    __tablename__ = "campaign_field"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    label: Mapped[str]
    kind: Mapped[str]
    options: Mapped[str] = mapped_column(default="")
    required: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]


class CampaignIdea(Model):
    """An idea that was posted in a campaign."""

    __tablename__ = "campaign_idea"
    __table_args__ = (Index("ix_campaign_idea_campaign", "campaign_id", "idea_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))


class CampaignValue(Model):
    """What an idea says in a field."""

    __tablename__ = "campaign_value"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("campaign_field.id"), primary_key=True)
    value: Mapped[str]
