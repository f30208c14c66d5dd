"""Event types of before and after."""

from forum.core.events import event_type

PROMISED = event_type("idea.promised", "it was said what an accepted idea should move")
MEASURED = event_type("idea.measured", "the surveys before and after an idea were planned")
