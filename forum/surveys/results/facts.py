"""Event types of results."""

from forum.core.events import event_type

TOLD = event_type("survey.told", "the figures of a wave can be read")
