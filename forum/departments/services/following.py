"""Services go along when departments become one and when somebody moves, in the open write."""

from __future__ import annotations

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.departments import facts
from forum.departments.models import OPEN_STATES, Service, ServiceState, Side
from forum.departments.services import history
from forum.departments.services.ends import CUSTOMER, PROVIDER, Place
from forum.departments.services.policy import turn
from forum.departments.services.speakers import speaking_for
from forum.departments.services.writing import twin


def departments_merged(admin: Person | None, old_id: int, new_id: int) -> None:
    """Sides that stood in the one stand in the other; a service that would serve itself or exist
    twice ends. What has ended stays where it was."""
    heirs = _move_sides(old_id, new_id)
    query = select(Service).where(
        or_(
            Service.provider_id == old_id,
            Service.customer_id == old_id,
            Service.provider_side_id.in_(heirs),
            Service.customer_side_id.in_(heirs),
        ),
        Service.state != ServiceState.ENDED,
    )
    for service in list(db.session.scalars(query.order_by(Service.id))):
        _stand(
            admin,
            service,
            Place(
                new_id if service.provider_id == old_id else service.provider_id,
                heirs.get(service.provider_side_id or 0, service.provider_side_id),
            ),
            Place(
                new_id if service.customer_id == old_id else service.customer_id,
                heirs.get(service.customer_side_id or 0, service.customer_side_id),
            ),
        )


def _move_sides(old_id: int, new_id: int) -> dict[int, int]:
    """Teams and roles belong to the heir; the id of the same one there, where it had one."""
    kept = db.session.scalars(select(Side).where(Side.department_id == new_id))
    known = {(side.kind, side.name.casefold()): side.id for side in kept}
    mine = select(Side).where(Side.department_id == old_id)
    heirs = {}
    for side in list(db.session.scalars(mine.order_by(Side.id))):
        heir = known.get((side.kind, side.name.casefold()))
        if heir is None:
            side.department_id = new_id
        else:
            heirs[side.id] = heir
    db.session.flush()
    return heirs


def _stand(admin: Person | None, service: Service, provider: Place, customer: Place) -> None:
    """Put a service where its sides stand now, or end it where there is no room."""
    no_room = provider == customer or twin(provider, customer, service.name, but=service.id)
    service.revision += 1
    if no_room:
        service.state, service.ended_at = ServiceState.ENDED.value, now()
    else:
        service.provider_id, service.provider_side_id = provider
        service.customer_id, service.customer_side_id = customer
    db.session.flush()
    history.remember(admin.id if admin else None, service, "ended" if no_room else "moved")
    if no_room:
        people = _concerned(service, provider, customer)
        history.tell(facts.SERVICE_ENDED, admin, service, told=people)


def _concerned(service: Service, provider: Place, customer: Place) -> frozenset[int]:
    """Who looks after a service, and who speaks for a side of it that stays where it is."""
    stands = {
        PROVIDER: provider == (service.provider_id, service.provider_side_id),
        CUSTOMER: customer == (service.customer_id, service.customer_side_id),
    }
    owners = {service.provider_owner_id, service.customer_owner_id}
    stay = [side for side, same in stands.items() if same]
    return speaking_for(service, stay) | {each for each in owners if each is not None}


def person_left(person_id: int) -> None:
    """What waits for somebody who cannot sign in any more is asked of who answers for their
    department; whoever is of another kind now stays who they were."""
    left = or_(Person.deactivated_at.is_not(None), Person.erased_at.is_not(None))
    gone = select(Person.id).where(Person.id == person_id, left)
    side_id = db.session.scalar(select(Side.id).where(Side.person_id.in_(gone)))
    if side_id is None:
        return
    query = select(Service).where(
        or_(Service.provider_side_id == side_id, Service.customer_side_id == side_id),
        Service.state.in_(OPEN_STATES),
    )
    for service in list(db.session.scalars(query.order_by(Service.id))):
        whose = turn(service)
        if whose and getattr(service, f"{whose}_side_id") == side_id:
            asked = speaking_for(service, [whose]) - {person_id}
            history.tell(facts.SERVICE_CHANGED, None, service, asked=asked)


def person_moved(admin: Person | None, person_id: int, department_id: int | None) -> None:
    """What somebody gives or gets themself stands in the department they belong to now; of who is
    erased it stays with the one that answers for it."""
    here = select(Side.id).join(Person, Person.id == Side.person_id)
    side_id = db.session.scalar(here.where(Person.id == person_id, Person.erased_at.is_(None)))
    if side_id is None:
        return
    query = select(Service).where(
        or_(Service.provider_side_id == side_id, Service.customer_side_id == side_id),
        Service.state != ServiceState.ENDED,
    )
    for service in list(db.session.scalars(query.order_by(Service.id))):
        if service.provider_side_id == side_id:
            service.provider_id = department_id
        if service.customer_side_id == side_id:
            service.customer_id = department_id
        service.revision += 1
        db.session.flush()
        history.remember(admin.id if admin else None, service, "moved")
        history.tell(facts.SERVICE_CHANGED, admin, service)
