"""Forms of ideas: their shape, not their meaning."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy


def _id(value: Any) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError("not an id")
    return int(text)


def _id_or_none(value: Any) -> int | None:
    return _id(value) if value not in (None, "", "None") else None


class IdeaForm(BaseForm):
    """An idea: one text is enough."""

    title = line(lazy("Title"), limits.TITLE)
    problem = area(lazy("What gets in the way?"), limits.TEXT)
    proposal = area(lazy("What would you propose?"), limits.TEXT)
    departments = SelectMultipleField(
        lazy("Which departments does it affect?"), coerce=_id, validate_choice=False
    )
    unsure = BooleanField(lazy("I don’t know; a moderator chooses"))
    tags = StringField(lazy("Tags"))
    revision = HiddenField()


class AnswerForm(BaseForm):
    """A department's answer."""

    answer = StringField()
    reason = area(lazy("Reason"), limits.REASON)


class DecisionForm(BaseForm):
    """A moderator's decision."""

    decision = StringField()
    reason = area(lazy("Reason, for everybody to read"), limits.REASON)
    revisit = area(lazy("What would change it"), limits.REASON)
    reason_code = StringField()
    owner = SelectField(
        lazy("Department that carries it out"), coerce=_id_or_none, validate_choice=False
    )
    due = DateField(lazy("Until"), [Optional()])
    override = BooleanField(lazy("Accept although a department says it harms"))


class OutcomeForm(BaseForm):
    """What changed."""

    outcome = area(lazy("What changed?"), limits.REASON)


class DateForm(BaseForm):
    """Another day, and why."""

    due = DateField(lazy("New day"))
    reason = area(lazy("Why"), limits.REASON)
