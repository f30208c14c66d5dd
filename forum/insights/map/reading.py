"""The page of a service: what it is, who may do what with it, and what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from forum.accounts.models import Person
from forum.core.i18n import _
from forum.departments.models import Service, ServiceState
from forum.departments.services import history, policy
from forum.departments.services.ends import CUSTOMER, OTHER, PROVIDER
from forum.departments.services.speakers import speaker_of
from forum.insights.map.listing import SIGNS
from forum.insights.map.names import Called, Names
from forum.insights.map.past import Change, changes_of
from forum.standards.serving.queries import GoneBy, of_service


class Quote(NamedTuple):
    """Why it is not so, or ended: who said it, for which side; empty where that is not known."""

    side: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page of a service says."""

    service: Service
    provider: Called
    customer: Called
    owners: dict[str, Any]
    sign: str
    turn: str
    may: dict[str, bool]
    standard: GoneBy | None
    changes: Sequence[Change]
    quotes: Sequence[Quote]
    closed: Sequence[str]
    """Departments of its sides that were closed while it ran."""


def shown(reader: Person, service: Service) -> Shown:
    """A service for its reader. At most nine queries, whatever the history."""
    speaker = speaker_of(reader)
    names = Names(reader, [service])
    provider, customer = names.both(service)
    changes = changes_of(reader, service.id)
    sides = {PROVIDER: provider, CUSTOMER: customer}
    closed = _closed(service, names)
    return Shown(
        service=service,
        provider=provider,
        customer=customer,
        owners={
            PROVIDER: names.person(service.provider_owner_id),
            CUSTOMER: names.person(service.customer_owner_id),
        },
        sign=SIGNS[ServiceState(service.state)],
        turn="" if closed else whose_turn(service, sides),
        may={
            "confirm": policy.may_confirm(speaker, service),
            "deny": policy.may_deny(speaker, service),
            "correct": policy.may_correct(speaker, service),
            "end": policy.may_end(speaker, service),
            PROVIDER: policy.may_name_owner(speaker, service, PROVIDER),
            CUSTOMER: policy.may_name_owner(speaker, service, CUSTOMER),
        },
        standard=of_service(reader, service.id),
        changes=changes,
        quotes=_quotes(service, changes, sides),
        closed=closed,
    )


def _closed(service: Service, names: Names) -> list[str]:
    """The departments of today's sides that were closed, as the reader may call them."""
    if service.state == ServiceState.ENDED:
        return []
    places = {service.provider_id: PROVIDER, service.customer_id: CUSTOMER}
    gone = (names.of(service, side) for place, side in places.items() if place in names.closed)
    return [called.within or called.name for called in gone]


def whose_turn(service: Service, sides: dict[str, Called]) -> str:
    """Whose turn it is to say something, in a sentence."""
    whose = policy.turn(service)
    if service.state == ServiceState.PROPOSED and whose:
        asked, by = sides[whose].name, sides[OTHER[whose]].name
        return _("%(by)s says so; %(asked)s is asked whether it is.", by=by, asked=asked)
    if service.state == ServiceState.DISPUTED and whose:
        by, asked = sides[OTHER[whose]].name, sides[whose].name
        return _("%(by)s says that it is not so; %(asked)s may answer once.", by=by, asked=asked)
    if service.state == ServiceState.DISPUTED:
        return _(
            "Both sides have said why. It stays open until one takes its word back, corrects it, "
            "or a moderator decides."
        )
    return ""


def _quotes(service: Service, changes: Sequence[Change], sides: dict[str, Called]) -> list[Quote]:
    """What stands against it: each side's word where it is disputed, in the order it was said."""
    if service.state == ServiceState.ENDED:
        found = [Quote("", each.who, each.why) for each in changes[:1] if each.kind == "ended"]
    elif service.state == ServiceState.DISPUTED:
        found = _denials(service, changes, sides)
    else:
        return []
    return found or ([Quote("", "", service.why)] if service.why else [])


def _denials(service: Service, changes: Sequence[Change], sides: dict[str, Called]) -> list[Quote]:
    """The first is of whom the proposal asked, the second of who proposed."""
    asked = OTHER.get(service.proposed_by, "")
    order = [sides[each].name for each in (asked, service.proposed_by) if each]
    said, taken_back = [], 0
    for each in changes:
        if each.kind == history.UNDENIED:
            taken_back += 1
        elif each.kind == history.DENIED and taken_back:
            taken_back -= 1
        elif each.kind == history.DENIED:
            said.append(each)
        elif each.kind not in history.BESIDES:
            break
    return [
        Quote(side, each.who, each.why)
        for side, each in zip_longest(order, reversed(said[: service.denials]), fillvalue="")
        if isinstance(each, Change)
    ]
