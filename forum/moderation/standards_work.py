"""What standards bring into the queue: versions in approval, and emergencies to look back at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import lazy
from forum.moderation.work import SHOWN, Work
from forum.standards.approvals import panels


def works() -> list[Work]:
    """Both show only when something waits."""
    return [
        Work(
            name="emergencies",
            place=15,
            title=lazy("Emergency publications"),
            empty=lazy("None waits to be looked at."),
            waiting=lambda _who: panels.emergencies().with_only_columns(panels.EMERGENCY_ID),
            rows=_emergencies,
            template="moderation/_standards.html",
            on=_never,
        ),
        Work(
            name="approvals",
            place=25,
            title=lazy("Standards in approval"),
            empty=lazy("No standard waits for a moderator."),
            waiting=_to_approve,
            rows=_approvals,
            template="moderation/_standards.html",
            on=_never,
        ),
    ]


def _never() -> bool:
    """Shown with work only."""
    return False


def _emergencies(_moderator: Person) -> Sequence[Any]:
    rows = db.session.execute(panels.emergencies().limit(SHOWN + 1))
    return [panels.Emergency._make(row) for row in rows]


def _to_approve(moderator: Person) -> Select[Any]:
    query: Select[Any] = panels.for_moderator(moderator)
    return query.with_only_columns(panels.APPROVAL_ID)


def _approvals(moderator: Person) -> Sequence[Any]:
    rows = db.session.execute(panels.for_moderator(moderator).limit(SHOWN + 1))
    return [panels.Waiting._make(row) for row in rows]
