"""Who speaks for a side of a service, whose turn it is, and who may do what: pure functions.

Denials of denials: what one side proposes, the other may deny, with a reason. The first side may
take it back, correct it, or deny the denial, once. Then it is nobody's turn: the service stays
openly disputed until the proposal or the denial is taken back, somebody corrects it, or a moderator
decides.
"""

from __future__ import annotations

from typing import NamedTuple

from forum.departments.models import OPEN_STATES, Edge, Service, ServiceState
from forum.departments.services.ends import CUSTOMER, OTHER, PROVIDER, End

MOST_DENIALS = 2
Sides = frozenset[str]


class Speaker(NamedTuple):
    """Somebody, the departments they answer for, and the sides that are they themselves; nobody is
    the server's own shell, which may do everything."""

    person_id: int | None
    moderates: bool
    departments: frozenset[int] = frozenset()
    sides: frozenset[int] = frozenset()


SHELL = Speaker(None, moderates=True)


def speaks_for(speaker: Speaker, edge: Edge) -> Sides:
    """The sides that somebody speaks for: as head, representative or deputy of the department it
    stands in, as the person who stands there, or as its owner."""
    ends = (
        (PROVIDER, edge.provider_id, edge.provider_side_id, edge.provider_owner_id),
        (CUSTOMER, edge.customer_id, edge.customer_side_id, edge.customer_owner_id),
    )
    return frozenset(
        name
        for name, department_id, side_id, owner_id in ends
        if department_id in speaker.departments
        or side_id in speaker.sides
        or (owner_id is not None and owner_id == speaker.person_id)
    )


def speaks_for_end(speaker: Speaker, end: End) -> bool:
    """The same of an end that is not drawn yet, and so has no owner."""
    themself = end.person_id is not None and end.person_id == speaker.person_id
    return themself or end.department_id in speaker.departments


def proposer(speaker: Speaker, mine: Sides) -> str | None:
    """The side whose proposal it is; nobody's where both agree by it. None: they may not.

    Moderators propose for the side they speak for, and decide for both where they speak for none.
    """
    if len(mine) == 1:
        return next(iter(mine))
    return "" if mine or speaker.moderates else None


def turn(edge: Edge) -> str:
    """Whose turn it is to say something; nobody's once both agree, or have denied each other."""
    if edge.state == ServiceState.PROPOSED:
        return OTHER.get(edge.proposed_by, "")
    if edge.state == ServiceState.DISPUTED and edge.denials < MOST_DENIALS:
        return edge.proposed_by
    return ""


def may_confirm(speaker: Speaker, service: Service) -> bool:
    """Who is asked; who denied it and takes that back; moderators."""
    if service.state not in OPEN_STATES:
        return False
    asked = OTHER.get(service.proposed_by, "")
    return speaker.moderates or asked in speaks_for(speaker, service)


def may_deny(speaker: Speaker, service: Service) -> bool:
    """Whose turn it is, and moderators in their place."""
    whose = turn(service)
    return bool(whose) and (speaker.moderates or whose in speaks_for(speaker, service))


def may_correct(speaker: Speaker, service: Service) -> bool:
    """Both sides and moderators, until it has ended."""
    running = service.state != ServiceState.ENDED
    return running and (speaker.moderates or bool(speaks_for(speaker, service)))


def may_end(speaker: Speaker, service: Service) -> bool:
    """Of what is agreed on either side, else who proposed it; moderators always."""
    if service.state == ServiceState.ENDED:
        return False
    mine = speaks_for(speaker, service)
    ours = bool(mine) if service.state == ServiceState.CONFIRMED else service.proposed_by in mine
    return speaker.moderates or ours


def may_name_owner(speaker: Speaker, service: Service, side: str) -> bool:
    """Each side names its own; moderators any."""
    running = service.state != ServiceState.ENDED
    return running and (speaker.moderates or side in speaks_for(speaker, service))
