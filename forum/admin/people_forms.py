"""Forms about people."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import DateField, StringField
from wtforms.validators import AnyOf, Optional

from forum.accounts.models import Kind, Role
from forum.core import limits
from forum.core.forms import BaseForm, line
from forum.core.i18n import lazy

ROLES: list[tuple[str, Any]] = [
    (Role.EMPLOYEE.value, lazy("Employee")),
    (Role.MODERATOR.value, lazy("Moderator")),
    (Role.ADMIN.value, lazy("Administrator")),
]
KINDS: list[tuple[str, Any]] = [
    (Kind.STAFF.value, lazy("Staff")),
    (Kind.BOARD.value, lazy("Board: sees everything, does not answer")),
    (Kind.CONSULTANT.value, lazy("Consultant: sees only what touches certain departments")),
]
LANGUAGES: list[tuple[str, Any]] = [("", lazy("As the site")), ("en", "English"), ("ru", "Русский")]


def _one_of(label: Any, options: list[tuple[str, Any]]) -> StringField:
    # A plain field: the template draws the choices.
    known = AnyOf([value for value, _label in options], lazy("Choose one from the list."))
    return StringField(label, [known], default=options[0][0])


class PersonForm(BaseForm):
    """Everything an administrator writes about a person."""

    ROLES, KINDS, LANGUAGES = ROLES, KINDS, LANGUAGES

    name = line(lazy("Name"), limits.PERSON_NAME, required=True)
    email = line(lazy("E-mail"), limits.EMAIL)
    login = line(lazy("Staff number"), limits.LOGIN)
    job_title = line(lazy("Job title"), limits.PERSON_NAME)
    locale = _one_of(lazy("Language"), LANGUAGES)
    department = StringField(lazy("Department"))
    role = _one_of(lazy("Role"), ROLES)
    kind = _one_of(lazy("Kind"), KINDS)


class AttachmentForm(BaseForm):
    """Letting a consultant in to a department, until the end of a day."""

    department = StringField(lazy("Department"))
    until = DateField(lazy("Until"), [Optional()])

    def end(self) -> date | None:
        """The last day, or None for no end."""
        day: date | None = self.until.data
        return day
