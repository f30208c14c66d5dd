"""Who sees what, asked for many people and things at once with the same rules the pages ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, union

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea, StageKind
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.notifications.kinds import Thing
from forum.standards.approvals.news import drafts_among, reads_draft
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to as standard_visible_to

KINDS = ("idea", "standard")
"""What the rules here decide on; whoever gives out news of other kinds answers for them."""
ALWAYS = (
    *("matter", "suspension", "confirmations", "service", "surveys", "survey-replies", "thanks"),
    *("case", "training", "training-day", "wave"),
)
"""News that go to those alone whom they are about; of thanks, for things of whatever kind."""
Wanted = set[tuple[int, Thing]]
View = tuple[str, str, int]


def allowed(wanted: Iterable[tuple[int, Thing]]) -> Wanted:
    """Those pairs of person and thing where the person may come in and see the thing.

    People without a limit share one query a role and kind; each consultant costs one of their own.
    """
    pairs = set(wanted)
    if not pairs:
        return set()
    people = _people({person_id for person_id, _thing in pairs})
    told = {(p, thing) for p, thing in pairs if _goes_always(thing) and p in people}
    return (
        told
        | _own(pairs, people)
        | _of_drafts(pairs, people)
        | {
            (person_id, thing)
            for key, members in by_view(people.values()).items()
            for person_id, thing in _seen_by(key, members, pairs)
        }
    )


def _goes_always(thing: Thing) -> bool:
    kind = thing[0]
    return kind in ALWAYS or kind.startswith("thanks-")


def hidden_from(unseen: Wanted) -> Wanted:
    """Those of which the thing is an idea that moderators have hidden, and may show again: until
    then its news are kept out of sight. Two queries, none for nothing."""
    ids = {number for _person_id, (kind, number) in unseen if kind == "idea"}
    if not ids:
        return set()
    query = select(Idea.id).where(
        Idea.id.in_(ids), Idea.hidden_at.is_not(None), Idea.stage_kind != StageKind.DRAFT
    )
    hidden = {("idea", number) for number in db.session.scalars(query)}
    people = _people({person_id for person_id, _thing in unseen}) if hidden else {}
    return {(p, thing) for p, thing in unseen if thing in hidden and p in people}


def _people(ids: set[int]) -> dict[int, Person]:
    query = select(Person).where(
        Person.id.in_(ids), Person.deactivated_at.is_(None), Person.erased_at.is_(None)
    )
    return {person.id: person for person in db.session.scalars(query)}


def sees(person: Person, thing: Thing) -> bool:
    """The same for one person who may come in. One query, and one for a consultant's scope."""
    return thing in _visible(person, {thing})


def by_view(people: Iterable[Person]) -> dict[View, list[Person]]:
    """People who see the same, apart from what is their own, by role and kind; each consultant by
    their id besides."""
    groups: dict[View, list[Person]] = {}
    for person in people:
        alone = person.id if person.is_consultant else 0
        groups.setdefault((person.role, person.kind, alone), []).append(person)
    return groups


def _seen_by(key: View, members: list[Person], pairs: Wanted) -> Wanted:
    ids = {person.id for person in members}
    mine = {(person_id, thing) for person_id, thing in pairs if person_id in ids}
    role, kind, alone = key
    anybody = members[0] if alone else Person(id=0, name="", role=role, kind=kind)
    seen = _visible(anybody, {thing for _person_id, thing in mine})
    return {(person_id, thing) for person_id, thing in mine if thing in seen}


def _visible(reader: Person, things: set[Thing]) -> set[Thing]:
    found: set[Thing] = set()
    for kind, published in (("idea", _published_idea), ("standard", _published_standard)):
        ids = [number for known, number in things if known == kind]
        model: Any = Idea if kind == "idea" else Standard
        if ids:
            query = select(model.id).where(model.id.in_(ids), *published(reader))
            found.update((kind, number) for number in db.session.scalars(query))
    return found


def _published_idea(reader: Person) -> tuple[Any, ...]:
    return idea_visible_to(reader), Idea.stage_kind != StageKind.DRAFT


def _published_standard(reader: Person) -> tuple[Any, ...]:
    return standard_visible_to(reader), Standard.state != VersionState.DRAFT


def _of_drafts(pairs: Wanted, people: dict[int, Person]) -> Wanted:
    """Standards that are not published, for those who edit or approve them. A query or two for each
    of these standards, of which few have news."""
    ids = {number for _person_id, (kind, number) in pairs if kind == "standard"}
    found: Wanted = set()
    for number in drafts_among(ids):
        asked = [p for p, thing in pairs if thing == ("standard", number) and p in people]
        found |= {(p, ("standard", number)) for p in asked if reads_draft(people[p], number)}
    return found


def _own(pairs: Wanted, people: dict[int, Person]) -> Wanted:
    """Who writes an idea sees it, hidden or not; a co-author within their scope, as anybody."""
    ids = {number for _person_id, (kind, number) in pairs if kind == "idea"}
    posted = (Idea.id.in_(ids), Idea.stage_kind != StageKind.DRAFT)
    free = [number for number, person in people.items() if not person.is_consultant]
    beside = select(IdeaAuthor.person_id, Idea.id).join(Idea, Idea.id == IdeaAuthor.idea_id)
    query = union(
        select(Idea.author_id, Idea.id).where(*posted, Idea.author_id.in_(people)),
        beside.where(*posted, IdeaAuthor.person_id.in_(free)),
    )
    return {(author, ("idea", number)) for author, number in db.session.execute(query)} & pairs
