"""Event types of matters. What happens to the thing itself is told by its own feature."""

from forum.core.events import event_type

FLAGGED = event_type("matter.flagged", "somebody flagged a thing")
CLAIMED = event_type("matter.claimed", "a moderator took a matter or let go of it")
NOTED = event_type("matter.noted", "a moderator left a note on a matter")
DECIDED = event_type("matter.decided", "a moderator decided on a matter", privileged=True)
UNDONE = event_type("matter.undone", "a moderator took back a decision", privileged=True)
GIVEN_BACK = event_type("matter.given-back", "nobody is left to repair what was hidden")
REMINDED = event_type("matter.reminded", "moderators were reminded of a matter")
TRUSTED = event_type("person.trusted", "a newcomer was trusted", privileged=True)
SUSPENDED = event_type("person.suspended", "somebody may not write for a while", privileged=True)
READMITTED = event_type("person.readmitted", "a suspension was lifted", privileged=True)
