"""Event types of before and after."""

from forum.core.events import event_type

PROMISED = event_type("idea.promised", "it was said what an accepted idea should move")
MEASURED = event_type("idea.measured", "the surveys before and after an idea were planned")
CANCELLED = event_type("idea.survey-cancelled", "a survey before or after an idea was given up")
AGAIN = event_type("idea.survey-again", "a survey before or after an idea was planned again")
