"""Saying which services go by a standard."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.core.site import save_settings, site
from forum.standards import policy
from forum.standards.models import Standard, VersionState
from forum.standards.review import facts
from forum.standards.review.closing import upsert
from forum.standards.serving.models import ServiceStandard
from forum.standards.serving.queries import to_choose

RETIRED = lazy("This standard is retired; nothing goes by it.")


def govern(
    moderator: Person, standard: Standard, services: Collection[int], *, everybody: bool
) -> None:
    """Say which of the services offered go by a standard, and whether those without their own do.

    A service that went by another goes by this one now.
    """
    require(policy.may_begin(moderator))
    if standard.state == VersionState.RETIRED:
        raise Conflict(RETIRED)
    offered = {row.id: row.standard_id for row in to_choose(standard)}
    chosen = offered.keys() & set(services)
    dropped = [each for each, by in offered.items() if by == standard.id and each not in chosen]
    with transaction():
        db.session.execute(delete(ServiceStandard).where(ServiceStandard.service_id.in_(dropped)))
        for service_id in sorted(chosen):
            _give(service_id, standard.id)
        _make_general(standard.id, everybody)
        record(facts.GOVERNS, by=moderator, about=("standard", standard.id))


def _give(service_id: int, standard_id: int) -> None:
    db.session.execute(
        upsert(ServiceStandard)
        .values(service_id=service_id, standard_id=standard_id)
        .on_conflict_do_update(index_elements=["service_id"], set_={"standard_id": standard_id})
    )


def _make_general(standard_id: int, everybody: bool) -> None:
    if everybody != (site().serving_standard == standard_id):
        save_settings({"serving_standard": standard_id if everybody else 0})
