"""Forms of sessions: their shape, not their meaning."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import Optional

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.core.numbers import to_id


class SessionForm(BaseForm):
    """When, where, for whom and about what."""

    title = line(lazy("Title"), limits.TITLE)
    on = DateField(lazy("Day"), [Optional()])
    at = TimeField(lazy("Starts at"), [Optional()])
    minutes = IntegerField(lazy("How many minutes"), [Optional()])
    place = line(lazy("Place or link"), limits.NOTE)
    capacity = IntegerField(lazy("Seats"), [Optional()])
    host = line(lazy("Host"), limits.EMAIL)
    departments = SelectMultipleField(
        lazy("Which departments attend?"), coerce=to_id, validate_choice=False
    )
    touches = line(lazy("Standards it trains"), limits.NOTE)
    about = area(lazy("What it is about, and materials"), limits.TEXT)
    confirms = BooleanField(lazy("Whoever comes has confirmed these standards"))
    revision = HiddenField()


class PeopleForm(BaseForm):
    """People by e-mail, staff number or name, one a line."""

    people = area(lazy("People, one a line"), limits.TEXT)
    members = BooleanField(lazy("Everybody in the departments that attend"))


class CancelForm(BaseForm):
    """Why it is called off."""

    why = line(lazy("Why"), limits.NOTE)


class OutcomeForm(BaseForm):
    """How a case ends."""

    item_id = 0
    outcome = StringField(lazy("Outcome"))
    note = area(lazy("In a sentence"), limits.REASON)
    clause = StringField(lazy("Clause that is to be clearer"))


class AttendanceForm(BaseForm):
    """Who came."""

    came = SelectMultipleField(lazy("Who came"), coerce=to_id, validate_choice=False)
    people = area(lazy("Who else came, one a line"), limits.TEXT)
