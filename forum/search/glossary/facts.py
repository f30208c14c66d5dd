"""Event types of the glossary."""

from forum.core.events import event_type

ADDED = event_type("glossary.added", "words that mean the same were added")
CHANGED = event_type("glossary.changed", "words that mean the same changed")
DELETED = event_type("glossary.deleted", "words that mean the same were taken out")
RESTORED = event_type("glossary.restored", "words that mean the same were put back")
