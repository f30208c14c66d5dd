"""How much somebody wants to hear of one thing: an idea, department, tag, standard or person."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db, transaction
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _, lazy
from forum.core.numbers import id_or_none
from forum.departments.models import Department
from forum.departments.visibility import (
    departments_visible_to,
    people_visible_to,
    visible_department,
)
from forum.ideas import votes
from forum.ideas.models import Follow, Idea, IdeaTag, StageKind, Tag
from forum.ideas.queries import idea_or_404
from forum.ideas.visibility import listed_for
from forum.notifications.models import Level, Watch
from forum.standards.models import Standard, VersionState
from forum.standards.queries import standard_or_404
from forum.standards.visibility import visible_to as standard_visible_to


class Watched(NamedTuple):
    """A thing that can be watched: what it is called, where it is, and its language."""

    kind: str
    id: int
    key: str
    title: str
    url: str
    lang: str = ""

    @property
    def address(self) -> str:
        """Where one says how much one wants to hear of it."""
        return f"/watch/{self.kind}/{self.key}"


def _idea(reader: Person, key: str) -> Watched:
    idea = idea_or_404(reader, id_or_none(key) or 0)
    if idea.stage_kind == StageKind.DRAFT:
        raise NotFound
    return Watched("idea", idea.id, key, idea.title, f"/ideas/{idea.id}", idea.lang)


def _department(reader: Person, key: str) -> Watched:
    department = visible_department(reader, key)
    url = f"/departments/{department.slug}"
    return Watched("department", department.id, department.slug, department.name, url)


def _tag_seen(reader: Person) -> ColumnElement[bool]:
    """A tag exists for those who see an idea with it."""
    used = exists().where(IdeaTag.tag_id == Tag.id, IdeaTag.idea_id == Idea.id, listed_for(reader))
    return used.correlate(Tag)


def _tag(reader: Person, key: str) -> Watched:
    query = select(Tag.id, Tag.name).where(Tag.slug == key, _tag_seen(reader))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Watched("tag", row.id, key, f"#{row.name}", f"/ideas?tag={key}")


def _standard(reader: Person, key: str) -> Watched:
    standard = standard_or_404(reader, key)
    if standard.state == VersionState.DRAFT:
        raise NotFound
    title, url = f"{standard.number} {standard.title}", f"/standards/{standard.number}"
    return Watched("standard", standard.id, standard.number, title, url, standard.lang)


def _person(reader: Person, key: str) -> Watched:
    query = select(Person).where(
        Person.id == (id_or_none(key) or 0), Person.erased_at.is_(None), people_visible_to(reader)
    )
    person = db.session.scalar(query)
    if person is None or person.id == reader.id:
        raise NotFound
    return Watched("person", person.id, key, shown_name(person.name), f"/people/{person.id}")


FIND: dict[str, Callable[[Person, str], Watched]] = {
    "idea": _idea,
    "department": _department,
    "tag": _tag,
    "standard": _standard,
    "person": _person,
}

USUAL = ""
"""Instead of a level: as everybody hears who has said nothing."""
LEVELS: dict[str, tuple[str, ...]] = {
    "idea": (Level.ALL, Level.UPDATES, USUAL, Level.IGNORE),
    "standard": (Level.ALL, Level.NEW, USUAL, Level.IGNORE),
    **dict.fromkeys(
        ("department", "tag", "person"),
        (Level.ALL, Level.UPDATES, Level.NEW, USUAL, Level.IGNORE),
    ),
}
"""What can be chosen of each kind, most first."""
_ALL_IDEAS: dict[str, object] = {
    Level.ALL: lazy("Everything: new ideas, what becomes of them, and comments"),
    Level.UPDATES: lazy("New ideas, answers and decisions"),
    Level.NEW: lazy("New ideas only"),
}
WORDS: dict[str, dict[str, object]] = {
    "idea": {
        Level.ALL: lazy("Everything: answers, decisions and comments"),
        Level.UPDATES: lazy("Answers and decisions, no comments"),
        USUAL: lazy("Only what concerns me"),
        Level.IGNORE: lazy("Nothing, unless my department is asked"),
    },
    "standard": {
        Level.ALL: lazy("New versions and comments"),
        Level.NEW: lazy("New versions"),
        USUAL: lazy("Only what concerns me"),
        Level.IGNORE: lazy("Nothing"),
    },
    "department": {
        **_ALL_IDEAS,
        USUAL: lazy("Only what concerns me"),
        Level.IGNORE: lazy("Hide its ideas from my news"),
    },
    "tag": {
        **_ALL_IDEAS,
        USUAL: lazy("Only what concerns me"),
        Level.IGNORE: lazy("Hide ideas with this tag from my news"),
    },
    "person": {
        **_ALL_IDEAS,
        USUAL: lazy("Only what concerns me"),
        Level.IGNORE: lazy("Hide this person’s comments and ideas from my news"),
    },
}


def find(reader: Person, kind: str, key: str) -> Watched:
    """A thing by its kind and what its address calls it. Raises NotFound. At most two queries."""
    if kind not in FIND:
        raise NotFound
    return FIND[kind](reader, key)


def level_of(person: Person, thing: Watched) -> str:
    """How much somebody hears of it. At most two queries."""
    watch = db.session.get(Watch, (person.id, thing.kind, thing.id))
    level = watch.level if watch is not None else USUAL
    if thing.kind != "idea":
        return level
    follows = db.session.get(Follow, (thing.id, person.id)) is not None
    if follows:
        return Level.UPDATES if level == Level.UPDATES else Level.ALL
    return Level.IGNORE if level == Level.IGNORE else USUAL


def set_level(person: Person, thing: Watched, level: str) -> None:
    """Hear this much of it. An idea is followed or not, by the rows that its own button writes.

    Raises Invalid for a level that its kind does not have.
    """
    if level not in LEVELS[thing.kind]:
        raise Invalid(_("Choose one from the list."), field="level")
    with transaction():
        _keep(person, thing, level)
        if thing.kind == "idea":
            idea = db.session.get_one(Idea, thing.id)
            follows = level in (Level.ALL, Level.UPDATES)
            (votes.follow if follows else votes.unfollow)(person, idea)


def _keep(person: Person, thing: Watched, level: str) -> None:
    db.session.execute(
        delete(Watch)
        .where(Watch.person_id == person.id, Watch.kind == thing.kind, Watch.thing_id == thing.id)
        .execution_options(synchronize_session=False)
    )
    if level != USUAL and not (thing.kind == "idea" and level == Level.ALL):
        row = Watch(person_id=person.id, kind=thing.kind, thing_id=thing.id, level=level)
        db.session.add(row)
        db.session.flush()


SHOWN = 100
"""Things that the page of one's choices lists, the newest."""


class Listed(NamedTuple):
    """A thing with how much of it somebody hears, in words."""

    thing: Watched
    level: object


def all_of(person: Person) -> list[Listed]:
    """Where somebody hears more or less than usual, as far as they see it now. A query, one for
    each kind there is, and one for a consultant's scope."""
    query = select(Watch).where(Watch.person_id == person.id).limit(SHOWN)
    rows = list(db.session.scalars(query))
    found = {
        (thing.kind, thing.id): thing
        for kind, load in LOAD.items()
        if (ids := [row.thing_id for row in rows if row.kind == kind])
        for thing in load(person, ids)
    }
    listed = [
        Listed(found[row.kind, row.thing_id], WORDS[row.kind][row.level])
        for row in rows
        if (row.kind, row.thing_id) in found
    ]
    return sorted(listed, key=lambda each: (each.thing.kind, each.thing.title))


def _ideas_of(reader: Person, ids: list[int]) -> list[Watched]:
    query = select(Idea.id, Idea.title, Idea.lang).where(Idea.id.in_(ids), listed_for(reader))
    return [
        Watched("idea", row.id, str(row.id), row.title, f"/ideas/{row.id}", row.lang)
        for row in db.session.execute(query)
    ]


def _departments_of(reader: Person, ids: list[int]) -> list[Watched]:
    query = select(Department.id, Department.slug, Department.name).where(
        Department.id.in_(ids), departments_visible_to(reader)
    )
    return [
        Watched("department", row.id, row.slug, row.name, f"/departments/{row.slug}")
        for row in db.session.execute(query)
    ]


def _tags_of(reader: Person, ids: list[int]) -> list[Watched]:
    query = select(Tag.id, Tag.slug, Tag.name).where(Tag.id.in_(ids), _tag_seen(reader))
    return [
        Watched("tag", row.id, row.slug, f"#{row.name}", f"/ideas?tag={row.slug}")
        for row in db.session.execute(query)
    ]


def _standards_of(reader: Person, ids: list[int]) -> list[Watched]:
    columns = (Standard.id, Standard.number, Standard.title, Standard.lang)
    query = select(*columns).where(Standard.id.in_(ids), standard_visible_to(reader))
    return [
        Watched(
            "standard", row.id, row.number, f"{row.number} {row.title}",
            f"/standards/{row.number}", row.lang,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


def _people_of(reader: Person, ids: list[int]) -> list[Watched]:
    query = select(Person.id, Person.name).where(
        Person.id.in_(ids), Person.erased_at.is_(None), people_visible_to(reader)
    )
    return [
        Watched("person", row.id, str(row.id), shown_name(row.name), f"/people/{row.id}")
        for row in db.session.execute(query)
    ]


LOAD: dict[str, Callable[[Person, list[int]], list[Watched]]] = {
    "idea": _ideas_of,
    "department": _departments_of,
    "tag": _tags_of,
    "standard": _standards_of,
    "person": _people_of,
}
