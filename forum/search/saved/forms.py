"""The form of a saved search: its shape, not its meaning."""

from __future__ import annotations

from wtforms import SelectField

from forum.core import limits
from forum.core.forms import BaseForm, line
from forum.core.i18n import lazy
from forum.search.saved.models import Alert

ALERTS = [
    (Alert.NEVER, lazy("No alert")),
    (Alert.AT_ONCE, lazy("At once, in the inbox")),
    (Alert.DAILY, lazy("Every morning, by mail")),
    (Alert.WEEKLY, lazy("Every Monday, by mail")),
]
"""How soon one hears, in words."""
ALERTS_WITHOUT_MAIL = [
    *ALERTS[:2],
    (Alert.DAILY, lazy("Every morning, in the inbox")),
    (Alert.WEEKLY, lazy("Every Monday, in the inbox")),
]


class SavedForm(BaseForm):
    """A name and an alert."""

    name = line(lazy("Name of the search"), limits.SEARCH_NAME, required=True)
    alert = SelectField(lazy("Tell me what is new"), choices=[*Alert])
