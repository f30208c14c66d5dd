"""What was counted, by the company's months and quarters. Nothing here names a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import JsonDict, Model

WHOLE = 0
"""Stands for the whole company where a row names a department."""


class InsightMonth(Model):
    """Everything counted of a branch in a month: `counts[figure][bucket]` is a number.

    A branch is a department with all below it. The row of a month without anything is not there.
    """

    __tablename__ = "insight_month"
    __table_args__: Any = {}

    department_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[JsonDict]


class InsightShare(Model):
    """How many people of a branch took part in a quarter that is over; only what may be told.

    Written once and never again: a figure that moved by one would tell of one person.
    """

    __tablename__ = "insight_share"
    __table_args__: Any = {}

    department_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    quarter: Mapped[date] = mapped_column(primary_key=True)
    took_part: Mapped[int]
    people: Mapped[int]
    with_votes: Mapped[bool]


class InsightState(Model):
    """The one row of how far the count is: the day of the last, and the quarters that are told."""

    __tablename__ = "insight_state"
    __table_args__: Any = {}

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted_on: Mapped[date]
    shares_until: Mapped[date | None]
