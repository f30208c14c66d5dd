"""What readers do: confirming the version in force, on its page or on paper, or an old one."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.errors import Conflict, DomainError
from forum.standards import actions
from forum.standards.confirming.actions import enter_paper
from forum.standards.models import Version
from tests.standards.life.company import ANYBODY, STANDARDS, Company
from tests.standards.life.remembered import Came, Course


class Confirming(Company):
    """“I have read it.”"""

    @rule(which=STANDARDS, person=ANYBODY, on_paper=st.booleans())
    def confirm(self, which: int, person: int, on_paper: bool) -> None:
        course, who = self.courses[which], self.one(person)
        came = course.in_force
        if came is not None:
            (self._on_paper if on_paper else self._on_the_page)(course, came, who)

    def _on_the_page(self, course: Course, came: Came, who: int) -> None:
        with self.app.app_context():
            reader, version = db.session.get_one(Person, who), self._version(course)
            new = actions.acknowledge(reader, self.row(course), version, read=version.number)
        assert new is (who not in came.confirmed)
        came.confirmed.add(who)

    def _on_paper(self, course: Course, came: Came, who: int) -> None:
        with self.app.app_context():
            enter = (self.moderator(), self.row(course), self._version(course), [who])
            if who not in self.asked(came.text.places):
                with pytest.raises(DomainError):
                    enter_paper(*enter, on=company_day())
                return
            enter_paper(*enter, on=company_day())
        came.confirmed.add(who)

    @rule(which=STANDARDS, person=ANYBODY)
    def confirm_what_is_not_in_force(self, which: int, person: int) -> None:
        course, who = self.courses[which], self.one(person)
        if len(course.versions) < 2:
            return
        with self.app.app_context():
            reader, old = db.session.get_one(Person, who), self._version(course, 1)
            with pytest.raises(Conflict):
                actions.acknowledge(reader, self.row(course), old, read=1)

    def _version(self, course: Course, number: int = 0) -> Version:
        query = select(Version).where(
            Version.standard_id == self.row(course).id,
            Version.number == (number or len(course.versions)),
        )
        return db.session.scalars(query).one()
