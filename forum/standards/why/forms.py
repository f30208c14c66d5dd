"""The form that says what a clause came from."""

from __future__ import annotations

from forum.core import limits
from forum.core.forms import BaseForm, line
from forum.core.i18n import lazy


class SourceForm(BaseForm):
    """The address of an idea, or of a comment under one."""

    address = line(lazy("Address of an idea or a comment"), limits.NOTE, required=True)
