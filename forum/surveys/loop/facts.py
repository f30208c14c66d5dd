"""Event types of replies to results."""

from forum.core.events import event_type

REPLIED = event_type("survey.replied", "a department said what it makes of a result")
DUE = event_type("survey.reply-due", "who answers for departments was reminded of a reply")
LATE = event_type("survey.reply-late", "the heads of departments were told of a late reply")
IDEA_CAME = event_type("survey.idea-came", "an idea came of what a department said to a result")
