"""What a thank-you may be for, told by the features above and below, by kind and number.

A kind that nobody registers any more is seen by nobody: its thank-yous stay with those they are to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.numbers import id_or_none
from forum.thanks.models import Thanks

Key = tuple[str, int]
"""A subject: its kind and its number."""


class Named(NamedTuple):
    """What a subject is called, in which language, and where it stands."""

    title: str
    lang: str
    url: str


@dataclass(frozen=True, slots=True)
class Workers:
    """Who worked on a subject: people, and departments; `unsigned` where somebody did so without
    their name, who is reached without a row that would tell it."""

    people: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    unsigned: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom a form suggests for a subject: departments and people, chosen already where `chosen`."""

    departments: Collection[int] = ()
    people: Collection[int] = ()
    everyone: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """How a kind answers for its things.

    `number`, `title`, `lang` and `address` are columns, and `url` is where one stands by its
    address; `seen`: the conditions on those that a reader sees; `offers`: whom a form suggests;
    `workers`: everyone who worked on one.
    """

    number: Any
    title: Any
    lang: Any
    address: Any
    url: Callable[[Any], str]
    seen: Callable[[Person], Sequence[ColumnElement[bool]]]
    offers: Callable[[Person, int], Offer]
    workers: Callable[[int], Workers] | None = None

    def sees(self, reader: Person) -> ColumnElement[bool]:
        """Whether a reader sees the subject of the query's `Thanks`."""
        return exists(self._of_thanks(self.number).where(*self.seen(reader)))

    def called(self) -> ColumnElement[str]:
        """What the subject of the query's `Thanks` is called, whoever asks."""
        found: ColumnElement[str] = self._of_thanks(self.title).scalar_subquery()
        return found

    def _of_thanks(self, column: Any) -> Select[Any]:
        return select(column).where(self.number == Thanks.subject_id).correlate(Thanks)

    def named(self, reader: Person, ids: Collection[int]) -> Mapping[int, Named]:
        """Those of some that a reader sees. One query, and one for a consultant's scope."""
        query = select(self.number, self.title, self.lang, self.address)
        rows = db.session.execute(query.where(self.number.in_(ids), *self.seen(reader)))
        return {row[0]: Named(row[1], row[2], self.url(row[3])) for row in rows}


SUBJECTS: dict[str, Subject] = {}
"""By kind: `idea`, `standard` and `service`; training adds `case`."""


def read_key(sent: str) -> Key | None:
    """`idea-7` as an address or a form says it; None for anything else."""
    kind, _dash, number = sent.rpartition("-")
    known = id_or_none(number) if kind in SUBJECTS else None
    return (kind, known) if known is not None else None


def written(key: Key | None) -> str:
    """The same the other way round."""
    return f"{key[0]}-{key[1]}" if key is not None else ""


def named(reader: Person, key: Key) -> Named | None:
    """A subject as the reader sees it, None if they do not. One query, and one for a consultant."""
    known = SUBJECTS.get(key[0])
    return known.named(reader, [key[1]]).get(key[1]) if known is not None else None


def names_of(reader: Person, keys: Collection[Key]) -> dict[Key, Named]:
    """The subjects that the reader sees. One query a kind."""
    found: dict[Key, Named] = {}
    for kind, subject in SUBJECTS.items():
        ids = sorted({number for known, number in keys if known == kind})
        told = subject.named(reader, ids) if ids else {}
        found.update({(kind, number): name for number, name in told.items()})
    return found


def called() -> ColumnElement[str]:
    """What the query's thank-you is for, whoever asks: nothing has no words."""
    kinds = ((Thanks.subject_kind == kind, each.called()) for kind, each in SUBJECTS.items())
    return case(*kinds, else_="")


def is_seen(reader: Person, only: str = "") -> ColumnElement[bool]:
    """Whether the reader sees what the query's thank-you is for, or it is for nothing; of a query
    over `only` one kind, no other is looked at."""
    kinds: list[Any] = [
        and_(Thanks.subject_kind == kind, subject.sees(reader))
        for kind, subject in SUBJECTS.items()
        if only in ("", kind)
    ]
    return or_(Thanks.subject_kind == "", *kinds)
