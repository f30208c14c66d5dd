"""Event types of surveys: waves and items, never a person who answers, nor when."""

from forum.core.events import event_type

PLANNED = event_type("survey.planned", "a wave was planned")
CHANGED = event_type("survey.changed", "a planned wave was changed")
CANCELLED = event_type("survey.cancelled", "a planned wave was given up")
OPENED = event_type("survey.opened", "a wave opened")
HELD = event_type("survey.held", "a wave did not open, since it has nothing to ask")
STOPPED = event_type("survey.stopped", "a moderator ended a wave early")
CLOSED = event_type("survey.closed", "a wave closed, and its answers were put in random order")
REWORDED = event_type("survey.item-worded", "an item got another wording")
RETIRED = event_type("survey.item-retired", "an item is not asked any more, or is again")
SETTINGS = event_type(
    "survey.settings", "how much may be asked of people was changed", privileged=True
)
IMPORTED = event_type("survey.imported", "a wave was imported")
