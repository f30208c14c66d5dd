"""The form of a category."""

from __future__ import annotations

from wtforms import SelectField

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import _, lazy
from forum.core.numbers import to_id_or_nothing


class CategoryForm(BaseForm):
    """Its names, where it stands, and how its standards begin."""

    name_en = line(lazy("Name, in English"), limits.LABEL)
    name_ru = line(lazy("Name, in Russian"), limits.LABEL)
    parent = SelectField(lazy("Under"), coerce=to_id_or_nothing, validate_choice=False)
    template = area(lazy("How a new standard begins"), limits.TEXT)

    def named(self) -> bool:
        """Whether there is a name in either language; says so where there is none."""
        if self.name_en.data or self.name_ru.data:
            return True
        self.complain("name_en", _("Give it a name."))
        return False
