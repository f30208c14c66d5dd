"""Edges of the map: who serves whom with what."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.textcheck import clean_line
from forum.departments import facts, policy
from forum.departments.models import Service


def add_service(
    admin: Person | None, *, provider_id: int, customer_id: int, name: str, criticality: str = ""
) -> Service:
    """A new edge. Raises Invalid for a department that would serve itself."""
    require(policy.may_manage(admin))
    check_sides(provider_id == customer_id)
    name = clean_service_name(name)
    with transaction():
        made = Service(
            provider_id=provider_id, customer_id=customer_id, name=name, criticality=criticality
        )
        db.session.add(made)
        try:
            db.session.flush()
        except IntegrityError as clash:
            raise Conflict(_("This service is on the map already.")) from clash
        record(facts.SERVICE_ADDED, by=admin, about=("service", made.id))
    return made


def check_sides(same: bool) -> None:
    """Refuse a department that would serve itself."""
    if same:
        raise Invalid(_("A department does not serve itself here."), field="customer")


def clean_service_name(name: str) -> str:
    """A service's name, cleaned. Raises Invalid when empty or too long."""
    cleaned = clean_line(name)
    if not cleaned or not limits.SERVICE_NAME.allows(cleaned):
        raise Invalid(
            _("Name the service in at most %(limit)d characters.", limit=limits.SERVICE_NAME.value),
            field="name",
        )
    return cleaned


def weigh_service(admin: Person | None, service: Service, criticality: str) -> None:
    """Say how much a customer depends on it."""
    require(policy.may_manage(admin))
    with transaction():
        service.criticality = criticality
        db.session.flush()
        record(facts.SERVICE_CHANGED, by=admin, about=("service", service.id))
