"""Forms of confirmations: their shape, not their meaning."""

from __future__ import annotations

from wtforms import DateField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import Optional

from forum.core.forms import BaseForm
from forum.core.i18n import lazy
from forum.core.numbers import to_id


class PaperForm(BaseForm):
    """Who has signed on paper, and on which day."""

    people = SelectMultipleField(lazy("Who has signed"), coerce=to_id, validate_choice=False)
    on = DateField(lazy("Signed on"), [Optional()])
    version = HiddenField()


class RenewalForm(BaseForm):
    """After how many months it is to be confirmed again; 0 for never."""

    months = SelectField(lazy("To be confirmed again"), coerce=to_id, validate_choice=False)
