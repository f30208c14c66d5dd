"""What is done to texts: beginning, editing with an editor or without, publishing, retiring."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from forum.core.errors import DomainError
from forum.standards import actions, drafts
from forum.standards.clauses import actions as clauses
from forum.standards.clauses.known import clauses_of
from forum.standards.editing import editable
from forum.standards.models import Version
from tests.standards.life.company import PLACES, STANDARDS, Company
from tests.standards.life.remembered import Course, Wrote
from tests.standards.life.texts import EDITS, Desk, Edit, Part, new_part, source_of

HARD_TO_TELL = {"rename", "split", "merge", "copy", "bring_back"}
"""Edits after which words alone do not tell for certain which clause is which."""


class Writing(Company):
    """Standards, their drafts and their versions."""

    @initialize(target=STANDARDS)
    def one_is_in_force_from_the_beginning(self) -> int:
        self.company()
        which = self._begin(3, {0, 1})
        self._publish(self.courses[which])
        return which

    @rule(target=STANDARDS, many=st.integers(1, 4), places=PLACES)
    def begin(self, many: int, places: set[int]) -> int:
        return self._begin(many, places)

    def _begin(self, many: int, places: set[int]) -> int:
        parts = tuple(new_part(self.fresh) for _ in range(many))
        where = self._where(places)
        with self.app.app_context():
            wording = drafts.word(
                of=None, title="How we pay", body=source_of(parts), departments=sorted(where)
            )
            course = Course(drafts.begin(self.moderator(), wording).number)
            keys = self._written(course)
            course.used.update(keys)
            course.draft = Wrote(parts, keys, where)
        self.courses.append(course)
        return len(self.courses) - 1

    @rule(
        which=STANDARDS, edits=EDITS, places=PLACES, minor=st.booleans(), held=st.booleans(),
        put_in_force=st.booleans(),
    )  # fmt: skip
    def write(
        self, which: int, edits: list[Edit], places: set[int], minor: bool, held: bool,
        put_in_force: bool,
    ) -> None:  # fmt: skip
        course = self.courses[which]
        if course.retired_at is None:
            self._write(course, edits, self._where(places), minor=minor, held=held)
        if put_in_force:
            self._publish(course)

    def _write(
        self, course: Course, edits: list[Edit], where: frozenset[int], *, minor: bool, held: bool
    ) -> None:
        if not held:
            edits = [edit for edit in edits if edit.what not in HARD_TO_TELL]
        desk = Desk(list(course.newest.parts), list(course.gone()), self.fresh)
        parts = desk.do(edits)
        lines = self._held(course, parts, desk.copied) if held else ""
        expected = self._expected(course, parts, desk.copied)
        with self.app.app_context():
            standard = self.row(course)
            wording = drafts.word(
                of=standard, title="How we pay", body=source_of(parts), held=lines,
                departments=sorted(where), minor=minor,
            )  # fmt: skip
            drafts.save_draft(self.moderator(1), standard, wording, seen=standard.lock)
            expected = self._settled(course, expected)
            keys = self._written(course)
        for key, wanted in zip(keys, expected, strict=True):
            assert key == wanted if wanted is not None else key not in course.used
        course.used.update(keys)
        course.draft = Wrote(parts, keys, where, minor=minor and bool(course.versions))

    @rule(which=STANDARDS)
    def publish(self, which: int) -> None:
        self._publish(self.courses[which])

    def _publish(self, course: Course) -> None:
        with self.app.app_context():
            standard, moderator = self.row(course), self.moderator()
            if not self._may_publish(course):
                with pytest.raises(DomainError):
                    actions.publish(moderator, standard)
                return
            seen = standard.lock
            actions.publish(moderator, standard)
            course.publish(self.moment())
            with pytest.raises(DomainError):  # who pressed at the same moment
                actions.publish(self.moderator(1), self.row(course), seen=seen)

    @rule(which=STANDARDS)
    def retire(self, which: int) -> None:
        course = self.courses[which]
        with self.app.app_context():
            standard = self.row(course)
            if course.in_force is None:
                with pytest.raises(DomainError):
                    actions.retire(self.moderator(), standard, why="Nobody needs it.")
                return
            actions.retire(self.moderator(), standard, why="Nobody needs it.")
        course.retired_at = self.moment()

    def _may_publish(self, course: Course) -> bool:
        return (
            course.draft is not None
            and course.retired_at is None
            and bool(self.asked(course.draft.places))
        )

    def _where(self, places: set[int]) -> frozenset[int]:
        return frozenset(self.departments[place] for place in places)

    def _held(self, course: Course, parts: Sequence[Part], copied: dict[str, str]) -> str:
        """What the editor sends: it knows the clauses that stood there when it was opened."""
        opened = course.newest.key_of()
        keys = [opened.get(copied.get(part.name, part.name), "") for part in parts]
        return "\n".join(f"{key} {part.title}" for key, part in zip(keys, parts, strict=True))

    def _expected(
        self, course: Course, parts: Sequence[Part], copied: dict[str, str]
    ) -> list[int | None]:
        """The key that each clause has to have, None for a new one: of two that are the same, the
        first goes on. What was gone is known by its heading only."""
        opened = course.newest.key_of()
        gone = {part.title: key for part, key in course.gone().items()}
        found: list[int | None] = []
        for part in parts:
            key = opened.get(copied.get(part.name, part.name), gone.get(part.title))
            found.append(None if key in found else key)
        return found

    def _settled(self, course: Course, expected: list[int | None]) -> list[int | None]:
        """Say of each clause that was only guessed whether it is the one. What has more words in
        common with another that went is asked about that one, and then new."""
        settled = list(expected)
        for place, wanted in enumerate(expected):
            standard = self.row(course)
            draft = editable(standard).version
            stands = clauses_of(draft.id)[place]
            if stands.guessed:
                is_same = stands.key == wanted
                settled[place] = wanted if is_same else None
                clauses.settle(
                    self.moderator(), standard, draft, stands.key, same=is_same, seen=standard.lock
                )
        return settled

    def _written(self, course: Course) -> tuple[int, ...]:
        """The clauses that the newest text has in the forum."""
        version: Version = editable(self.row(course)).version
        return tuple(clause.key for clause in clauses_of(version.id))
