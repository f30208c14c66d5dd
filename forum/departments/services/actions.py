"""What the sides of a service do: draw it, confirm it, correct it, deny it, end it."""

from __future__ import annotations

from typing import Any

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.departments import facts
from forum.departments.models import Service, ServiceState
from forum.departments.services import ends, history, policy, saying, writing
from forum.departments.services.ends import CUSTOMER, OTHER, PROVIDER, End
from forum.departments.services.saying import Said
from forum.departments.services.speakers import Hearers, hearing, of_end, speaker_of

BOTH = (PROVIDER, CUSTOMER)


def draw(person: Person, provider: End, customer: End, said: Said) -> Service:
    """Put a service on the map: agreed on where one speaks for both sides, else the other is asked.

    Raises Invalid for the identical side twice and for a side the person does not see, Twice (with
    the service there is) for a second one of the name between the same sides.
    """
    speaker = speaker_of(person)
    mine = frozenset(
        name
        for name, end in ((PROVIDER, provider), (CUSTOMER, customer))
        if policy.speaks_for_end(speaker, end)
    )
    proposed_by = policy.proposer(speaker, mine)
    require(proposed_by is not None)
    said = saying.clean(said)
    ends.check_ends(provider, customer)
    ends.check_seen(person, provider, customer)
    writing.check_new(provider, customer, said.name)
    people = {PROVIDER: of_end(provider), CUSTOMER: of_end(customer)}
    asked = people.get(OTHER.get(proposed_by or "", ""), frozenset())
    told = frozenset() if proposed_by else people[PROVIDER] | people[CUSTOMER]
    with transaction():
        made = writing.put(
            provider,
            customer,
            state=_state(proposed_by),
            proposed_by=proposed_by,
            drawn_by_id=person.id,
            **said.values(),
        )
        history.remember(person.id, made, "drawn")
        history.tell(facts.SERVICE_ADDED, person, made, asked=asked, told=told)
    return made


def _state(proposed_by: str | None) -> str:
    return str(ServiceState.PROPOSED if proposed_by else ServiceState.CONFIRMED)


def confirm(person: Person, service: Service, *, seen: int | None = None) -> None:
    """Agree to a service, or take back that one denied it; a moderator decides so for both."""
    speaker = speaker_of(person)
    if service.state == ServiceState.CONFIRMED:
        raise Conflict(_("This service is confirmed already."))
    writing.check_seen(service, seen)
    require(policy.may_confirm(speaker, service))
    told = hearing(person, service, BOTH).all
    values = {"state": ServiceState.CONFIRMED.value, "proposed_by": "", "denials": 0, "why": ""}
    with transaction():
        writing.claim(service, **values)
        history.remember(person.id, service, "confirmed")
        history.tell(facts.SERVICE_CONFIRMED, person, service, told=told)


def correct(person: Person, service: Service, said: Said, *, seen: int | None = None) -> None:
    """Say otherwise what a service is; whoever does not speak for both sides asks the other.

    The other side's question is answered by it: a correction goes back to whoever proposed.
    """
    speaker = speaker_of(person)
    writing.check_seen(service, seen)
    require(policy.may_correct(speaker, service))
    said = saying.clean(said)
    writing.check_name(service, said.name)
    proposed_by = policy.proposer(speaker, policy.speaks_for(speaker, service)) or ""
    hearers = hearing(person, service, [OTHER[proposed_by]] if proposed_by else BOTH)
    if said.values() == {name: getattr(service, name) for name in said.values()}:
        raise Invalid(
            _("Nothing was changed. Confirm it as it is, or change something."), field="name"
        )
    state = {"state": _state(proposed_by), "proposed_by": proposed_by, "denials": 0, "why": ""}
    with transaction():
        writing.claim(service, **state, **said.values())
        history.remember(person.id, service, "corrected")
        _ask(facts.SERVICE_CORRECTED, person, service, hearers)


def _ask(kind: Any, person: Person, service: Service, hearers: Hearers) -> None:
    """These people are asked where it is somebody's turn, else told."""
    asked = hearers.asked if policy.turn(service) else frozenset()
    history.tell(kind, person, service, asked=asked, told=hearers.all)


def deny(person: Person, service: Service, reason: str, *, seen: int | None = None) -> None:
    """Say that it is not so: with a reason, each side once, then it stays openly disputed."""
    speaker = speaker_of(person)
    whose = policy.turn(service)
    if service.state == ServiceState.DISPUTED and not whose:
        raise Conflict(
            _("Both sides have denied each other: take yours back, correct it, or ask a moderator.")
        )
    writing.check_seen(service, seen)
    require(policy.may_deny(speaker, service))
    why = saying.clean_reason(reason)
    hearers = hearing(person, service, [OTHER[whose]])
    with transaction():
        writing.claim(
            service, state=ServiceState.DISPUTED.value, denials=service.denials + 1, why=why
        )
        history.remember(person.id, service, history.DENIED)
        _ask(facts.SERVICE_DENIED, person, service, hearers)


def take_denial_back(person: Person, service: Service) -> None:
    """A denial was a slip: the service is again what it was, and whoever was asked is so anew.

    For who said it, while they speak for that side. Raises Conflict once anybody has answered;
    again changes nothing.
    """
    require(history.has_denied(person.id, service.id))
    said, *before = history.last_words(service.id)
    if said.what == history.UNDENIED and said.by_id == person.id:
        return
    if said.what != history.DENIED or said.by_id != person.id or not before:
        raise Conflict(_("It has been answered since. Look at what was said, and answer that."))
    [was] = before
    speaker, whose = speaker_of(person), policy.turn(was)
    require(speaker.moderates or whose in policy.speaks_for(speaker, service))
    asked = hearing(person, service, [whose]).asked
    with transaction():
        writing.claim(service, state=was.state, denials=was.denials, why=was.why)
        history.remember(person.id, service, history.UNDENIED)
        history.tell(facts.SERVICE_UNDENIED, person, service, asked=asked)


def end(person: Person, service: Service, reason: str = "", *, seen: int | None = None) -> None:
    """Take a service off the map; a proposal that is taken back leaves what was agreed on before.

    What both sides agreed on ends with a reason.
    """
    speaker = speaker_of(person)
    if service.state == ServiceState.ENDED:
        raise Conflict(_("This service has ended already."))
    writing.check_seen(service, seen)
    require(policy.may_end(speaker, service))
    agreed = service.state == ServiceState.CONFIRMED
    why = saying.clean_reason(reason) if agreed or reason else ""
    told = hearing(person, service, BOTH).all
    before = None if agreed else history.last_confirmed(service.id)
    with transaction():
        if before is None:
            _end(person, service, why)
            history.tell(facts.SERVICE_ENDED, person, service, told=told)
        else:
            _go_back(person, service, before)
            history.tell(facts.SERVICE_WITHDRAWN, person, service, told=told)


def _end(person: Person, service: Service, why: str) -> None:
    writing.claim(service, state=ServiceState.ENDED.value, ended_at=now(), why=why)
    history.remember(person.id, service, "ended")


def _go_back(person: Person, service: Service, before: Any) -> None:
    said = ("name", "delivered", "channel", "criticality")
    agreed = {"state": ServiceState.CONFIRMED.value, "proposed_by": "", "denials": 0, "why": ""}
    writing.claim(service, **agreed, **{name: getattr(before, name) for name in said})
    history.remember(person.id, service, "withdrawn")


def name_owner(person: Person, service: Service, side: str, owner: Person | None) -> None:
    """Say who looks after a service on one's own side; nobody is asked."""
    require(policy.may_name_owner(speaker_of(person), service, side))
    if owner is not None:
        ends.check_here(owner, field="owner")
    column = f"{side}_owner_id"
    owner_id = owner.id if owner is not None else None
    if getattr(service, column) == owner_id:
        return
    with transaction():
        writing.claim(service, **{column: owner_id})
        history.remember(person.id, service, "owner")
        told = [] if owner_id is None else [owner_id]
        history.tell(facts.SERVICE_CHANGED, person, service, told=told, owner=owner_id)
    db.session.refresh(service)
