"""Forms of thanks: their shape, not their meaning."""

from __future__ import annotations

from wtforms import StringField

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy

COMPANY, PRIVATE = "company", "private"


class ThanksForm(BaseForm):
    """What for, who else, and who reads it; whom, the boxes say."""

    to = StringField(lazy("To whom"))
    who = line(lazy("Name, e-mail, staff number or department"), limits.PERSON_NAME)
    why = line(lazy("What for"), limits.NOTE)
    audience = StringField(lazy("Who reads it"), default=COMPANY)


class HideForm(BaseForm):
    """Why a moderator hides a thank-you."""

    why = area(lazy("Why"), limits.REASON)
