"""Forms of ideas: their shape, not their meaning."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.core.numbers import number_or_none, to_id, to_id_or_nothing


class IdeaForm(BaseForm):
    """An idea: one text is enough."""

    title = line(lazy("Title"), limits.TITLE)
    problem = area(lazy("What gets in the way?"), limits.TEXT)
    proposal = area(lazy("What would you propose?"), limits.TEXT)
    departments = SelectMultipleField(
        lazy("Which departments does it affect?"), coerce=to_id, validate_choice=False
    )
    unsure = BooleanField(lazy("I don’t know; a moderator chooses"))
    tags = StringField(lazy("Tags"))
    anonymous = StringField(lazy("Your name"))
    revision = HiddenField()
    filed = HiddenField()


class AnswerForm(BaseForm):
    """A department's answer."""

    answer = StringField()
    reason = area(lazy("Reason"), limits.REASON)
    revision = HiddenField()

    @property
    def seen(self) -> int | None:
        """The wording that was on the page, where the form says so."""
        return number_or_none(self.revision.data)


class QuestionForm(BaseForm):
    """What a department wants to know of the author before it answers."""

    question = area(lazy("Ask the author first"), limits.REASON)


class HandoverForm(BaseForm):
    """The department that is asked instead."""

    to = SelectField(
        lazy("Department to ask instead"), coerce=to_id_or_nothing, validate_choice=False
    )


class DecisionForm(BaseForm):
    """A moderator's decision."""

    decision = StringField()
    reason = area(lazy("Reason, for everybody to read"), limits.REASON)
    revisit = area(lazy("What would change it"), limits.REASON)
    reason_code = StringField()
    owner = SelectField(
        lazy("Department that carries it out"), coerce=to_id_or_nothing, validate_choice=False
    )
    due = DateField(lazy("Until"), [Optional()])
    override = BooleanField(lazy("Accept although a department says it harms"))
    again_on = DateField(lazy("On a day"), [Optional()])
    again_departments = IntegerField(lazy("Once so many departments still need it"), [Optional()])

    @property
    def words(self) -> str:
        """What was written, for somebody whose decision came too late."""
        return "\n\n".join(filter(None, (self.reason.data, self.revisit.data)))


class OutcomeForm(BaseForm):
    """What changed."""

    outcome = area(lazy("What changed?"), limits.REASON)
    photo = FileField(lazy("Photo"))


class TagsForm(BaseForm):
    """The affected departments, chosen anew."""

    departments = SelectMultipleField(coerce=to_id, validate_choice=False)
    filed = HiddenField()


class StandardNumberForm(BaseForm):
    """The standard that an idea changes."""

    number = StringField(lazy("Number of that standard"))


class OwnerForm(BaseForm):
    """Another department that carries it out."""

    owner = SelectField(
        lazy("Department that carries it out"), coerce=to_id_or_nothing, validate_choice=False
    )
    due = DateField(lazy("Until"), [Optional()])


class DateForm(BaseForm):
    """Another day, and why."""

    due = DateField(lazy("New day"), [Optional()])
    reason = area(lazy("Why"), limits.REASON)
