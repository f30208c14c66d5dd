"""Forms of cases: their shape, not their meaning."""

from __future__ import annotations

from wtforms import HiddenField, MonthField, SelectMultipleField, StringField
from wtforms.validators import Optional

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.core.numbers import to_id


class CaseForm(BaseForm):
    """What was, without a name."""

    title = line(lazy("Title"), limits.TITLE)
    month = MonthField(lazy("Month in which it was"), [Optional()])
    situation = area(lazy("The situation"), limits.TEXT)
    happened = area(lazy("What happened"), limits.TEXT)
    learned = area(lazy("What we learned"), limits.TEXT)
    departments = SelectMultipleField(
        lazy("Between which departments?"), coerce=to_id, validate_choice=False
    )
    services = SelectMultipleField(lazy("Services"), coerce=to_id, validate_choice=False)
    touches = line(lazy("Standards and clauses"), limits.NOTE)
    confirmed = SelectMultipleField(lazy("These are no names"), coerce=str, validate_choice=False)
    origin = HiddenField()
    revision = HiddenField()


class CheckForm(BaseForm):
    """What a department says of a case."""

    department = StringField()
    answer = StringField()
    note = area(lazy("What should change"), limits.REASON)
