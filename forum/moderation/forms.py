"""Forms of flags and of what moderators decide; shape only."""

from __future__ import annotations

from wtforms import IntegerField, StringField
from wtforms.validators import Optional

from forum.core.forms import BaseForm, area
from forum.core.i18n import lazy
from forum.core.limits import NOTE, REASON


class FlagForm(BaseForm):
    """Why a thing is flagged."""

    reason = StringField(lazy("What is wrong with it?"))
    note = area(lazy("What moderators should know"), NOTE)


class DecideForm(BaseForm):
    """What becomes of a matter, and what its author is told."""

    outcome = StringField()
    why = area(lazy("What the author is told"), REASON)


class NoteForm(BaseForm):
    """A note among moderators."""

    note = area(lazy("Note for moderators"), REASON)


class WhyForm(BaseForm):
    """Why an idea goes to the trash."""

    why = area(lazy("What the author is told"), REASON)


class SuspendForm(BaseForm):
    """For how long somebody may not write, and why."""

    days = IntegerField(lazy("For how long"), [Optional()])
    why = area(lazy("Why, for them to read"), REASON)
