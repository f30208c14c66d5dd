"""Event types of ideas. Votes name nobody: support is secret in the log too."""

from forum.core.events import event_type

POSTED = event_type("idea.posted", "an idea was posted")
EDITED = event_type("idea.edited", "an idea was edited")
WITHDRAWN = event_type("idea.withdrawn", "an idea was withdrawn")
SUPPORT_CHANGED = event_type("idea.support-changed", "support for an idea changed")
DEPARTMENTS_CHANGED = event_type("idea.departments-changed", "affected departments changed")
ANSWERED = event_type("answer.given", "a department answered")
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
DATE_MOVED = event_type("idea.date-moved", "a moderator moved the owner's date")
OWNER_CHANGED = event_type("idea.owner-changed", "another department carries it out")
DONE = event_type("idea.done", "an accepted idea was carried out")
HIDDEN = event_type("idea.hidden", "an idea was hidden", privileged=True)
IMPORTED = event_type("idea.imported", "an idea was imported")
