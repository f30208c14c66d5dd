"""Ideas, standards and services as what somebody is thanked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.modules import is_on
from forum.departments.models import Service
from forum.departments.services.queries import visible_to as service_visible_to
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea, StageKind
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to as standard_visible_to
from forum.thanks.subjects import SUBJECTS, Offer, Subject, Workers

DONE = (StageKind.DONE, StageKind.STANDARDISED)


def install() -> None:
    """Register the three kinds."""
    SUBJECTS["idea"] = Subject(
        *(Idea.id, Idea.title, Idea.lang, Idea.id, "/ideas/{}".format),
        *(_ideas, _idea_offers, idea_workers),
    )
    title = Standard.number + " " + Standard.title
    SUBJECTS["standard"] = Subject(
        *(Standard.id, title, Standard.lang, Standard.number, "/standards/{}".format),
        *(_standards, _standard_offers, standard_workers),
    )
    SUBJECTS["service"] = Subject(
        *(Service.id, Service.name, literal(""), Service.id, _on_map, _services, _service_offers),
    )


def _ideas(reader: Person) -> tuple[Any, ...]:
    """Posted ones: drafts are nobody's business, not even their author's here."""
    return idea_visible_to(reader), Idea.stage_kind != StageKind.DRAFT


def _idea_offers(_reader: Person, idea_id: int) -> Offer:
    """Everyone who worked on it, chosen already where there is a result to be thankful for."""
    stage = db.session.scalar(select(Idea.stage_kind).where(Idea.id == idea_id))
    return Offer(everyone=True, chosen=stage in DONE)


def idea_workers(idea_id: int) -> Workers:
    """Its authors, who commented on it and the department that carries it out. Three queries.

    Whose comments are hidden or deleted is not reached; nor is nobody, who stands for an author
    without a name: that one is found again when they look.
    """
    columns = (Idea.author_id, Idea.owner_department_id, Idea.thread_id, Idea.anonymous)
    author, owner, thread, unsigned = db.session.execute(
        select(*columns).where(Idea.id == idea_id)
    ).one()
    beside = select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == idea_id)
    said = select(Comment.author_id).where(Comment.thread_id == thread, standing()).distinct()
    people = {author, *db.session.scalars(beside), *db.session.scalars(said)}
    if unsigned:
        people.discard(author)
    return Workers(
        frozenset(people), frozenset() if owner is None else frozenset({owner}), bool(unsigned)
    )


def _standards(reader: Person) -> tuple[Any, ...]:
    return standard_visible_to(reader), Standard.state.in_(
        (VersionState.IN_FORCE, VersionState.RETIRED)
    )


def _standard_offers(_reader: Person, standard_id: int) -> Offer:
    return Offer(departments=standard_workers(standard_id).departments, everyone=True)


def standard_workers(standard_id: int) -> Workers:
    """Its owner, and the department that owns it. One query."""
    columns = (Standard.owner_id, Standard.owner_department_id)
    owner, department = db.session.execute(select(*columns).where(Standard.id == standard_id)).one()
    return Workers(
        frozenset() if owner is None else frozenset({owner}),
        frozenset() if department is None else frozenset({department}),
    )


def _services(reader: Person) -> tuple[Any, ...]:
    return (service_visible_to(reader),)


def _on_map(service_id: int) -> str:
    """Its page, while there is one."""
    return f"/map/services/{service_id}" if is_on("map") else ""


def _service_offers(reader: Person, service_id: int) -> Offer:
    """Who provides it."""
    query = select(Service.provider_id).where(Service.id == service_id, *_services(reader))
    provider = db.session.scalar(query)
    return Offer(departments=[provider] if provider is not None else [], chosen=True)
