"""Whom an idea affects by the map: who provides what it is about, whom they serve, and these."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.modules import is_on
from forum.core.words import terms
from forum.departments.models import Department, Service
from forum.departments.scope import scope_of
from forum.departments.services.queries import COUNTED, customers_of

READ = 2_000
"""Services whose names are compared with a text, the newest first."""
SHARED = 2
"""Words of a service's name, its only one included, that a text about it uses."""
HOPS = 2


def affected(author: Person, words: AbstractSet[str], found: Sequence[int]) -> list[int]:
    """Providers of the services that the text names, then the confirmed customers of these and of
    the departments found by the words, then theirs. At most four queries, none with the map off."""
    if not is_on("map") or scope_of(author).limited:
        return []
    reached = list(dict.fromkeys([*_providers(words), *found]))
    ring = reached
    for _hop in range(HOPS):
        ring = [each for _from, each in customers_of(ring) if each not in reached]
        reached += dict.fromkeys(ring)
    return _open(reached)


def _providers(words: AbstractSet[str]) -> list[int]:
    query = (
        select(Service.provider_id, Service.name)
        .where(Service.state.in_(COUNTED), Service.provider_id.is_not(None))
        .order_by(Service.id.desc())
        .limit(READ)
    )
    return [
        department_id or 0
        for department_id, name in db.session.execute(query)
        if _names(words, set(terms(name)))
    ]


def _names(words: AbstractSet[str], name: set[str]) -> bool:
    return bool(name) and len(words & name) >= min(SHARED, len(name))


def _open(ids: Sequence[int]) -> list[int]:
    query = select(Department.id).where(Department.id.in_(ids), Department.archived_at.is_(None))
    there = set(db.session.scalars(query)) if ids else set()
    return [each for each in ids if each in there]
