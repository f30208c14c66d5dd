"""What administrators and files put on the map: nobody is asked, and nobody told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import db, transaction
from forum.departments import facts, policy
from forum.departments.models import OPEN_STATES, Service
from forum.departments.services import ends, history, saying, writing
from forum.departments.services.ends import End
from forum.departments.services.saying import Said


def add_service(
    admin: Person | None, *, provider_id: int, customer_id: int, name: str, criticality: str = ""
) -> Service:
    """A new edge between two departments. Raises Invalid for a department that serves itself."""
    said = Said(name, criticality=criticality)
    return add(admin, ends.department(provider_id), ends.department(customer_id), said)


def add(admin: Person | None, provider: End, customer: End, said: Said, **values: Any) -> Service:
    """A new edge, confirmed unless `values` say another state. Raises Twice, Invalid."""
    require(policy.may_manage(admin))
    ends.check_ends(provider, customer)
    said = saying.clean(said)
    with transaction():
        writing.check_new(provider, customer, said.name)
        made = writing.put(provider, customer, **said.values(), **_agreed(values))
        history.remember(admin.id if admin else None, made, history.IMPORTED)
        history.tell(facts.SERVICE_ADDED, admin, made)
    return made


def _agreed(values: dict[str, Any]) -> dict[str, Any]:
    """A proposal in a file is its provider's, unless something says otherwise."""
    by = ends.PROVIDER if values.get("state") in OPEN_STATES else ""
    return {"proposed_by": by, **values}


def weigh_service(admin: Person | None, service: Service, criticality: str) -> None:
    """Say how much a customer depends on it."""
    change(admin, service, criticality=criticality)


def change(admin: Person | None, service: Service, **values: Any) -> None:
    """Give an edge other values, as a file says."""
    require(policy.may_manage(admin))
    with transaction():
        writing.claim(service, **_agreed_if_told(values))
        history.remember(admin.id if admin else None, service, history.IMPORTED)
        history.tell(facts.SERVICE_CHANGED, admin, service)


def _agreed_if_told(values: dict[str, Any]) -> dict[str, Any]:
    return _agreed(values) if "state" in values else values


def forget_owner(admin: Person | None, person_id: int) -> None:
    """Let services be without the owner who leaves, in the open write."""
    owned = or_(Service.provider_owner_id == person_id, Service.customer_owner_id == person_id)
    for service in list(db.session.scalars(select(Service).where(owned).order_by(Service.id))):
        names = ("provider_owner_id", "customer_owner_id")
        gone = dict.fromkeys(name for name in names if getattr(service, name) == person_id)
        writing.claim(service, **gone)
        history.remember(admin.id if admin else None, service, "owner")
