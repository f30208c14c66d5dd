"""The demo company's standards, version by version, as steps of its timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import EventType, record
from forum.core.richtext import Composed
from forum.demo.content import Row
from forum.demo.ideas import Story
from forum.demo.people import Cast
from forum.demo.promises import Said
from forum.demo.timeline import Step, chance
from forum.demo.translated import Translated
from forum.discussion.actions import open_thread
from forum.ideas.models import StageKind
from forum.standards import drafts, facts
from forum.standards.clauses.keeping import confirm, foresee, keep
from forum.standards.models import (
    Acknowledgement,
    Standard,
    Version,
    VersionDepartment,
    VersionIdea,
    VersionState,
)
from forum.standards.why.keeping import link_ideas, turn_of

DRAFTED, PUBLISHED, RETIRED, READ = range(20, 24)
"""After everything that happens to ideas on the same day."""


class Chronicle:
    """One standard of the files; `standard` is there once its first draft is begun."""

    def __init__(
        self,
        cast: Cast,
        row: Row,
        sequence: int,
        stories: Mapping[str, Story],
        today: datetime,
    ) -> None:
        self.cast, self.row, self.sequence = cast, row, sequence
        self.stories, self.today = stories, today
        self.standard: Standard
        self.versions: dict[int, Version] = {}
        self.bodies: dict[int, Composed] = {}

    def steps(self) -> Iterator[Step]:
        """Drafts, publications, the end of it, and who has read the version in force."""
        for version in self.row["versions"]:
            self.bodies[version["number"]] = self.cast.compose(version["body"])
            yield Step(version["days_ago"], DRAFTED, partial(self._draft, version), 20)
            if version["state"] != "draft":
                yield Step(version["days_ago"], PUBLISHED, partial(self._publish, version), 8)
        if retired := self.row["retired"]:
            yield Step(retired["days_ago"], RETIRED, partial(self._retire, retired))
        in_force = [v for v in self.row["versions"] if v["state"] == "in_force"]
        for version in in_force:
            read = partial(self._acknowledge, version)
            yield Step(version["days_ago"] // 2, READ, read, 80)
        yield from Translated(
            self.cast,
            self.row,
            lambda: self.standard,
            lambda number: (self.versions[number], self.bodies[number]),
        ).steps()
        if "marks" in self.row:
            yield from Said(self.cast, self.row, lambda: self.standard).steps()

    def _moderator(self, number: int) -> Person:
        return self.cast.people[("moderator", "hugh")[(self.sequence + number) % 2]]

    def _tell(self, kind: EventType, by: Person, at: datetime, **payload: object) -> None:
        record(kind, by=by, about=("standard", self.standard.id), at=at, **payload)

    def _begin(self, at: datetime) -> None:
        thread = open_thread("standard")
        self.standard = Standard(
            number=drafts.number_of(self.sequence),
            sequence=self.sequence,
            thread_id=thread.id,
            title=self.row["title"],
            lang=self.row["lang"],
            excerpt=drafts.beginning(self.bodies[1].plain),
            state=VersionState.DRAFT,
            owner_id=self.cast.people[self.row["owner"]].id,
            owner_department_id=self.cast.departments[self.row["owner_department"]],
            lock=1,
            created_at=at,
            updated_at=at,
        )
        db.session.add(self.standard)
        db.session.flush()
        thread.subject_id = self.standard.id

    def _draft(self, row: Row, at: datetime) -> None:
        number = row["number"]
        if number == 1:
            self._begin(at)
        by = self._moderator(number)
        version = Version(
            standard_id=self.standard.id,
            number=number,
            state=VersionState.DRAFT,
            title=self.row["title"],
            lang=self.row["lang"],
            text_id=self.cast.text_id(self.bodies[number]),
            change=row["change"],
            owner_id=self.standard.owner_id,
            owner_department_id=self.standard.owner_department_id,
            created_at=at,
            created_by_id=by.id,
            edited_at=at,
            edited_by_id=by.id,
        )
        db.session.add(version)
        db.session.flush()
        self.versions[number] = version
        keep(version, foresee(self.standard, self.bodies[number].html))
        fed: list[int | None] = [self.stories[key].idea.id for key in row["ideas"]]
        db.session.add_all(
            VersionDepartment(version_id=version.id, department_id=self.cast.departments[slug])
            for slug in self.row["audience"]
        )
        db.session.add_all(VersionIdea(version_id=version.id, idea_id=i) for i in fed)
        for idea_id in fed or [None]:
            self._tell(facts.DRAFTED, by, at, version=number, idea=idea_id)

    def _publish(self, row: Row, at: datetime) -> None:
        number, standard = row["number"], self.standard
        by, version = self._moderator(number), self.versions[number]
        turn = turn_of(version)
        confirm(version)
        if number > 1:
            before = self.versions[number - 1]
            before.state, before.superseded_at = VersionState.SUPERSEDED, at
            db.session.flush()  # only one version may be in force at a time
        version.state, version.published_at = VersionState.IN_FORCE, at
        version.asked_at = at
        version.published_by_id = by.id
        standard.state, standard.in_force = VersionState.IN_FORCE, number
        standard.in_force_since = standard.updated_at = at
        standard.excerpt = drafts.beginning(self.bodies[number].plain)
        standard.lock += 1
        if self.row["review_in_days"] is not None:
            due = self.today + timedelta(days=self.row["review_in_days"])
            standard.review_on = due.date()
        fed = [self.stories[key] for key in row["ideas"]]
        link_ideas(version, turn.changed, [story.idea.id for story in fed])
        for story in fed:
            if story.idea.stage_kind == StageKind.ACCEPTED:
                story.standardise(by, at)
        self._tell(
            facts.STANDARD_PUBLISHED,
            by,
            at,
            version=number,
            text=self.bodies[number].digest,
            ideas=[story.idea.id for story in fed],
            departments=sorted(self.cast.departments[slug] for slug in self.row["audience"]),
        )

    def _retire(self, retired: Row, at: datetime) -> None:
        by, standard = self.cast.people[retired["by"]], self.standard
        assert standard.in_force is not None
        last = self.versions[standard.in_force]
        last.state, last.superseded_at = VersionState.RETIRED, at
        standard.state, standard.retired_at = VersionState.RETIRED, at
        standard.retired_by_id, standard.retired_why = by.id, retired["reason"]
        standard.updated_at, standard.review_on = at, None
        self._tell(facts.STANDARD_RETIRED, by, at, version=standard.in_force)

    def _acknowledge(self, row: Row, at: datetime) -> None:
        """Those who have read it, each at a moment between its publication and now."""
        version = self.versions[row["number"]]
        published = version.published_at or at
        for slug, count in self.row["acknowledged"].items():
            members = list(self.cast.members[slug])
            members.sort(key=lambda key: chance(f"{self.row['key']} {key}"))
            for key in members[:count]:
                person = self.cast.people[key]
                read = published + (at - published) * chance(f"{key} reads {self.row['key']}")
                db.session.add(Acknowledgement(version_id=version.id, person_id=person.id, at=read))
                self._tell(facts.ACKNOWLEDGED, person, read, version=version.number)
