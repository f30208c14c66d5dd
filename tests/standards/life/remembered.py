"""What the machine knows of a standard, without having asked the forum."""

from __future__ import annotations

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


@dataclass
class Came:
    """A version that came into force, and who has confirmed it."""

    text: Wrote
    at: datetime
    confirmed: set[int] = field(default_factory=set)


@dataclass
class Course:
    """A standard from its beginning to its end.

    `keys` are those of its clauses by the names that the machine has for them, `used` all that any
    clause of it ever had.
    """

    number: str
    draft: Wrote | None = None
    versions: list[Came] = field(default_factory=list)
    retired_at: datetime | None = None
    keys: dict[str, int] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    @property
    def newest(self) -> Wrote:
        """The text that is edited next."""
        return self.draft or self.versions[-1].text

    @property
    def in_force(self) -> Came | None:
        """What readers have to keep to."""
        return self.versions[-1] if self.versions and self.retired_at is None else None

    def gone(self) -> list[Part]:
        """Clauses of versions that were in force, as each was worded last."""
        return list(
            {part.name: part for came in self.versions for part in came.text.parts}.values()
        )

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
