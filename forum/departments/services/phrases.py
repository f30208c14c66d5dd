"""How services are spoken of."""

from forum.core.i18n import lazy
from forum.departments.models import ServiceState, SideKind

STATES = {
    ServiceState.PROPOSED: lazy("Not confirmed yet"),
    ServiceState.CONFIRMED: lazy("Confirmed by both sides"),
    ServiceState.DISPUTED: lazy("Disputed"),
    ServiceState.ENDED: lazy("Taken off the map"),
}
KINDS = {
    SideKind.TEAM: lazy("Team"),
    SideKind.ROLE: lazy("Role"),
    SideKind.PERSON: lazy("Person"),
}
