"""Forms about departments."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import AnyOf

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy
from forum.departments.naming import HUES


class DepartmentForm(BaseForm):
    """Everything an administrator writes about a department."""

    name = line(lazy("Name of the department"), limits.DEPARTMENT_NAME, required=True)
    code = line(lazy("Short code"), limits.DEPARTMENT_CODE)
    slug = line(lazy("Address"), limits.SLUG)
    parent = StringField(lazy("Belongs to"))


class DepartmentDetailsForm(DepartmentForm):
    """What can be added once it exists."""

    hue = StringField(
        lazy("Colour"),
        [AnyOf([str(hue) for hue in range(HUES)], lazy("Choose one of the colours."))],
        default="0",
    )
    description = area(lazy("What it does"), limits.NOTE)
    head = line(lazy("Head"), limits.EMAIL)
    representatives = area(lazy("Who answers for it"), limits.REASON)


class MergeForm(BaseForm):
    """Which department it becomes part of."""

    into = StringField(lazy("Becomes part of"))


class ArchiveForm(BaseForm):
    """Closing a department, with its open answers if need be."""

    anyway = BooleanField(lazy("Take back the answers that wait for it"))
