"""What stays true, whatever was done: looked at after every step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis.stateful import invariant
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.events import Event
from forum.core.richtext import digest_of, render
from forum.core.site import site
from forum.core.texts import Text
from forum.standards import facts
from forum.standards.clauses.known import keys_of
from forum.standards.confirming.pending import pending_for
from forum.standards.confirming.report import everybody, read_filter
from forum.standards.models import Acknowledgement, Standard, Version, VersionState
from forum.standards.queries import number_as_of
from tests.standards.life.company import START, Company
from tests.standards.life.remembered import Course
from tests.standards.life.texts import source_of

OUT = (VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.RETIRED)


class Invariants(Company):
    """Rows agree with one another, and with what the machine remembers."""

    @invariant()
    def one_version_is_in_force_and_none_before_its_time_or_after(self) -> None:
        with self.app.app_context():
            for course in self.courses:
                versions = self._published(course)
                came = [each.at for each in course.versions]
                went = [*came[1:], course.retired_at] if came else []
                assert [v.published_at for v in versions] == came
                assert [v.superseded_at for v in versions] == went
                states = [v.state for v in versions if v.state == VersionState.IN_FORCE]
                assert len(states) == (course.in_force is not None)

    @invariant()
    def each_day_has_the_text_that_was_in_force_at_its_end(self) -> None:
        with self.app.app_context():
            zone, today = ZoneInfo(site().time_zone), company_day()
            first = company_day(START) - timedelta(days=1)
            for course in self.courses:
                row, day = self.row(course), first
                while day <= today:
                    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
                    assert number_as_of(row, day) == course.as_of(midnight), day
                    day += timedelta(days=1)

    @invariant()
    def every_published_text_can_be_made_again_from_its_row_and_its_event_knows_it(self) -> None:
        with self.app.app_context():
            query = select(Event).where(Event.type == facts.STANDARD_PUBLISHED.name)
            told: dict[tuple[int, int], str] = {
                (event.object_id or 0, event.payload["version"]): event.payload["text"]
                for event in db.session.scalars(query)
            }
            for course in self.courses:
                row = self.row(course)
                for version, came in zip(self._published(course), course.versions, strict=True):
                    text = db.session.get_one(Text, version.text_id)
                    assert text.source == source_of(came.text.parts)
                    assert text.html == render(text.source)
                    digest = digest_of(text.salt, text.source)
                    assert digest == text.digest == told[row.id, version.number]

    @invariant()
    def no_clause_of_a_version_becomes_another(self) -> None:
        with self.app.app_context():
            for course in self.courses:
                versions = self._published(course)
                keys = keys_of([version.id for version in versions])
                kept = [tuple(keys[version.id]) for version in versions]
                assert kept == [came.text.keys for came in course.versions]

    @invariant()
    def a_confirmation_is_of_one_version_and_goes_on_only_over_minor_changes(self) -> None:
        rows: dict[tuple[str, int], set[int]] = defaultdict(set)
        with self.app.app_context():
            query = (
                select(Standard.number, Version.number, Acknowledgement.person_id)
                .join(Version, Version.id == Acknowledgement.version_id)
                .join(Standard, Standard.id == Version.standard_id)
            )
            for number, version, person in db.session.execute(query):
                rows[number, version].add(person)
        assert rows == {
            (course.number, version): came.confirmed
            for course in self.courses
            for version, came in enumerate(course.versions, 1)
            if came.confirmed
        }

    @invariant()
    def each_reader_is_asked_for_what_is_for_them_and_not_confirmed(self) -> None:
        running = [(course, came) for course in self.courses if (came := course.in_force)]
        with self.app.app_context():
            for who in self.here:
                waiting = {
                    course.number
                    for course, came in running
                    if who in self.asked(came.text.places) - came.confirmed
                }
                found = pending_for(db.session.get_one(Person, who))
                assert {each.number for each in found} == waiting

    @invariant()
    def a_report_names_whoever_is_asked_and_nobody_else(self) -> None:
        with self.app.app_context():
            for course in self.courses:
                came = course.in_force
                if came is not None:
                    named = everybody(
                        self._published(course)[-1], read_filter(course.number, {}, [])
                    )
                    assert {(each.id, each.confirmed_at is not None) for each in named} == {
                        (who, who in came.confirmed) for who in self.asked(came.text.places)
                    }

    def _published(self, course: Course) -> Sequence[Version]:
        query = select(Version).where(
            Version.standard_id == self.row(course).id, Version.state.in_(OUT)
        )
        return db.session.scalars(query.order_by(Version.number)).all()
