"""Event types of writing together."""

from forum.core.events import event_type

AUTHOR_INVITED = event_type("idea.author-invited", "somebody was asked to write an idea too")
INVITATION_ENDED = event_type("idea.author-invitation-ended", "an invitation to write was ended")
AUTHOR_JOINED = event_type("idea.author-joined", "somebody writes an idea with its author")
AUTHOR_LEFT = event_type("idea.author-left", "a co-author writes an idea no more")
SUGGESTED = event_type("idea.edit-suggested", "an edit of an idea was suggested")
SUGGESTION_TAKEN = event_type("idea.suggestion-taken", "a suggested edit was taken")
SUGGESTION_LEFT = event_type("idea.suggestion-left", "a suggested edit was left")
SUGGESTION_WITHDRAWN = event_type("idea.suggestion-withdrawn", "a suggested edit was withdrawn")
SUGGESTION_REOPENED = event_type("idea.suggestion-reopened", "a suggested edit waits again")
SUMMARISED = event_type("idea.summarised", "an idea has a summary in the other language")
SUMMARY_REMOVED = event_type("idea.summary-removed", "a summary was removed")
IMPROVED = event_type("idea.improved", "a department posted what it has done already")
ADOPTED = event_type("idea.adopted", "a department does it too")
ADOPTION_ENDED = event_type("idea.adoption-ended", "a department no longer says that it does it")
