"""Writing a service once: no second one of a name between two sides, no change unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.i18n import lazy
from forum.departments.models import Service, ServiceState
from forum.departments.services import ends
from forum.departments.services.ends import End, Place

TWICE = lazy("This service is on the map already.")
STALE = lazy("Somebody has just changed this service. Look at it again.")


class Stale(Conflict):
    """Somebody was faster: the service is no more what was read."""

    sentence = STALE


class Twice(Conflict):
    """The same service again; `service_id` is the one there is, where it could be found."""

    def __init__(self, service_id: int | None = None) -> None:
        super().__init__(TWICE, field="name")
        self.service_id = service_id


def twin(provider: Place, customer: Place, name: str, *, but: int = 0) -> int | None:
    """The service of that name between these sides that has not ended. One query."""
    query = select(Service.id, Service.name).where(
        Service.provider_id.is_not_distinct_from(provider.department_id),
        Service.customer_id.is_not_distinct_from(customer.department_id),
        Service.provider_side_id.is_not_distinct_from(provider.side_id),
        Service.customer_side_id.is_not_distinct_from(customer.side_id),
        Service.state != ServiceState.ENDED,
        Service.id != but,
    )
    wanted = name.casefold()
    found = (row.id for row in db.session.execute(query) if row.name.casefold() == wanted)
    return next(found, None)


def check_new(provider: End, customer: End, name: str) -> None:
    """Refuse a service that is there. Raises Twice. Three queries at most."""
    places = ends.find(provider), ends.find(customer)
    if places[0] is None or places[1] is None:
        return
    known = twin(places[0], places[1], name)
    if known is not None:
        raise Twice(known)


def put(provider: End, customer: End, at: datetime | None = None, **values: Any) -> Service:
    """A new service, in the open write. Raises Twice, Invalid for a closed department."""
    ends.hold_ends(provider, customer)
    first, second = ends.place(provider), ends.place(customer)
    made = Service(
        provider_id=first.department_id,
        customer_id=second.department_id,
        provider_side_id=first.side_id,
        customer_side_id=second.side_id,
        created_at=at or now(),
        **values,
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Twice from clash
    return made


def claim(service: Service, **values: Any) -> None:
    """Change a service as it was seen, in the open write. Raises Conflict if it is so no more."""
    seen = service.revision
    try:
        changed = db.session.execute(
            update(Service)
            .where(Service.id == service.id, Service.revision == seen)
            .values(**values, revision=seen + 1)
            .execution_options(synchronize_session=False)
        )
    except IntegrityError as clash:
        raise Twice from clash
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Stale
    db.session.refresh(service)


def check_seen(service: Service, seen: int | None) -> None:
    """Refuse an answer to words that were changed since they were read. Raises Stale.

    None is of whoever does not say what they read.
    """
    if seen is not None and seen != service.revision:
        raise Stale


def check_name(service: Service, name: str) -> None:
    """Refuse a name that another service between the same sides has. One query."""
    provider = Place(service.provider_id, service.provider_side_id)
    customer = Place(service.customer_id, service.customer_side_id)
    known = twin(provider, customer, name, but=service.id)
    if known is not None:
        raise Twice(known)
