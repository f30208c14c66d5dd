"""The shape of what an unknown author answers."""

from __future__ import annotations

from forum.core import limits
from forum.core.forms import BaseForm, area
from forum.core.i18n import lazy


class RelayForm(BaseForm):
    """An author's answer to a department."""

    answer = area(lazy("Your answer"), limits.REASON)
