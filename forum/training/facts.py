"""Event types of training. Who reported what a case is about, and feedback, write none."""

from forum.core.events import event_type

DRAFTED = event_type("case.drafted", "a case was drafted")
CHANGED = event_type("case.changed", "a case was changed")
SENT = event_type("case.sent", "the departments of a case were asked to check it")
CHECKED = event_type("case.checked", "a department said what it thinks of a case")
OPENED = event_type("case.opened", "every department found a case right; everybody may read it")
TAKEN_BACK = event_type("case.taken-back", "a case was taken back to be changed")
IDEA_CAME = event_type("case.idea-came", "an idea came of a case")
CASE_IMPORTED = event_type("case.imported", "a case was imported")

PLANNED = event_type("training.planned", "a session was planned")
MOVED = event_type("training.changed", "a session was changed")
CANCELLED = event_type("training.cancelled", "a session was called off")
INVITED = event_type("training.invited", "people were invited to a session")
SIGNED_UP = event_type("training.signed-up", "somebody signed up for a session")
SIGNED_OFF = event_type("training.signed-off", "somebody signed off from a session")
SEATED = event_type("training.seated", "a free seat went to the first who waited")
REMINDED = event_type("training.reminded", "those with a seat were reminded of the next day")
ATTENDED = event_type("training.attended", "the host noted who came")
AGENDA = event_type("training.agenda", "the agenda of a session was changed")
SETTLED = event_type("training.settled", "a session ended a case with an outcome")
IMPORTED = event_type("training.imported", "a session was imported")
