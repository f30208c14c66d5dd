"""Ideas, standards and services as what somebody is thanked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.services.seen import service_is_visible, services_named
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea, StageKind
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to as standard_visible_to
from forum.thanks.models import Thanks
from forum.thanks.subjects import SUBJECTS, Named, Offer, Subject, Workers

DONE = (StageKind.DONE, StageKind.STANDARDISED)


def install() -> None:
    """Register the three kinds."""
    SUBJECTS["idea"] = Subject(_sees_idea, _ideas_named, _idea_offers, idea_workers)
    SUBJECTS["standard"] = Subject(
        _sees_standard, _standards_named, _standard_offers, standard_workers
    )
    SUBJECTS["service"] = Subject(_sees_service, _services_named, _service_offers)


def _ideas(reader: Person) -> tuple[Any, ...]:
    """Posted ones: drafts are nobody's business, not even their author's here."""
    return idea_visible_to(reader), Idea.stage_kind != StageKind.DRAFT


def _sees_idea(reader: Person) -> ColumnElement[bool]:
    this = select(Idea.id).where(Idea.id == Thanks.subject_id, *_ideas(reader))
    return exists(this.correlate(Thanks))


def _ideas_named(reader: Person, ids: Collection[int]) -> Mapping[int, Named]:
    query = select(Idea.id, Idea.title, Idea.lang).where(Idea.id.in_(ids), *_ideas(reader))
    return {row[0]: Named(row[1], row[2], f"/ideas/{row[0]}") for row in db.session.execute(query)}


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


def _sees_standard(reader: Person) -> ColumnElement[bool]:
    this = select(Standard.id).where(Standard.id == Thanks.subject_id, *_standards(reader))
    return exists(this.correlate(Thanks))


def _standards_named(reader: Person, ids: Collection[int]) -> Mapping[int, Named]:
    columns = (Standard.id, Standard.number, Standard.title, Standard.lang)
    query = select(*columns).where(Standard.id.in_(ids), *_standards(reader))
    return {
        row[0]: Named(f"{row[1]} {row[2]}", row[3], f"/standards/{row[1]}")
        for row in db.session.execute(query)
    }


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


def _sees_service(reader: Person) -> ColumnElement[bool]:
    return service_is_visible(reader, Thanks.subject_id)


def _services_named(reader: Person, ids: Collection[int]) -> Mapping[int, Named]:
    return {each.id: Named(each.name, "", each.url) for each in services_named(reader, ids)}


def _service_offers(reader: Person, service_id: int) -> Offer:
    found = services_named(reader, [service_id])
    return Offer(departments=[s.provider_id for s in found if s.provider_id], chosen=True)
