"""What was said of promises, counted beside the marks: a look at a standard then reads a row a
clause, however much was said of it.

A mark is written with a note that its clause has to be counted again, in the same write; the jobs
do so, and until then readers count the marks of that clause themselves. A count is also out of date
once a day that it has counts no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, case, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.db import db, end_read, read_columns, transaction
from forum.standards.clauses.models import Clause
from forum.standards.kept.models import NEVER, PromiseCount, PromiseMark, Side
from forum.standards.kept.rates import Rate

AT_ONCE = 100
"""Clauses counted in one write."""
MOST = 50
"""Writes of one sweep; the rest waits for the next."""

Month = tuple[int, int]
Group = tuple[Side | None, Month | None]
_TABLE = cast(Table, PromiseCount.__table__)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was said of a clause since a day, together and by side, month and both."""

    total: Rate
    groups: Mapping[Group, Rate]
    first_on: date = NEVER

    @classmethod
    def kept(cls, kept: int, total: int, people: int, groups: Any) -> Counted:
        """As it stands in a row."""
        rows = groups.get("rows", ())
        return cls(
            Rate(kept, total, people),
            {_group(*row[:3]): Rate(*row[3:]) for row in rows},
        )

    @property
    def rows(self) -> list[list[Any]]:
        """The groups as a row keeps them."""
        found = (
            [side and str(side), *(month or (None, None)), rate.kept, rate.total, rate.people]
            for (side, month), rate in self.groups.items()
        )
        return sorted(found, key=str)


def _group(side: str | None, year: int | None, month: int | None) -> Group:
    return Side(side) if side else None, (year, month) if year and month else None


class _Said(NamedTuple):
    clause_id: int
    kept: bool
    side: str
    on_day: date
    person_id: int


NOTHING = Counted(Rate(), {})


def note(standard_id: int, clause_ids: Iterable[int]) -> None:
    """Remember, in the open write, that marks of these clauses have changed."""
    values = [
        {"clause_id": each, "standard_id": standard_id, "kept": 0, "total": 0, "people": 0}
        | {"first_on": NEVER, "groups": {}, "changed": 1, "counted": 0}
        for each in sorted(set(clause_ids))
    ]
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    new: Any = insert(_TABLE)
    more = {"changed": _TABLE.c.changed + 1}
    query = new.on_conflict_do_update(index_elements=["clause_id"], set_=more)
    db.session.execute(query, values)


def counts_of(standard_id: int, *, since: date, groups: bool = False) -> dict[int, Counted]:
    """What was said of each clause of a standard since a day, by its key; by side and month where
    `groups` are wanted. One query, another where some have to be counted."""
    found, waiting = {}, {}
    query = _WITH_GROUPS if groups else _TOTALS
    for row in read_columns(query, {"of_standard": standard_id, "since": since}):
        if row.counts:
            found[row.key] = Counted.kept(row.kept, row.total, row.people, row.groups or {})
        else:
            waiting[row.clause_id] = row.key
    fresh = count(waiting, since=since) if waiting else {}
    found |= {waiting[each]: counted for each, counted in fresh.items()}
    return {key: counted for key, counted in found.items() if counted.total.total}


_COUNTS = (PromiseCount.counted == PromiseCount.changed) & (
    PromiseCount.first_on >= bindparam("since", type_=PromiseCount.first_on.type)
)
_WITH_GROUPS: Any = (
    select(PromiseCount.clause_id, Clause.key, case((_COUNTS, 1), else_=0).label("counts"))
    .add_columns(PromiseCount.kept, PromiseCount.total, PromiseCount.people, PromiseCount.groups)
    .join(Clause, Clause.id == PromiseCount.clause_id)
    .where(PromiseCount.standard_id == bindparam("of_standard"))
)
_TOTALS: Any = (
    select(PromiseCount.clause_id, Clause.key, case((_COUNTS, 1), else_=0).label("counts"))
    .add_columns(PromiseCount.kept, PromiseCount.total, PromiseCount.people)
    .add_columns(null().label("groups"))
    .join(Clause, Clause.id == PromiseCount.clause_id)
    .where(PromiseCount.standard_id == bindparam("of_standard"))
)


def count(clause_ids: Collection[int], *, since: date) -> dict[int, Counted]:
    """What the marks of clauses say since a day, by the clause's id. One query."""
    query = (
        select(PromiseMark.clause_id, PromiseMark.kept, PromiseMark.side)
        .add_columns(PromiseMark.on_day, PromiseMark.person_id)
        .where(PromiseMark.clause_id.in_(list(clause_ids)), PromiseMark.on_day >= since)
    )
    by_clause: dict[int, list[_Said]] = {each: [] for each in clause_ids}
    for row in read_columns(query):
        by_clause[row[0]].append(_Said(*row))
    return {each: _counted(said) for each, said in by_clause.items()}


def _counted(said: Sequence[_Said]) -> Counted:
    by_group: dict[Group, list[_Said]] = {}
    for each in said:
        month = (each.on_day.year, each.on_day.month)
        for group in ((Side(each.side), None), (None, month), (Side(each.side), month)):
            by_group.setdefault(group, []).append(each)
    groups = {group: _rate(own) for group, own in by_group.items()}
    return Counted(_rate(said), groups, min((each.on_day for each in said), default=NEVER))


def _rate(said: Sequence[_Said]) -> Rate:
    return Rate(sum(e.kept for e in said), len(said), len({e.person_id for e in said}))


def sweep(since: date) -> int:
    """Count what has changed, and what has days that count no more; how many clauses."""
    total = 0
    for _turn in range(MOST):
        done = _catch_up(since)
        total += done
        if done < AT_ONCE:
            break
    return total


def _catch_up(since: date) -> int:
    late = or_(PromiseCount.counted != PromiseCount.changed, PromiseCount.first_on < since)
    query = select(PromiseCount.clause_id, PromiseCount.changed).where(late)
    seen = {row[0]: row[1] for row in read_columns(query.limit(AT_ONCE))}
    if not seen:
        return 0
    found = count(seen, since=since)
    end_read()
    with transaction():
        for clause_id, counted in found.items():
            # Whoever marked in the meantime has it counted again.
            mine = (PromiseCount.clause_id == clause_id, PromiseCount.changed == seen[clause_id])
            total = counted.total
            values: dict[str, Any] = {"kept": total.kept, "total": total.total}
            values |= {"people": total.people, "first_on": counted.first_on}
            db.session.execute(
                update(PromiseCount)
                .where(*mine)
                .values(**values, groups={"rows": counted.rows}, counted=seen[clause_id])
                .execution_options(synchronize_session=False)
            )
    return len(seen)


def differing(since: date) -> Iterator[int]:
    """The clauses whose count is not what their marks say, by id; what waits is none of them."""
    marked = set(read_columns(select(PromiseMark.clause_id).distinct()).scalars())
    kept = {
        row.clause_id: row
        for row in read_columns(select(*_TABLE.columns))
        if row.counted == row.changed and row.first_on >= since
    }
    waiting = set(read_columns(select(PromiseCount.clause_id)).scalars()) - set(kept)
    ids = sorted((marked | set(kept)) - waiting)
    for start in range(0, len(ids), AT_ONCE):
        found = count(ids[start : start + AT_ONCE], since=since)
        yield from (each for each in found if not _is_so(kept.get(each), found[each]))


def _is_so(row: Any, counted: Counted) -> bool:
    """Whether a row says what was counted."""
    if row is None:
        return False
    total = counted.total
    numbers = (row.kept, row.total, row.people) == (total.kept, total.total, total.people)
    return numbers and row.groups.get("rows", []) == counted.rows


def put_right(clause_ids: Collection[int]) -> None:
    """Have clauses counted again."""
    query = select(Clause.standard_id, Clause.id).where(Clause.id.in_(list(clause_ids)))
    rows = read_columns(query).all()
    end_read()
    with transaction():
        for standard_id in sorted({row[0] for row in rows}):
            note(standard_id, [row[1] for row in rows if row[0] == standard_id])
