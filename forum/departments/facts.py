"""Event types of the tree, of who belongs where and of who serves whom."""

from forum.core.events import event_type

CREATED = event_type("department.created", "a department was created", privileged=True)
CHANGED = event_type("department.changed", "a department's details changed", privileged=True)
RENAMED = event_type("department.renamed", "a department was renamed", privileged=True)
MOVED = event_type("department.moved", "a department moved in the tree", privileged=True)
MERGED = event_type("department.merged", "two departments became one", privileged=True)
ARCHIVED = event_type("department.archived", "a department was archived", privileged=True)
RESTORED = event_type("department.restored", "a department was opened again", privileged=True)
HEAD_SET = event_type("department.head-set", "a department got a head", privileged=True)
REPRESENTATIVES_SET = event_type(
    "department.representatives-set", "who answers for a department changed", privileged=True
)
MEMBER_MOVED = event_type("membership.changed", "somebody changed department", privileged=True)
ATTACHED = event_type("attachment.changed", "what a consultant sees changed", privileged=True)
REACH_CHANGED = event_type(
    "person.reach-changed", "where a moderator acts changed", privileged=True
)
SERVICE_ADDED = event_type("service.added", "a service was added to the map")
SERVICE_CHANGED = event_type("service.changed", "a service on the map changed")
SERVICE_CORRECTED = event_type("service.corrected", "a side said otherwise what a service is")
SERVICE_CONFIRMED = event_type("service.confirmed", "both sides agree on a service")
SERVICE_DENIED = event_type("service.denied", "a side of a service said that it is not so")
SERVICE_UNDENIED = event_type(
    "service.denial-taken-back", "a side took back that a service is not so, as a slip"
)
SERVICE_ENDED = event_type("service.ended", "a service was taken off the map")
SERVICE_WITHDRAWN = event_type(
    "service.withdrawn", "a correction of a service was taken back; it is as both agreed before"
)
DEPUTY_NAMED = event_type("deputy.named", "somebody named a deputy, or is back")
