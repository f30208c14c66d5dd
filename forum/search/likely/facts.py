"""What moderators say of likely duplicates. The list itself is no event."""

from forum.core.events import event_type

DISMISSED = event_type(
    "likely-duplicate.dismissed", "two ideas were said not to be the same", privileged=True
)
