"""Event types of approvals. Those of drafts are for editors and approvers only."""

from forum.core.events import event_type

SENT = event_type("standard.approval-asked", "a version was sent for approval")
NUDGED = event_type("standard.approval-nudged", "somebody was reminded to approve a version")
ANSWERED = event_type(
    "standard.approval-answered", "one side approved, asked for change, abstained"
)
TAKEN_BACK = event_type(
    "standard.approval-taken-back", "a version became a draft again; its approvals do not count"
)
PUBLISHED_OVER = event_type(
    "standard.published-over", "a version was published without all approvals", privileged=True
)
SCHEDULED = event_type(
    "standard.scheduled", "a version was published for a later day", privileged=True
)
UNSCHEDULED = event_type(
    "standard.unscheduled", "a version that waited for its day was taken back", privileged=True
)
EMERGENCY = event_type(
    "standard.emergency", "a version was published in an emergency", privileged=True
)
REVIEWED = event_type(
    "standard.emergency-reviewed", "an emergency publication was looked at", privileged=True
)
EMERGENCY_OVERDUE = event_type(
    "standard.emergency-overdue", "nobody looked at an emergency publication by its day"
)
DEPUTY_SET = event_type("standard.deputy-set", "an owner's deputy was named", privileged=True)
