"""Event types of the relay. That somebody answered is told by no event: it would tell when."""

from forum.core.events import event_type

ASKED = event_type("survey.author-asked", "a department asked who wrote a text in a survey")
