"""The form of an entry."""

from __future__ import annotations

from wtforms import StringField

from forum.core import limits
from forum.core.forms import BaseForm, area, line
from forum.core.i18n import lazy


class EntryForm(BaseForm):
    """Words that mean the same; `revision` is the one the form grew from."""

    same = area(lazy("Words and phrases that mean the same"), limits.TEXT, required=True)
    note = line(lazy("Note"), limits.NOTE)
    revision = StringField()
