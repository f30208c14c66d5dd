"""When somebody who has some working days is reminded: at half, at four fifths, on the last day."""

from __future__ import annotations

from datetime import date

from forum.core.calendar import add_working_days

PARTS = (50, 80, 100)
"""Per cent of the time after which a reminder is due."""
MORNING = 8
"""The company's hour before which nobody is reminded of anything."""


def reminder_days(due_on: date, allowed: int) -> list[date]:
    """When each reminder is due; some may fall on one day."""
    back = [-(-allowed * part // 100) - allowed for part in PARTS]
    return [add_working_days(due_on, days) for days in back]


def next_reminder(due_on: date, allowed: int, sent: int) -> date | None:
    """The day of the reminder after so many; None after the last."""
    return reminder_days(due_on, allowed)[sent] if sent < len(PARTS) else None
