"""Forms of reviews: their shape, not their meaning."""

from __future__ import annotations

from datetime import date

from wtforms import DateField, HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import NumberRange, Optional

from forum.core import limits
from forum.core.forms import BaseForm, line
from forum.core.i18n import lazy
from forum.core.numbers import id_or_none
from forum.standards.review.actions import WRONG_MONTHS
from forum.standards.review.intervals import MONTHS


class ReviewForm(BaseForm):
    """What a review found; `due` is the day as the form showed it."""

    outcome = RadioField(lazy("What did you find?"), validate_choice=False)
    note = line(lazy("In a line"), limits.NOTE)
    idea = StringField(lazy("Number of the idea that asks for it"))
    due = HiddenField()

    @property
    def idea_id(self) -> int | None:
        """The idea's number: 0 for what is none, which no idea has; None where nothing was said."""
        typed = (self.idea.data or "").strip().rstrip("/").rpartition("/")[2]
        return (id_or_none(typed) or 0) if typed else None


class PlanForm(BaseForm):
    """When a standard is looked at, and how often."""

    due_on = DateField(lazy("Next review"), [Optional()])
    every_months = IntegerField(
        lazy("Months between reviews"),
        [Optional(), NumberRange(MONTHS.start, MONTHS.stop - 1, WRONG_MONTHS)],
    )


def day_shown(sent: str | None) -> date | None:
    """The day of a review as a form showed it; None where it showed none."""
    try:
        return date.fromisoformat(sent or "")
    except ValueError:
        return None
