"""Forms of surveys: their shape, not their meaning."""

from __future__ import annotations

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import NumberRange, Optional

from forum.core import limits
from forum.core.forms import BaseForm, line
from forum.core.i18n import lazy
from forum.core.numbers import to_id

KEEP, ALL, SOME = "keep", "all", "some"
WHICH = {
    KEEP: lazy("Those it asks about now"),
    ALL: lazy("All services of the map"),
    SOME: lazy("Services of some departments"),
}
WHOLE = lazy("Give a whole number.")


class WaveForm(BaseForm):
    """A wave's title, days and services."""

    title = line(lazy("Title"), limits.TITLE)
    opens_on = DateField(lazy("First day of the survey"), [Optional()])
    closes_on = DateField(lazy("Last day of the survey"), [Optional()])
    which = StringField(lazy("Services it asks about"))
    departments = SelectMultipleField(
        lazy("Departments, on either side"), coerce=to_id, validate_choice=False
    )
    months = StringField(lazy("Asks about the last"))
    most_people = IntegerField(
        lazy("At most so many people for each service"),
        [Optional(), NumberRange(1, 100_000, WHOLE)],
    )
    revision = HiddenField()


class ItemForm(BaseForm):
    """A question in both languages."""

    key = line(lazy("Short name"), limits.TAG)
    kind = StringField(lazy("How it is answered"))
    en = line(lazy("In English"), limits.TITLE)
    ru = line(lazy("In Russian"), limits.TITLE)
    seen = HiddenField()


class BurdenForm(BaseForm):
    """How much may be asked of people, and how few answers are shown."""

    questions = IntegerField(
        lazy("Questions a person is asked in 30 days, at most"), [NumberRange(1, 500, WHOLE)]
    )
    requests = IntegerField(
        lazy("Surveys a person is asked in 30 days, at most"), [NumberRange(1, 30, WHOLE)]
    )
    k = IntegerField(
        lazy("Answers below which nothing is shown"),
        [NumberRange(5, 100, lazy("Give a whole number from 5 to 100."))],
    )
