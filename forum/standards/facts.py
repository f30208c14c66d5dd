"""Event types of standards. Those of drafts are for editors only: readers of the log ask first."""

from forum.core.events import event_type

DRAFTED = event_type("standard.drafted", "a draft of a standard was begun or fed by an idea")
DRAFT_SAVED = event_type("standard.draft-saved", "a draft of a standard was saved")
CLAUSE_SETTLED = event_type(
    "standard.clause-settled", "a clause of a draft goes on, or was found to be a new one"
)
CLAUSE_LINKED = event_type("standard.clause-linked", "somebody said what a clause came from")
CLAUSE_UNLINKED = event_type(
    "standard.clause-unlinked", "somebody said that a clause did not come from something"
)
STANDARD_PUBLISHED = event_type(
    "standard.published", "a version of a standard came into force", privileged=True
)
IMPORTED = event_type(
    "standard.imported", "a version that a company had was taken in as in force", privileged=True
)
COMPLETED = event_type("standard.completed", "what an import brought of a standard is all there")
STANDARD_RETIRED = event_type("standard.retired", "a standard was retired", privileged=True)
RENEWAL_CHANGED = event_type(
    "standard.renewal-changed", "it was set how often a standard is confirmed", privileged=True
)
PAPER_CONFIRMED = event_type(
    "standard.paper-confirmed", "confirmations on paper were entered", privileged=True
)
PAPER_TAKEN_BACK = event_type(
    "standard.paper-taken-back", "a confirmation on paper was taken back", privileged=True
)
TRAINING_CONFIRMED = event_type(
    "standard.training-confirmed", "confirmations by training were entered", privileged=True
)
TRAINING_TAKEN_BACK = event_type(
    "standard.training-taken-back", "confirmations by training were taken back", privileged=True
)
CONFIRMATIONS_DUE = event_type(
    "standard.confirmations-due", "people were reminded of what they have to confirm"
)
ACKNOWLEDGED = event_type("standard.acknowledged", "somebody has read a version")
