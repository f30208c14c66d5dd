"""Event types of the glossary."""

from forum.core.events import event_type

ADDED = event_type(
    "glossary.added", "words that mean the same were added", privileged=True, late=True
)
CHANGED = event_type(
    "glossary.changed", "words that mean the same changed", privileged=True, late=True
)
DELETED = event_type(
    "glossary.deleted", "words that mean the same were taken out", privileged=True, late=True
)
RESTORED = event_type(
    "glossary.restored", "words that mean the same were put back", privileged=True, late=True
)
