"""What the machine knows of a standard, without having asked the forum."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tests.standards.life.texts import Part, Parts


class Wrote(NamedTuple):
    """A text that was saved, with the keys of its clauses."""

    parts: Parts
    keys: tuple[int, ...]
    places: frozenset[int]
    minor: bool = False

    def key_of(self) -> dict[str, int]:
        """The keys by the names that the machine has for clauses."""
        return {part.name: key for part, key in zip(self.parts, self.keys, strict=True)}


@dataclass
class Came:
    """A version that came into force, and who has confirmed it."""

    text: Wrote
    at: datetime
    confirmed: set[int] = field(default_factory=set)


@dataclass
class Course:
    """A standard from its beginning to its end; `used` are the keys that any clause ever had."""

    number: str
    draft: Wrote | None = None
    versions: list[Came] = field(default_factory=list)
    retired_at: datetime | None = None
    used: set[int] = field(default_factory=set)

    @property
    def newest(self) -> Wrote:
        """The text that is edited next."""
        return self.draft or self.versions[-1].text

    @property
    def in_force(self) -> Came | None:
        """What readers have to keep to."""
        return self.versions[-1] if self.versions and self.retired_at is None else None

    def gone(self) -> dict[Part, int]:
        """Clauses that the newest text has lost, as each stood in force last, with their keys;
        none whose heading another of them had as well."""
        last: dict[int, Part] = {}
        for came in self.versions:
            last.update(zip(came.text.keys, came.text.parts, strict=True))
        titles = Counter(part.title for part in last.values())
        here = {part.name for part in self.newest.parts}
        return {
            part: key
            for key, part in last.items()
            if key not in self.newest.keys and part.name not in here and titles[part.title] == 1
        }

    def publish(self, at: datetime) -> None:
        """The draft comes into force; only a minor change keeps what was confirmed."""
        assert self.draft is not None
        before = self.in_force
        kept = set(before.confirmed) if before is not None and self.draft.minor else set()
        self.versions.append(Came(self.draft, at, kept))
        self.draft = None

    def as_of(self, moment: datetime) -> int | None:
        """The number of the version that was in force just before a moment."""
        if self.retired_at is not None and self.retired_at < moment:
            return None
        came = [number for number, each in enumerate(self.versions, 1) if each.at < moment]
        return max(came, default=None)
