"""Who wants to hear of what, by which way: the role's defaults and what people chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from forum.accounts.invitations import may_mail
from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.notifications.kinds import Kind
from forum.notifications.models import NewsChoice
from forum.notifications.topics import (
    CELLS,
    TOPIC_OF,
    Cell,
    Channel,
    Topic,
    defaults,
    defaults_of,
)


class Standing(NamedTuple):
    """What of a person decides how they are told."""

    role: str
    kind: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wishes of some people."""

    people: dict[int, Standing]
    chosen: dict[tuple[int, str, str], bool]

    def wants(self, person_id: int, topic: Topic | None, channel: Channel) -> bool:
        """Whether news of a topic go this way; what has no topic only goes into the inbox."""
        person = self.people.get(person_id)
        if person is None or topic is None:
            return channel == Channel.INBOX
        if channel != Channel.INBOX and not person.reachable:
            return False
        default = (topic, channel) in defaults_of(person.role, person.kind)
        return self.chosen.get((person_id, topic, channel), default)

    def in_inbox(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of news goes into its person's inbox."""
        return self.wants(row["person_id"], TOPIC_OF[Kind(row["kind"])], Channel.INBOX)

    def by_mail(self, row: Mapping[str, Any]) -> bool:
        """Whether it goes by mail."""
        return self.wants(row["person_id"], TOPIC_OF[Kind(row["kind"])], Channel.MAIL)


def of_people(ids: Collection[int]) -> Wishes:
    """Their wishes. Two queries for five hundred, none for nobody."""
    people: dict[int, Standing] = {}
    chosen: dict[tuple[int, str, str], bool] = {}
    known, mails = sorted(ids), may_mail() if ids else False
    for start in range(0, len(known), 500):
        chunk = known[start : start + 500]
        # Whoever never came in was invited or imported, and has not asked for any mail.
        query = select(Person.id, Person.role, Person.kind, Person.email, Person.signed_in_at)
        for row in db.session.execute(query.where(Person.id.in_(chunk))):
            reachable = bool(mails and row.email and row.signed_in_at)
            people[row.id] = Standing(row.role, row.kind, reachable)
        choices = select(NewsChoice).where(NewsChoice.person_id.in_(chunk))
        chosen.update(
            ((each.person_id, each.topic, each.channel), each.wanted)
            for each in db.session.scalars(choices)
        )
    return Wishes(people, chosen)


def cells_of(person: Person) -> frozenset[Cell]:
    """Everything somebody hears, and how. One query."""
    query = select(NewsChoice).where(NewsChoice.person_id == person.id)
    chosen = {(each.topic, each.channel): each.wanted for each in db.session.scalars(query)}
    default = defaults(person)
    return frozenset(cell for cell in CELLS if chosen.get(cell, cell in default))


def choose(person: Person, wanted: Collection[Cell]) -> None:
    """Hear of exactly this; only what differs from the role's defaults is kept, so that those who
    chose nothing follow when they change role."""
    default = defaults(person)
    rows = [
        NewsChoice(person_id=person.id, topic=cell[0], channel=cell[1], wanted=cell in wanted)
        for cell in CELLS
        if (cell in wanted) != (cell in default)
    ]
    with transaction():
        reset(person.id)
        db.session.add_all(rows)
        db.session.flush()


def turn(person: Person, cells: Iterable[Cell], *, on: bool) -> None:
    """Change some of it and leave the rest."""
    now = cells_of(person)
    choose(person, now | frozenset(cells) if on else now - frozenset(cells))


def reset(person_id: int) -> None:
    """As the role has it, in the open write."""
    db.session.execute(
        delete(NewsChoice)
        .where(NewsChoice.person_id == person_id)
        .execution_options(synchronize_session=False)
    )
