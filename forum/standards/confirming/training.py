"""Confirmations by training: who was there when a standard was gone through has read it.

Training asks its own policy who may note that; here the rules of confirmations are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import record
from forum.standards import facts
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.confirming.giving import give, hold
from forum.standards.confirming.models import Way
from forum.standards.models import Acknowledgement, Standard, Version


def enter(
    clerk: Person, standard: Standard, version: Version, people: Sequence[int], *, at: datetime
) -> None:
    """Note for those of them whom a version asks that they have read it; in the open write.

    What they confirmed themselves stays as it is. Raises Conflict where it is no more in force.
    """
    asked = select(Person.id).where(Person.id.in_(people), may_confirm(), asks(version.id, Person))
    wanted = sorted(db.session.scalars(asked))
    new = give(standard, version, wanted, way=Way.TRAINING, at=at, by_id=clerk.id) if wanted else []
    if new:
        told = {"version": version.number, "people": new}
        record(facts.TRAINING_CONFIRMED, by=clerk, about=("standard", standard.id), **told)  # type: ignore[arg-type]


def take_back(
    clerk: Person, standard: Standard, version: Version, people: Sequence[int], *, at: datetime
) -> None:
    """Remove those that were noted for that moment; what another training confirmed stays."""
    if not people:
        return
    hold(version)
    gone = (
        delete(Acknowledgement)
        .where(
            Acknowledgement.version_id == version.id,
            Acknowledgement.person_id.in_(people),
            Acknowledgement.way == Way.TRAINING,
            Acknowledgement.at == at,
        )
        .returning(Acknowledgement.person_id)
        .execution_options(synchronize_session=False)
    )
    removed = sorted(db.session.scalars(gone))
    if removed:
        told = {"version": version.number, "people": removed}
        record(facts.TRAINING_TAKEN_BACK, by=clerk, about=("standard", standard.id), **told)  # type: ignore[arg-type]
