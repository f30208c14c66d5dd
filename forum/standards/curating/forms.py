"""Forms of those who look after standards: their shape."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange

from forum.core import limits
from forum.core.forms import BaseForm, line
from forum.core.i18n import lazy
from forum.core.numbers import number_or_none, to_id, to_id_or_nothing
from forum.standards.forms import Ids
from forum.standards.review.actions import WRONG_MONTHS
from forum.standards.review.forms import day_shown
from forum.standards.review.intervals import MONTHS


def _before_colon(sent: Any) -> int:
    return to_id(str(sent).partition(":")[0])


class ChosenForm(BaseForm):
    """Standards that were ticked: `7:2026-12-01` with the day that was shown, or `7` alone."""

    standards = Ids(lazy("Standards"), coerce=_before_colon, validate_choice=False)

    @property
    def seen(self) -> dict[int, date | None]:
        """The days that were shown, by standard."""
        parts = [each.partition(":") for each in self.standards.raw_data or []]
        return {to_id(number): day_shown(day) for number, colon, day in parts if colon}


class GiveForm(ChosenForm):
    """And who gets them."""

    owner = SelectField(lazy("New owner"), coerce=to_id_or_nothing, validate_choice=False)


class SpreadForm(BaseForm):
    """Over how many months, of which standards, and the plan that was seen."""

    months = IntegerField(
        lazy("Over how many months"),
        [NumberRange(MONTHS.start, MONTHS.stop - 1, WRONG_MONTHS)],
    )
    which = StringField(lazy("Which standards"))
    seen = HiddenField()


class RenameForm(BaseForm):
    """What it was called and is called now; `standards` are ids with the lock that was seen."""

    old = line(lazy("What it was called"), limits.DEPARTMENT_NAME)
    new = line(lazy("What it is called now"), limits.DEPARTMENT_NAME)


def locks_of(sent: list[str]) -> dict[int, int]:
    """`7:3` for standard 7 as it was at lock 3; what is not so is left out."""
    found: dict[int, int] = {}
    for each in sent:
        number, _colon, lock = each.partition(":")
        pair = number_or_none(number), number_or_none(lock)
        if pair[0] is not None and pair[1] is not None:
            found[pair[0]] = pair[1]
    return found
