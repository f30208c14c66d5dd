"""What of a demo standard was translated, version by version, as steps of its timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from forum.core.db import db
from forum.core.events import record
from forum.core.richtext import Composed
from forum.demo.content import Row
from forum.demo.people import Cast
from forum.demo.timeline import Step
from forum.standards.clauses.known import clauses_of
from forum.standards.models import Standard, Version
from forum.standards.tongues import facts
from forum.standards.tongues.actions import note_languages
from forum.standards.tongues.models import Part, Translation
from forum.standards.tongues.parts import Original, originals

TRANSLATED = 24
"""After a version of the same day is in force."""


class Translated:
    """The translations of one standard; its versions are there once they are published."""

    def __init__(
        self,
        cast: Cast,
        row: Row,
        standard: Callable[[], Standard],
        version: Callable[[int], tuple[Version, Composed]],
    ) -> None:
        self.cast, self.row, self.standard, self.version = cast, row, standard, version

    def steps(self) -> Iterator[Step]:
        """Each sitting of a translator, if there was any."""
        for sitting in self.row.get("translations", ()):
            texts = {
                name: (title, self.cast.compose_if_any(text))
                for name, (title, text) in sitting["parts"].items()
            }
            write = partial(self._write, sitting, texts)
            yield Step(sitting["days_ago"], TRANSLATED, write, 2 * len(texts))

    def _write(
        self, sitting: Row, texts: dict[str, tuple[str, Composed | None]], at: datetime
    ) -> None:
        standard, by = self.standard(), self.cast.people[sitting["by"]]
        version, body = self.version(sitting["version"])
        parts = originals(version, body.html, clauses_of(version.id))
        said = [part for part in parts if _name(part) in texts]
        for part in said:
            title, text = texts[_name(part)]
            row = Translation(standard_id=standard.id, lang=sitting["lang"], title=title, at=at)
            row.part, row.key, row.words = part.part, part.key, part.words
            row.version, row.by_id = version.number, by.id
            row.text_id = self.cast.text_id(text)
            db.session.add(row)
        db.session.flush()
        note_languages(standard)
        record(
            facts.TRANSLATED,
            by=by,
            at=at,
            about=("standard", standard.id),
            version=version.number,
            lang=sitting["lang"],
            clauses=sorted(part.key for part in said),
        )


def _name(part: Original) -> str:
    """Clauses are called by their heading."""
    return part.title if part.part == Part.CLAUSE else part.part
