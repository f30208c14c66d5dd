"""What people want to hear of single things: who hears more of an event, and who less.

Nothing here shows anybody what they may not see: the reader asks that afterwards, of everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select

from forum.core.db import db
from forum.core.events import Event
from forum.discussion import facts as discussion
from forum.ideas import facts as ideas
from forum.ideas.models import Idea, IdeaTag, StageKind
from forum.notifications import affected
from forum.notifications.kinds import STRENGTH, Kind, Thing
from forum.notifications.models import Level, Watch
from forum.notifications.recipients import News, news_of, said_under, thing_of
from forum.notifications.scene import Scene
from forum.notifications.topics import TOPIC_OF, Topic
from forum.standards import facts as standards

NEW: Set[str] = frozenset(Level) - {Level.IGNORE}
UPDATES: Set[str] = frozenset((Level.UPDATES, Level.ALL))
ALL: Set[str] = frozenset((Level.ALL,))
HEARD: dict[str, tuple[Kind, Set[str]]] = {
    ideas.POSTED.name: (Kind.NEW_IDEA, NEW),
    ideas.DEPARTMENTS_CHANGED.name: (Kind.NEW_IDEA, NEW),
    ideas.ANSWERED.name: (Kind.ANSWERED_FOLLOWED, UPDATES),
    ideas.SETTLED.name: (Kind.DECIDED, UPDATES),
    ideas.DONE.name: (Kind.DONE, UPDATES),
    ideas.STAGE_CHANGED.name: (Kind.STANDARDISED, UPDATES),
    discussion.COMMENTED.name: (Kind.COMMENTED_FOLLOWED, ALL),
    standards.STANDARD_PUBLISHED.name: (Kind.PUBLISHED, NEW),
}
"""What those who watch hear of an event, and from which level on."""
OF_SOMEBODY = frozenset(
    (Kind.MENTIONED, Kind.REPLIED, Kind.COMMENTED, Kind.COMMENTED_FOLLOWED, Kind.NEW_IDEA)
)
"""What is not told when it is by somebody whom one ignores; answers and decisions are told."""


@dataclass(slots=True)
class Around:
    """What the things of a batch belong to, which departments they affect now and did before, and
    who watches which of it at which level."""

    belongs: dict[Thing, set[Thing]] = field(default_factory=dict)
    slots: dict[int, set[int]] = field(default_factory=dict)
    changes: dict[int, affected.Changes] = field(default_factory=dict)
    watches: dict[Thing, dict[int, Watch]] = field(default_factory=dict)

    def watchers(self, things: Iterable[Thing], levels: Set[str], at: datetime) -> Iterator[int]:
        """Whoever watched one of these at one of the levels."""
        for thing in things:
            for person_id, watch in self.watches.get(thing, {}).items():
                if watch.level in levels and watch.since <= at:
                    yield person_id

    def level(self, person_id: int, thing: Thing, at: datetime) -> str:
        """How much somebody wanted to hear of it; nothing said is an empty word."""
        watch = self.watches.get(thing, {}).get(person_id)
        return watch.level if watch is not None and watch.since <= at else ""

    def whole(self, thing: Thing, event: Event) -> set[Thing]:
        """A thing with all it belongs to, and what it affected at an event."""
        return {thing} | self.belongs.get(thing, set()) | self._affected(thing, event.id)

    def _affected(self, thing: Thing, event_id: int) -> set[Thing]:
        kind, number = thing
        if kind != "idea":
            return set()
        now, changes = self.slots.get(number, set()), self.changes.get(number, {})
        return {("department", each) for each in affected.at_event(now, changes, event_id)}

    def departments(self) -> set[Thing]:
        """Every department that an idea affects or did."""
        known = (*self.slots.values(), *self.changes.values())
        return {("department", number) for several in known for number in several}

    def ignores(self, person_id: int, thing: Thing, at: datetime) -> bool:
        """Whether somebody wanted to hear nothing of it."""
        return self.level(person_id, thing, at) == Level.IGNORE


def news(batch: Sequence[Event], scene: Scene) -> list[tuple[Event, News]]:
    """Everybody who should hear of the events of a batch, each with the strongest reason."""
    around = _around(batch, scene)
    return [(event, each) for event in batch for each in _of_event(event, scene, around)]


def _of_event(event: Event, scene: Scene, around: Around) -> Iterator[News]:
    found = {each.person_id: each for each in news_of(event, scene)}
    for each in _watched(event, scene, around):
        known = found.get(each.person_id)
        if known is None or STRENGTH[each.kind] < STRENGTH[known.kind]:
            found[each.person_id] = each
    return (each for each in found.values() if not _unwanted(each, event, scene, around))


def _watched(event: Event, scene: Scene, around: Around) -> Iterator[News]:
    thing, comment_id = thing_of(event, scene)
    if thing is None or event.type not in HEARD or not _stands(event, scene):
        return
    kind, levels = HEARD[event.type]
    about = said_under(event, scene) or thing
    people = set(around.watchers(_watched_by(event, about, around), levels, event.at))
    if kind == Kind.ANSWERED_FOLLOWED:
        people.update(scene.followers_at(event.object_id, event.at))
    people.discard(event.actor_id or 0)
    yield from (News(person_id, kind, thing, comment_id) for person_id in sorted(people))


def _watched_by(event: Event, thing: Thing, around: Around) -> set[Thing]:
    """Through what an event reaches those who watch. An idea is new where it is posted, and where
    it is brought later."""
    added = {("department", number) for number in event.payload.get("departments") or ()}
    if event.type == ideas.POSTED.name:
        return added | around.belongs.get(thing, set())
    return added if event.type == ideas.DEPARTMENTS_CHANGED.name else around.whole(thing, event)


def _stands(event: Event, scene: Scene) -> bool:
    """Whether what happened is still so, as the rules in `recipients` ask of it."""
    if event.type == ideas.SETTLED.name:
        return event.payload.get("decision") in scene.decisions
    if event.type == ideas.STAGE_CHANGED.name:
        return event.payload.get("after") == StageKind.STANDARDISED
    if event.type == ideas.ANSWERED.name:
        said = event.payload.get("answer")
        slot = (event.object_id, event.payload.get("department") or 0)
        return (
            said != "waiting"
            and scene.answers.get(slot) == said
            and not event.payload.get("restored")
        )
    return True


def _unwanted(news: News, event: Event, scene: Scene, around: Around) -> bool:
    """Whether somebody has said that they do not want to hear this."""
    if TOPIC_OF[news.kind] == Topic.ASKED:
        return False
    person_id, thing, at = news.person_id, said_under(event, scene) or news.thing, event.at
    follows = thing[0] == "idea" and person_id in scene.followers_at(thing[1], at)
    if around.ignores(person_id, thing, at) and not follows:
        return True
    if news.kind in OF_SOMEBODY and around.ignores(person_id, ("person", event.actor_id or 0), at):
        return True
    if TOPIC_OF[news.kind] != Topic.FOLLOWED:
        return False
    if follows:
        level = around.level(person_id, thing, at)
        return news.kind == Kind.COMMENTED_FOLLOWED and level in (Level.UPDATES, Level.NEW)
    return any(around.ignores(person_id, each, at) for each in around.whole(thing, event) - {thing})


def _around(batch: Sequence[Event], scene: Scene) -> Around:
    """What the batch touches, as far as anybody watches it. Three queries."""
    around = Around()
    _read_ideas(around, scene)
    for event in batch:
        thing = said_under(event, scene)
        if thing is not None:
            around.belongs.setdefault(thing, set())
    actors = {("person", event.actor_id) for event in batch if event.actor_id is not None}
    added = {
        ("department", number)
        for event in batch
        for number in event.payload.get("departments") or ()
    }
    known = (around.departments(), *around.belongs.values())
    everything = set(around.belongs).union(actors, added, *known)
    around.watches = watches_of(everything)
    return around


def _read_ideas(around: Around, scene: Scene) -> None:
    for idea in scene.ideas.values():
        around.belongs["idea", idea.id] = {("person", idea.author)}
    for idea_id, department_id in scene.answers:
        around.slots.setdefault(idea_id, set()).add(department_id)
    around.changes = affected.changes_of(scene.ideas)
    query = (
        select(Idea.id, Idea.author_department_id, IdeaTag.tag_id)
        .outerjoin(IdeaTag, IdeaTag.idea_id == Idea.id)
        .where(Idea.id.in_(scene.ideas))
    )
    for idea_id, author_department, tag_id in db.session.execute(query) if scene.ideas else ():
        for kind, number in (("department", author_department), ("tag", tag_id)):
            if number is not None:
                around.belongs["idea", idea_id].add((kind, number))


def watches_of(things: Iterable[Thing]) -> dict[Thing, dict[int, Watch]]:
    """Who watches these, and how much. One query, none for nothing."""
    by_kind: dict[str, list[int]] = {}
    for kind, number in things:
        by_kind.setdefault(kind, []).append(number)
    found: dict[Thing, dict[int, Watch]] = {}
    if not by_kind:
        return found
    asked = [(Watch.kind == kind) & Watch.thing_id.in_(ids) for kind, ids in by_kind.items()]
    for watch in db.session.scalars(select(Watch).where(or_(*asked))):
        found.setdefault((watch.kind, watch.thing_id), {})[watch.person_id] = watch
    return found
