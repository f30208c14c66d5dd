"""Balanced support: how it is computed, kept, and shown without giving anybody's vote away.

Over the affected departments it is the geometric mean of (s + m·p₀)/(n + m): s supporters among n
active people of the department on the day they voted, p₀ the idea's share of the whole company,
m = 10. So a small department counts like a large one, silence of one side weighs, and a new
supporter never lowers it. With no affected department the company is the only one, which gives p₀.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, case, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from forum.accounts import facts as accounts
from forum.accounts.models import ACTIVE_FOR, Person
from forum.core import jobs, readers
from forum.core.clock import now
from forum.core.db import JsonDict, Model, db, transaction
from forum.core.events import Event
from forum.core.readers import Reader, ReaderCursor, position_of
from forum.departments import facts as departments
from forum.ideas import facts
from forum.ideas.models import VOTABLE, Answer, Idea, Vote

PRIOR = 10
"""m: how many people's worth of the company's opinion every department begins with."""
BATCH = 200
"""Ideas in one write, so that the running forum is never starved."""
READER = "support"
NOWHERE: ColumnElement[int] = literal_column("0", Integer)
"""Stands for those without a department; no parameter, because it is grouped by."""

OF_IDEAS = frozenset(
    event.name
    for event in (
        facts.SUPPORT_CHANGED,
        facts.POSTED,
        facts.DEPARTMENTS_CHANGED,
        facts.IMPORTED,
        facts.STAGE_CHANGED,
    )
)
OF_PEOPLE = frozenset(
    event.name
    for event in (
        accounts.SIGNED_IN,
        accounts.CREATED,
        accounts.DEACTIVATED,
        accounts.REACTIVATED,
        accounts.ERASED,
        departments.MEMBER_MOVED,
        departments.MERGED,
    )
)


def balanced(groups: Sequence[tuple[int, int]], share: float, m: int = PRIOR) -> float:
    """Balanced support of (supporters, active people) per affected department; 0 to 1.

    Somebody who voted and moved on still counts where they voted, so no share exceeds one.
    """
    shares = [(s + m * share) / (max(n, s) + m) for s, n in groups] or [share]
    if min(shares) <= 0:
        return 0.0
    return round(math.exp(math.fsum(map(math.log, shares)) / len(shares)), 12)


class SupportFigures(Model):
    """The one row of what all ideas are measured by, and how far they have been measured again.

    `people` maps departments (“0” for none) to their active people; `swept_to` is the last idea
    measured by it, None when all are; `again` asks for another round after this one.
    """

    __tablename__ = "support_figures"
    __table_args__: Any = {}

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[JsonDict]
    revision: Mapped[int] = mapped_column(default=1)
    swept_to: Mapped[int | None]
    again: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)


Figures = Mapping[str, int]


def is_active() -> ColumnElement[bool]:
    """`Person.is_active` for the database."""
    return (
        Person.deactivated_at.is_(None)
        & Person.erased_at.is_(None)
        & (Person.signed_in_at > now() - ACTIVE_FOR)
    )


def count_active() -> dict[str, int]:
    """Active people by department, “0” for none. One query."""
    query = (
        select(func.coalesce(Person.department_id, NOWHERE), func.count(Person.id))
        .where(is_active())
        .group_by(func.coalesce(Person.department_id, NOWHERE))
    )
    return {str(row[0]): row[1] for row in db.session.execute(query)}


def measure(idea_ids: Sequence[int], people: Figures) -> dict[int, float]:
    """Balanced support of some ideas as it should be. Two queries, whatever their number."""
    votes: dict[int, dict[int, int]] = {idea_id: {} for idea_id in idea_ids}
    counted = (
        select(Vote.idea_id, func.coalesce(Vote.department_id, NOWHERE), func.count())
        .join(Person, Person.id == Vote.person_id)
        .where(Vote.idea_id.in_(idea_ids), is_active())
        .group_by(Vote.idea_id, func.coalesce(Vote.department_id, NOWHERE))
    )
    for idea_id, department_id, supporters in db.session.execute(counted):
        votes[idea_id][department_id] = supporters
    affected: dict[int, list[int]] = {idea_id: [] for idea_id in idea_ids}
    slots = select(Answer.idea_id, Answer.department_id).where(Answer.idea_id.in_(idea_ids))
    for idea_id, department_id in db.session.execute(slots):
        affected[idea_id].append(department_id)
    everybody = sum(people.values())
    return {
        idea_id: _of_idea(votes[idea_id], affected[idea_id], people, everybody)
        for idea_id in idea_ids
    }


def _of_idea(
    votes: Mapping[int, int], affected: Sequence[int], people: Figures, everybody: int
) -> float:
    share = min(1.0, sum(votes.values()) / everybody) if everybody else 0.0
    return balanced([(votes.get(d, 0), people.get(str(d), 0)) for d in affected], share)


@dataclass(frozen=True, slots=True)
class Measured:
    """Values to write, and the figures they rest on."""

    values: dict[int, float]
    people: dict[str, int]
    known: SupportFigures | None

    def write(self) -> None:
        """Store the values in the open write; where the figures moved, ask for all ideas again."""
        store(self.values)
        if self.known is None or self.people != self.known.people:
            ask_again(self.people)
        else:
            _ask_again_if_moved(self.known.revision)


def store(values: Mapping[int, float]) -> None:
    """Keep measured values, in the open write."""
    if values:
        table: Any = Idea.__table__
        db.session.execute(
            update(table).where(table.c.id == bindparam("of")).values(balanced=bindparam("now")),
            [{"of": idea_id, "now": value} for idea_id, value in values.items()],
        )


def ask_again(people: Figures) -> None:
    """Keep new figures and have every open idea measured by them, in the open write.

    A round under way is finished first, so that changes in a row cannot keep it from its end.
    """
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    row = {"id": 1, "people": dict(people), "revision": 1, "swept_to": 0, "again": False}
    query = insert(SupportFigures.__table__).values(**row, at=now())
    db.session.execute(
        query.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "people": query.excluded.people,
                "at": query.excluded.at,
                "revision": SupportFigures.revision + 1,
                **_another_round(),
            },
        )
    )


def _ask_again_if_moved(revision: int) -> None:
    moved = SupportFigures.revision != revision
    db.session.execute(
        update(SupportFigures)
        .where(moved)
        .values(**_another_round())
        .execution_options(synchronize_session=False)
    )


def _another_round() -> dict[str, Any]:
    under_way = func.coalesce(SupportFigures.swept_to, 0) > 0
    return {
        "again": case((under_way, True), else_=SupportFigures.again),
        "swept_to": func.coalesce(SupportFigures.swept_to, 0),
    }


def prepare(batch: Sequence[Event]) -> Callable[[], None]:
    """Measure the ideas a batch touches; people coming, going and moving concern them all."""
    ids = sorted({event.object_id for event in batch if event.type in OF_IDEAS})
    if not ids and not any(event.type in OF_PEOPLE for event in batch):
        return lambda: None
    known, people = figures(), count_active()
    return Measured(measure(ids, people) if ids else {}, people, known).write


def figures() -> SupportFigures | None:
    """What the ideas are measured by. One query."""
    query = select(SupportFigures).execution_options(populate_existing=True)
    return db.session.scalars(query).first()


SUPPORT = Reader(READER, prepare)


def refresh(*, batches: int = 50) -> int:
    """Measure open ideas again as far as asked for; the number measured."""
    done = 0
    for _ in range(batches):
        known = figures()
        if known is None or known.swept_to is None:
            break
        done += _refresh_batch(known, known.swept_to)
    return done


def _refresh_batch(known: SupportFigures, after: int) -> int:
    """One batch; given up when the reader moved meanwhile, whose values are newer."""
    position = position_of(READER)
    query = (
        select(Idea.id)
        .where(Idea.id > after, Idea.stage_kind.in_(VOTABLE), Idea.vote_count > 0)
        .order_by(Idea.id)
        .limit(BATCH)
    )
    ids = list(db.session.scalars(query))
    values = measure(ids, known.people) if ids else {}
    restart = case((SupportFigures.again.is_(True), 0), else_=None)
    with transaction():
        if _stands(position) and _claim(known, ids[-1] if len(ids) == BATCH else restart):
            store(values)
    return len(ids)


def _stands(position: int) -> bool:
    """Whether the reader is where it was; holds it there until the commit."""
    held = db.session.execute(
        update(ReaderCursor)
        .where(ReaderCursor.name == READER, ReaderCursor.position == position)
        .values(position=position)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined]


def _claim(known: SupportFigures, swept_to: Any) -> bool:
    ended = not isinstance(swept_to, int)
    moved = db.session.execute(
        update(SupportFigures)
        .where(SupportFigures.swept_to == known.swept_to, SupportFigures.revision == known.revision)
        .values(swept_to=swept_to, again=False if ended else SupportFigures.again)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def follow_the_clock() -> None:
    """Notice people who are no longer active because time passed, which no event tells."""
    known, people = figures(), count_active()
    if known is not None and known.people != people:
        with transaction():
            ask_again(people)
    refresh()


def install() -> None:
    """Follow the log and the clock."""
    readers.register(SUPPORT)
    jobs.LOOKS["support"] = refresh
    jobs.SWEEPS["support"] = follow_the_clock
