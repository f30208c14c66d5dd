"""Event types of conditions. Who still needs an idea is secret, in the log too."""

from forum.core.events import event_type

STILL_NEEDED = event_type("idea.still-needed", "departments that need a declined idea changed")
RETURNED = event_type("idea.returned", "the condition of a No came true")
LEFT = event_type("idea.left-declined", "a moderator left an idea declined", privileged=True)
REOPENED = event_type("idea.reopened", "a moderator took a declined idea up", privileged=True)
