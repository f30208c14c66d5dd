"""Forms of campaigns: their shape, not their meaning."""

from __future__ import annotations

from wtforms import BooleanField, DateField, HiddenField, StringField
from wtforms.validators import Optional

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy


class CampaignForm(BaseForm):
    """A campaign's question, owner and days."""

    title = line(lazy("Title"), limits.TITLE)
    question = area(lazy("Question"), limits.TEXT)
    owner = line(lazy("Owner"), limits.EMAIL)
    starts_on = DateField(lazy("First day of the campaign"), [Optional()])
    ends_on = DateField(lazy("Last day of the campaign"), [Optional()])
    revision = HiddenField()


class FieldForm(BaseForm):
    """Something a campaign asks beside the idea itself."""

    label = line(lazy("What is asked for"), limits.LABEL)
    field_kind = StringField(lazy("How it is answered"))
    options = area(lazy("Choices, one a line"), limits.REASON)
    required = BooleanField(lazy("It has to be answered"))


class OutcomeForm(BaseForm):
    """What came of a campaign."""

    outcome = area(lazy("What came of it"), limits.TEXT)
