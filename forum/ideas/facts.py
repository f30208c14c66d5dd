"""Event types of ideas. Votes name nobody: support is secret in the log too."""

from forum.core.events import event_type

POSTED = event_type("idea.posted", "an idea was posted")
EDITED = event_type("idea.edited", "an idea was edited")
WITHDRAWN = event_type("idea.withdrawn", "an idea was withdrawn")
SUPPORT_CHANGED = event_type("idea.support-changed", "support for an idea changed")
DEPARTMENTS_CHANGED = event_type("idea.departments-changed", "affected departments changed")
ANSWERED = event_type("answer.given", "a department answered")
ASKED_AGAIN = event_type("answer.asked-again", "the author took a change up and asks again")
NUDGED = event_type("answer.nudged", "a department was reminded of an answer")
ESCALATED = event_type("answer.escalated", "a department's head was asked for its answer")
ASKED_AUTHOR = event_type("answer.question-asked", "a department asked the author; its time rests")
AUTHOR_ANSWERED = event_type("answer.question-closed", "a department's time runs again")
STAGE_CHANGED = event_type("idea.stage-changed", "an idea moved to another stage")
RESTAGED = event_type("idea.restaged", "an idea moved to another stage of the same kind")
STAGE_ADDED = event_type("stage.added", "a stage was added", privileged=True)
STAGE_SAVED = event_type("stage.changed", "a stage was changed", privileged=True)
STAGE_REMOVED = event_type("stage.removed", "a stage was removed", privileged=True)
STAGE_RESTORED = event_type("stage.restored", "a stage was put back", privileged=True)
SETTLED = event_type("idea.settled", "a moderator decided", privileged=True)
DECISION_UNDONE = event_type(
    "idea.decision-undone", "a moderator took a decision back", privileged=True
)
OWNER_CONFIRMED = event_type("idea.owner-confirmed", "the owner confirmed the date")
OWNER_ASKED = event_type("idea.owner-asked", "the owner asked to move the date")
DATE_MOVED = event_type(
    "idea.date-moved", "a moderator moved the owner's date", privileged=True, late=True
)
OWNER_CHANGED = event_type(
    "idea.owner-changed", "another department carries it out", privileged=True, late=True
)
DONE = event_type("idea.done", "an accepted idea was carried out")
HIDDEN = event_type("idea.hidden", "an idea was hidden", privileged=True)
HELD = event_type("idea.held", "a newcomer's idea waits for a moderator")
TRASHED = event_type("idea.trashed", "an idea was put in the trash", privileged=True)
RESTORED = event_type("idea.restored", "an idea came back from the trash", privileged=True)
PURGED = event_type("idea.purged", "an idea in the trash lost its contents", privileged=True)
LOCKED = event_type("idea.locked", "comments on an idea were closed", privileged=True)
PINNED = event_type("idea.pinned", "an idea was pinned to the top", privileged=True)
AUTHOR_READ = event_type(
    "idea.author-read", "a moderator looked who posted an idea without a name", privileged=True
)
IMPORTED = event_type("idea.imported", "an idea was imported")
