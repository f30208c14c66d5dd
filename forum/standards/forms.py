"""Forms of standards: their shape, not their meaning."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.core.numbers import number_or_none, to_id, to_id_or_nothing


class Ids(SelectMultipleField):
    """Ids of ticked boxes; the form sends an empty one too, to say that none may be ticked."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if value != ""])


class StandardForm(BaseForm):
    """A version's title, text, owner, audience and what changed.

    `lock` says what was seen, `clauses` which of them the editor found under which heading.
    """

    title = line(lazy("Title"), limits.TITLE, required=True)
    body = area(lazy("Text"), limits.STANDARD_TEXT)
    owner = SelectField(lazy("Owner"), coerce=to_id_or_nothing, validate_choice=False)
    departments = Ids(lazy("Which departments is it for?"), coerce=to_id, validate_choice=False)
    change = line(lazy("What changes for you"), limits.NOTE)
    category = SelectField(lazy("Category"), coerce=to_id_or_nothing, validate_choice=False)
    minor = BooleanField(lazy("A minor change: confirmations of the version before count"))
    roles = SelectMultipleField(lazy("Only these roles"), validate_choice=False)
    kinds = SelectMultipleField(lazy("Only these kinds of people"), validate_choice=False)
    lock = HiddenField()
    clauses = HiddenField()

    @property
    def seen(self) -> int:
        """What this person saw when they opened the form; -1 when the form does not say."""
        sent = number_or_none(self.lock.data)
        return -1 if sent is None else sent


class RetireForm(BaseForm):
    """Why a standard is retired."""

    why = line(lazy("Why it is retired"), limits.NOTE, required=True)
