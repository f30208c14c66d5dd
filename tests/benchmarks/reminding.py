"""What a day's round of reminding takes: many people and many standards in force, of which each has
confirmed almost all that ask them, and some become due today.

`python -m tests.benchmarks.reminding [--people 50000] [--standards 200]`

CPU seconds of a round in which nothing became due and of one with a standard that did, beside the
reference: reading every person once.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, literal, select, update

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import UTCDateTime, db, transaction
from forum.departments.models import Department
from forum.standards.confirming import due, reminding
from forum.standards.confirming.models import ReminderRound
from forum.standards.models import Acknowledgement, Standard, Version, VersionDepartment
from tests.benchmarks.confirming import fill
from tests.benchmarks.forums import new_forum
from tests.support import shelves


def confirmed(app: Flask) -> None:
    """Everybody confirmed every version that asks them, long ago; one in a hundred left one out."""
    at = now() - timedelta(days=60)
    mine = VersionDepartment.department_id == Person.department_id
    given = (
        select(VersionDepartment.version_id, Person.id, literal(at, UTCDateTime()), literal("page"))
        .join(Person, mine)
        .where((Person.id + VersionDepartment.version_id) % 100 > 0)
    )
    columns = ["version_id", "person_id", "at", "way"]
    with app.app_context(), transaction():
        db.session.execute(insert(Acknowledgement).from_select(columns, given))
        db.session.execute(update(Version).values(asked_at=now() - timedelta(days=90)))


def round_of(app: Flask, newest: int) -> tuple[float, int]:
    """CPU seconds of a round, and the people told. So many standards were asked for since the last
    one that they are due today."""
    with app.app_context():
        day = today()
        late, soon = due.late_before(day), due.soon_before(day)
        with transaction():
            db.session.execute(ReminderRound.__table__.delete())  # type: ignore[attr-defined]
            ids = list(db.session.scalars(select(Standard.id).limit(newest)))
            in_force = Version.standard_id.in_(ids) & (Version.state == "in_force")
            moment = late - timedelta(hours=1)
            db.session.execute(update(Version).where(in_force).values(asked_at=moment))
            db.session.add(_before(day, soon, late))
        begun = time.process_time()
        told = reminding.remind(day)
        return time.process_time() - begun, told


def _before(day: Any, soon: Any, late: Any) -> ReminderRound:
    """Yesterday's round."""
    back = timedelta(days=1)
    moments = {"soon_from": soon - back, "soon_until": soon - back}
    moments |= {"late_from": late - back, "late_until": late - back}
    return ReminderRound(day=day - back, **moments, position=0, done_at=now())


def seconds(action: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--standards", type=int, default=200)
    given = parser.parse_args()
    with new_forum() as (app, _folder):
        fill(app, given.people)
        shelves.standards(app, given.standards, versions=1)
        confirmed(app)
        with app.app_context():
            count = db.session.scalar(select(func.count(Department.id)))
            all_rows = select(*Person.__table__.c)
            bare = seconds(lambda: db.session.connection().execute(all_rows).all())
        print(f"{given.people} people of {count} departments, {given.standards} standards")
        print(f"every person read once: {bare:.2f} s CPU")
        for newest in (0, 1, 20):
            took, told = round_of(app, newest)
            print(
                f"round, {newest} became due, {told} told: {took:.2f} s CPU, × {took / bare:.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
