"""What moderators do with searches that found nothing. The searches themselves are no events."""

from __future__ import annotations

from forum.core.events import event_type

DISMISSED = event_type(
    "missed-search.dismissed",
    "a search in vain was put aside or taken back",
    privileged=True,
    late=True,
)
