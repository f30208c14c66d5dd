"""What people of the demo company said of promises: kept on most days, broken on a few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select

from forum.core.db import db
from forum.core.events import record
from forum.core.i18n import local_day
from forum.demo.content import Row
from forum.demo.people import Cast
from forum.demo.timeline import Step, chance
from forum.standards.clauses.models import VersionClause
from forum.standards.kept import counting, facts
from forum.standards.kept.models import PromiseMark, Side
from forum.standards.models import Standard, Version

MARKED = 24
"""After whatever happens to standards on the same day."""
HEADINGS = ("Promises", "Обещания")


class Said:
    """The marks of one standard of the files, a day apart at least; `standard` gives its row."""

    def __init__(self, cast: Cast, row: Row, standard: Callable[[], Standard]) -> None:
        self.cast, self.row, self.standard = cast, row, standard
        self.told: Row = row["marks"]
        self.notes = [cast.compose_if_any(note) for note in self.told["broken"]]

    def steps(self) -> Iterator[Step]:
        """Every mark; the broken ones are spread among the others."""
        count, broken = self.told["count"], len(self.notes)
        at = {(place * 2 + 1) * count // (broken * 2): place for place in range(broken)}
        for place in range(count):
            days_ago = self.told["days"] * (count - place) // count
            yield Step(days_ago, MARKED, partial(self._mark, place, at.get(place)), 3)

    def _mark(self, place: int, broken: int | None, at: datetime) -> None:
        standard, about = self.standard(), ("standard", self.standard().id)
        slugs = self.row["audience"]
        slug = slugs[int(chance(f"{self.row['key']} {place}") * len(slugs))]
        members = self.cast.members[slug]
        person = self.cast.people[members[place % len(members)]]
        day, clause_id = local_day(at), _promises_of(standard)
        mark = PromiseMark(
            standard_id=standard.id,
            clause_id=clause_id,
            person_id=person.id,
            department_id=person.department_id,
            side=Side.PROVIDER if slug in self.told["providers"] else Side.CUSTOMER,
            kept=broken is None,
            note_id=self.cast.text_id(self.notes[broken]) if broken is not None else None,
            on_day=day,
            at=at,
        )
        db.session.add(mark)
        counting.note(standard.id, [clause_id])
        said = {"clause": clause_id, "kept": int(mark.kept), "day": day.isoformat()}
        record(facts.MARKED, by=person, about=about, at=at, **said)
        if broken is not None:
            record(facts.BROKEN, by=None, about=about, at=at, day=day.isoformat())


def _promises_of(standard: Standard) -> int:
    query = (
        select(VersionClause.clause_id)
        .join(Version, Version.id == VersionClause.version_id)
        .where(
            Version.standard_id == standard.id,
            Version.number == standard.in_force,
            VersionClause.title.in_(HEADINGS),
        )
    )
    return db.session.scalars(query).one()
