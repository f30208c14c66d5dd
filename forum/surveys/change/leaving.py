"""Verdicts and falls as an export tells them: no more than pages do, where more people are wanted
by now than when they were found."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import select

from forum.core.db import db
from forum.surveys.change import comparing
from forum.surveys.change.evidence import is_told
from forum.surveys.change.models import IdeaPromise, RelationFall

Row = dict[str, Any]


def outcomes(rows: list[Row]) -> list[Row]:
    """Those whose figures before and after are told. A query a wave, and one."""
    cell = (IdeaPromise.service_id, IdeaPromise.item_id)
    promises = select(IdeaPromise.idea_id, *cell, IdeaPromise.baseline_id)
    before = {tuple(row[:3]): row[3] for row in db.session.execute(promises)} if rows else {}
    told = cache(comparing.figures_in)
    return [
        row
        for row in rows
        if all(
            (row["service_id"], row["item_id"]) in told(wave_id)
            for wave_id in (before.get(_promise(row)), row["wave_id"])
        )
    ]


def _promise(row: Row) -> tuple[int, int, int]:
    return row["idea_id"], row["service_id"], row["item_id"]


def falls(rows: list[Row]) -> list[Row]:
    """Those of services that the survey tells of still. One query."""
    told = select(RelationFall.wave_id, RelationFall.service_id).where(is_told())
    cells = {(row[0], row[1]) for row in db.session.execute(told)} if rows else set()
    return [row for row in rows if (row["wave_id"], row["service_id"]) in cells]
