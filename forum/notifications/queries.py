"""Reading an inbox; every row is checked against what its reader may see now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.standin import StandIn, run
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.events import Event
from forum.core.i18n import speaking
from forum.core.paging import Page, decode_cursor, page_of, read_moment
from forum.core.site import site
from forum.discussion.models import Comment
from forum.discussion.pages import place_url
from forum.discussion.queries import Standing, places_of
from forum.discussion.visibility import standing
from forum.ideas.facts import SETTLED
from forum.ideas.models import Decision, Idea
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.notifications import elsewhere, seen
from forum.notifications.elsewhere import Called
from forum.notifications.kinds import Kind, Thing
from forum.notifications.models import DueMail, Notification
from forum.notifications.seen import KINDS
from forum.standards.kept.telling import is_mended
from forum.standards.models import Standard
from forum.standards.visibility import visible_to as standard_visible_to

PAGE = 30
ROWS = 500
"""What waits to be mailed, read at once."""


class Item(NamedTuple):
    """One piece of news with what it is about."""

    id: int
    kind: str
    object_kind: str
    object_id: int
    comment_id: int | None
    at: datetime
    read_at: datetime | None
    more: bool
    payload: dict[str, Any]
    actor: str | None
    idea_title: str | None
    idea_lang: str | None
    standard_title: str | None
    standard_lang: str | None
    number: str | None
    called: Called | None = None
    behind: tuple[Item, ...] = ()

    @property
    def title(self) -> str:
        """What it is about."""
        if self.called is not None:
            return self.called.title
        return self.idea_title or f"{self.number} {self.standard_title}"

    @property
    def lang(self) -> str:
        """The language of the title."""
        return self.idea_lang or self.standard_lang or ""


def _columns(source: Any) -> tuple[Any, ...]:
    inbox = source is Notification
    return (
        source.id,
        source.kind,
        source.object_kind,
        source.object_id,
        source.comment_id,
        source.at,
        source.read_at if inbox else null(),
        _more() if inbox else false(),
        Event.payload,
        Person.name,
        Idea.title,
        Idea.lang,
        Standard.title,
        Standard.lang,
        Standard.number,
    )


def _more() -> ColumnElement[bool]:
    """Whether something lies behind a notice."""
    behind = aliased(Notification)
    return exists().where(behind.behind_id == Notification.id, behind.concealed.is_(False))


def inbox(reader: Person, *, after: str = "", unread: bool = False, size: int = PAGE) -> Page[Item]:
    """A page of news, newest first. One query, one for what lies behind notices, and one for a
    consultant's scope; those of features above where they have news on it."""
    query = _items(reader).where(Notification.behind_id.is_(None))
    if unread:
        query = query.where(Notification.read_at.is_(None))
    if position := position_of(after):
        query = query.where(_before(*position))
    query = query.order_by(Notification.at.desc(), Notification.id.desc()).limit(size + 1)
    rows = [Item(*row) for row in db.session.execute(query)]
    page = page_of(rows, size, lambda item: (item.at.isoformat(), item.id))
    return Page(_with_behind(reader, _named(reader, page.rows)), page.next)


def _with_behind(reader: Person, items: list[Item]) -> list[Item]:
    """The notices with what lies behind them, oldest first. One query, none where nothing does."""
    heads = [item.id for item in items if item.more]
    if not heads:
        return items
    query = _items(reader).add_columns(Notification.behind_id)
    query = query.where(Notification.behind_id.in_(heads)).order_by(Notification.id)
    behind: dict[int, list[Item]] = {}
    for row in db.session.execute(query):
        behind.setdefault(row[-1], []).append(Item(*row[:-1]))
    return [item._replace(behind=tuple(behind.get(item.id, ()))) for item in items]


def _named(reader: Person, items: list[Item]) -> list[Item]:
    """The same with what features above say of theirs; what they do not know is left out."""
    called = elsewhere.names_of(reader, items)
    ours = [item._replace(called=called.get(item.id)) for item in items]
    return [item for item in ours if item.called or item.object_kind in KINDS]


def position_of(after: str) -> tuple[datetime, int] | None:
    """The place a cursor names, None for none or a damaged one."""
    found = decode_cursor(after, (str, int))
    if found is None:
        return None
    at = read_moment(found[0])
    return (at, found[1]) if at is not None else None


def _before(at: datetime, number: int) -> Any:
    if db.engine.dialect.name == "postgresql":
        return tuple_(Notification.at, Notification.id) < tuple_(at, number)
    same = and_(Notification.at == at, Notification.id < number)
    return and_(Notification.at <= at, or_(Notification.at < at, same))


def seen_ids(reader: Person) -> Select[Any]:
    """The ids of all news whose subjects the reader may see now, as a subquery."""
    return _items(reader).with_only_columns(Notification.id)


def item_or_404(reader: Person, notification_id: int) -> Item:
    """One's own notification, while one may see what it leads to. One query, and a feature's."""
    query = _items(reader).where(Notification.id == notification_id)
    found = _named(reader, [Item(*row) for row in db.session.execute(query)])
    if not found:
        raise NotFound
    return found[0]


def address_of(item: Item) -> str:
    """Where a piece of news leads. One query for a comment."""
    return address_among(item, places_of(comments_of([item])))


def comments_of(items: Iterable[Item]) -> set[int]:
    """The comments that news lead to."""
    return {item.comment_id for item in items if item.comment_id is not None}


def address_among(item: Item, places: Mapping[int, Standing]) -> str:
    """Where a piece of news leads, when it is known where its comment stands."""
    if item.called is not None:
        return item.called.url
    page = f"/standards/{item.number}" if item.number else f"/ideas/{item.object_id}"
    if item.comment_id is not None and item.comment_id in places:
        place = places[item.comment_id]  # it may have moved with its idea since
        page = page if item.number else f"/ideas/{place.subject_id}"
        return place_url(page, item.comment_id, far=place.far)
    return page + PLACES.get(item.kind, "")


PLACES: dict[str, str] = {
    Kind.ANSWER_WANTED: "#answers",
    Kind.ANSWERED: "#answers",
    Kind.ANSWER_DUE: "#answers",
    Kind.ESCALATED: "#answers",
    Kind.SUGGESTED: "/suggestions",
    Kind.SUGGESTION_TAKEN: "/suggestions",
    Kind.SUGGESTION_LEFT: "/suggestions",
    Kind.ADOPTED: "#adopted",
    Kind.PROMISE_BROKEN: "/kept",
}
"""Where on its page, or behind it, news lead."""


def unread_of_kind(reader: Person, kind: Kind, *, most: int) -> list[Item]:
    """The newest unread news of a kind. One query."""
    return [Item(*row) for row in run(_unread, reader, kind, most)]


def _unread(reader: Person, kind: Kind, most: int) -> Any:
    return (
        _items(reader)
        .where(
            Notification.read_at.is_(None),
            Notification.kind == kind,
            Notification.behind_id.is_(None),
        )
        .order_by(Notification.at.desc(), Notification.id.desc())
        .limit(most)
    )


def to_be_mailed(
    people: Collection[Person], ids: Mapping[int, Sequence[int]]
) -> dict[int, dict[int, Item]]:
    """What waits to be mailed of these, by person and id, as far as each may see it now, named in
    their language.

    A query for all who see the same and five hundred rows, two for each consultant; for news of
    features above theirs, a person.
    """
    items: dict[int, list[Item]] = {person.id: [] for person in people}
    for (role, kind, alone), members in seen.by_view(people).items():
        reader: Any = members[0] if alone else StandIn(role, kind, person_id=DueMail.person_id)
        theirs = sorted(number for member in members for number in ids[member.id])
        for start in range(0, len(theirs), ROWS):
            rows = DueMail.id.in_(theirs[start : start + ROWS])
            query = _items(reader, DueMail).add_columns(DueMail.person_id)
            for row in db.session.execute(query.where(rows, ~taken_back(DueMail))):
                items[row[-1]].append(Item(*row[:-1]))
    return {person.id: _told(person, items[person.id]) for person in people}


def _told(person: Person, items: list[Item]) -> dict[int, Item]:
    with speaking(person.locale or site().default_locale):
        return {item.id: item for item in _named(person, items)}


def is_seen(reader: Person, thing: Thing) -> bool:
    """Whether somebody who may come in sees an idea or standard; of other things their features
    decide. One query, and one for a consultant's scope."""
    return thing[0] not in KINDS or seen.sees(reader, thing)


def taken_back(source: Any) -> ColumnElement[bool]:
    """Whether the news are of a decision that was undone, or of a breach that was taken back."""
    settled = aliased(Event)
    decision = settled.payload["decision"].as_integer()
    undone = exists().where(
        settled.id == source.event_id,
        settled.type == SETTLED.name,
        ~exists().where(Decision.id == decision),
    )
    return or_(undone, is_mended(source.event_id))


def _items(reader: Person, source: Any = Notification) -> Select[Any]:
    kept = [Notification.concealed.is_(False)] if source is Notification else []
    is_idea, is_standard = (source.object_kind == kind for kind in ("idea", "standard"))
    return (
        select(*_columns(source))
        .select_from(source)
        .outerjoin(Event, Event.id == source.event_id)
        .outerjoin(Person, Person.id == Event.actor_id)
        .outerjoin(Idea, and_(is_idea, Idea.id == source.object_id))
        .outerjoin(Standard, and_(is_standard, Standard.id == source.object_id))
        .outerjoin(Comment, Comment.id == source.comment_id)
        .where(
            source.person_id == reader.id,
            *kept,
            standing(),
            or_(
                and_(Idea.id.is_not(None), idea_visible_to(reader)),
                and_(Standard.id.is_not(None), standard_visible_to(reader)),
                source.object_kind.in_(elsewhere.kinds()),
            ),
        )
    )
