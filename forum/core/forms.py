"""WTForms with our manners: cleaned text, limits from the one table, errors a person can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, request
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from forum.core.errors import Conflict, DomainError, Invalid, TooLarge
from forum.core.i18n import _, lazy
from forum.core.limits import Limit
from forum.core.textcheck import clean_line, clean_text

BUILT_IN = {
    "Not a valid date value.": lazy("Give the day as year, month and day."),
    "Not a valid time value.": lazy("Give the time as hours and minutes, such as 10:30."),
    "Not a valid integer value.": lazy("Give a whole number."),
    "Not a valid choice.": lazy("Choose one from the list."),
    "Invalid Choice: could not coerce.": lazy("Choose one from the list."),
    "Invalid choice(s): one or more data inputs could not be coerced.": lazy(
        "Choose one from the list."
    ),
}
"""What WTForms says by itself, in our words and the reader's language."""


class OurWords:
    """The translations that WTForms asks for the sentences it has of its own."""

    def gettext(self, message: str) -> str:
        """Our sentence for one of its."""
        return str(BUILT_IN.get(message, message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Its own sentences that count are not used by our forms."""
        return singular if n == 1 else plural


class BaseForm(Form):
    """A form filled from the request; shape only, no permission, no meaning."""

    class Meta:
        """Messages come from our own catalogue."""

        locales = False

        def get_translations(self, form: Any) -> OurWords:
            """The forum's words instead of WTForms' own."""
            return OurWords()

    @classmethod
    def from_request(cls, **defaults: Any) -> Any:
        """The form with what was sent, or with `defaults` on a GET."""
        return cls(request.form if request.method == "POST" else None, data=defaults)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check every field; what cannot be read at all is not also said to be out of bounds."""
        valid = super().validate(*args, **kwargs)
        for field in self:
            if field.process_errors:
                field.errors = list(field.process_errors)
        return bool(valid)

    def submitted(self) -> bool:
        """Whether a valid form was sent."""
        return request.method == "POST" and self.validate()

    def reject(self, field: str, message: Any) -> None:
        """Say what only the action could know: above the form where it has no such field."""
        if field not in self._fields:
            self.form_errors.append(message)
            g.setdefault("unplaced", []).append(message)
            return
        errors = self[field].errors
        self[field].errors = [*errors, message]

    def complain(self, field: str, message: Any) -> None:
        """Say this at a field, instead of what was said there."""
        if field in self._fields:
            self[field].errors = []
        self.reject(field, message)

    def refuse(self, refusal: DomainError, *, files: str = "") -> None:
        """Show what an action refused at the field it names, or above the form.

        `files` is the field that brings a picture.
        """
        name = refusal.field or ""
        if files and (name == "file" or isinstance(refusal, TooLarge)):
            name = files
        self.reject(name, refusal.message)

    def saves(self, act: Callable[[], Any], *, row: Any, stale: str) -> int:
        """Do it where the form is valid: 303 once it is done, 422 where it is refused.

        409 where `row` has changed meanwhile: that is said at the field `stale`, and the form, sent
        again, is then written over what there is now.
        """
        try:
            if self.validate():
                act()
                return 303
        except Invalid as refusal:
            self.refuse(refusal)
        except Conflict as conflict:
            self.reject(stale, conflict.message)
            self["revision"].data = str(row.revision)
            return 409
        return 422


def line(label: Any, limit: Limit, *, required: bool = False, **options: Any) -> StringField:
    """A single line of cleaned text within its limit."""
    return StringField(
        label, _rules(limit, required), filters=[lambda v: clean_line(v or "")], **options
    )


def area(label: Any, limit: Limit, *, required: bool = False, **options: Any) -> TextAreaField:
    """Several lines of cleaned text within their limit."""
    return TextAreaField(
        label, _rules(limit, required), filters=[lambda v: clean_text(v or "")], **options
    )


class AtMost(Length):
    """A length check that says the limit and what to do, in characters as people count them."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(max=limit.value)

    def __call__(self, form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.max:
            from wtforms.validators import ValidationError

            raise ValidationError(
                _(
                    "Shorten this to %(limit)d characters; it has %(length)d now.",
                    limit=self.max,
                    length=length,
                )
            )


def _rules(limit: Limit, required: bool) -> list[Any]:
    rules: list[Any] = [AtMost(limit)]
    if required:
        rules.insert(0, DataRequired(lazy("Fill this in.")))
    return rules
