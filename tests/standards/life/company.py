"""Who lives in the company of the machine, and how its standards are found again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule
from sqlalchemy import select

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db
from forum.standards.approvals import coming
from forum.standards.models import Standard
from tests.standards.life.remembered import Course
from tests.standards.life.texts import numbers
from tests.support import make
from tests.support.forums import Prepared

START = datetime(2026, 2, 24, 9, 30, tzinfo=UTC)
PLACES = st.sets(st.integers(0, 2))
ANYBODY = st.integers(0, 20)
STANDARDS: Bundle[int] = Bundle("standards")


class Company(RuleBasedStateMachine):
    """Three departments, the last of them empty at first, and two moderators beside them."""

    prepared: Prepared

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.courses: list[Course] = []
        self.fresh = numbers()
        self.here: dict[int, int | None] = {}
        """The department of everybody who has not left."""

    @property
    def app(self) -> Flask:
        return self.prepared.app

    def teardown(self) -> None:
        self.clock.stop()

    def company(self) -> None:
        self.prepared.reset()
        self.departments = [make.department(self.app) for _ in "abc"]
        self.admin = make.admin(self.app)
        self.moderators = [make.moderator(self.app) for _ in "ab"]
        self.here = dict.fromkeys([self.admin, *self.moderators])
        for department in self.departments[:2]:
            for _number in range(2):
                self.here[make.person(self.app, department=department)] = department

    @rule(hours=st.integers(1, 40), joins=st.none() | st.integers(0, 2), leaves=st.none() | ANYBODY)
    def time_passes(self, hours: int, joins: int | None, leaves: int | None) -> None:
        self.time.shift(timedelta(hours=hours))
        if joins is not None:
            department = self.departments[joins]
            self.here[make.person(self.app, department=department)] = department
        if leaves is not None:
            self._leave(self.one(leaves))
        self._days_come()

    def _days_come(self) -> None:
        """What was published for a day that has come is in force since that day began."""
        with self.app.app_context():
            coming.sweep()
            for course in self.courses:
                if course.coming_on is not None and course.coming_on <= company_day():
                    course.publish(coming.first_moment(course.coming_on))

    def _leave(self, leaving: int) -> None:
        if leaving in (self.admin, *self.moderators):
            return
        with self.app.app_context():
            admin = db.session.get_one(Person, self.admin)
            standing.deactivate(admin, db.session.get_one(Person, leaving))
        del self.here[leaving]

    def one(self, person: int) -> int:
        """One of the people who are here."""
        return list(self.here)[person % len(self.here)]

    def asked(self, places: frozenset[int]) -> set[int]:
        """Who belongs to an audience now: everybody where it names no department."""
        return {who for who, department in self.here.items() if not places or department in places}

    def row(self, course: Course) -> Standard:
        """The row of a standard, in an open context."""
        query = select(Standard).where(Standard.number == course.number)
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def moderator(self, number: int = 0) -> Any:
        """One of the two moderators, in an open context."""
        return db.session.get_one(Person, self.moderators[number % 2])

    def moment(self) -> datetime:
        """What time it is in the company."""
        return now()
