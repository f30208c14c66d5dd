"""Saying which services and items an accepted idea promises to move."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.departments.queries import answers_for
from forum.departments.services.asked import Edge, confirmed_edges
from forum.ideas.models import Idea
from forum.surveys import wordings
from forum.surveys.change import facts, policy
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.models import ItemKind
from forum.surveys.rows import add_missing

SERVICES = 5
"""Of more nobody could say what moved them; and the more are tested, the less is clear."""
ITEMS = 3
MEASURED = lazy("It is being measured; what was promised stays as it is.")


def promise(person: Person, idea: Idea, *, services: Sequence[int], items: Sequence[int]) -> None:
    """Promise all these items of all these services, in place of what was promised before; none
    takes the promise back. Raises Invalid, and Conflict once it is being measured."""
    measured = db.session.get(IdeaMeasure, idea.id) is not None
    if measured:
        raise Conflict(MEASURED)
    require(policy.may_promise(person, idea, answers_for(person.id), measured=measured))
    _check(idea, services, items)
    rows = [
        {"idea_id": idea.id, "service_id": one, "item_id": item, "by_id": person.id, "at": now()}
        for one in services
        for item in items
    ]
    with transaction():
        hold(idea.id)
        if db.session.get(IdeaMeasure, idea.id, populate_existing=True) is not None:
            raise Conflict(MEASURED)
        db.session.execute(delete(IdeaPromise).where(IdeaPromise.idea_id == idea.id))
        add_missing(IdeaPromise, rows)
        record(facts.PROMISED, by=person, about=("idea", idea.id), services=list(services))


def hold(idea_id: int) -> None:
    """Let what is promised and its being measured follow one another, in the open write."""
    db.session.execute(select(Idea.id).where(Idea.id == idea_id).with_for_update())


def offered(idea: Idea) -> list[Edge]:
    """Services that an idea may promise to move: those of the department that owns it. One query,
    none without one."""
    owner = idea.owner_department_id
    return confirmed_edges(departments=[owner]) if owner is not None else []


def _check(idea: Idea, services: Sequence[int], items: Sequence[int]) -> None:
    if len(services) > SERVICES:
        raise Invalid(_("At most %(limit)d services.", limit=SERVICES), field="services")
    if len(items) > ITEMS:
        raise Invalid(_("At most %(limit)d questions.", limit=ITEMS), field="items")
    if bool(services) != bool(items):
        raise Invalid(_("Choose services, and the questions that it should move."), field="items")
    if services and not {edge.id for edge in offered(idea)}.issuperset(services):
        raise Invalid(_("Choose one from the list."), field="services")
    known = {each.item_id for each in wordings.current() if each.kind != ItemKind.TEXT}
    if not set(items) <= known:
        raise Invalid(_("Choose one from the list."), field="items")
