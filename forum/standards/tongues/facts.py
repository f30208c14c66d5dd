"""Event types of translations: of which version, into which language, which clauses; no words."""

from forum.core.events import event_type

TRANSLATED = event_type("standard.translated", "parts of a standard were translated")
