"""The fields of the Whoosh index: words and ids, never text, which lives in the database."""

from __future__ import annotations

from typing import Any, NamedTuple

from whoosh import fields, formats
from whoosh.analysis import StandardAnalyzer

from forum.search.documents import KINDS
from forum.search.engine.columns import Plan, Stored

VERSION = "3"
"""Raise it when fields or analysis change: an index of another version is rebuilt."""


class Card(NamedTuple):
    """What is kept of a document beside its words; `content` is a checksum of its texts."""

    kind: str
    id: int
    lang: str
    stage: str
    departments: tuple[int, ...]
    scope: tuple[str, ...]
    at: int
    content: int


def _card(stored: Stored) -> Card:
    return Card(*stored["card"])


def _one(word: str) -> tuple[str, ...]:
    return (word,) if word else ()


PLAN = Plan(
    numbers={
        "kind": lambda stored: KINDS.index(_card(stored).kind),
        "id": lambda stored: _card(stored).id,
        "at": lambda stored: _card(stored).at,
    },
    labels={
        "lang": lambda stored: _one(_card(stored).lang),
        "stage": lambda stored: _one(_card(stored).stage),
        "department": lambda stored: map(str, _card(stored).departments),
        "scope": lambda stored: _card(stored).scope,
    },
)


class Counted(fields.TEXT):  # type: ignore[misc]
    """Words with their counts and without their places."""

    def __init__(self) -> None:
        super().__init__(analyzer=StandardAnalyzer(), phrase=False)
        self.format = formats.Frequency()


def schema() -> Any:
    """A fresh schema.

    `docid` is `kind:id`. `text` has the dictionary forms of title, tags and body with their places,
    `title` those of the title alone; `exact` and `name` have the words of all and of the title as
    they were written.
    """
    return fields.Schema(
        docid=fields.ID(unique=True, stored=True),
        text=fields.TEXT(analyzer=StandardAnalyzer(), phrase=True),
        title=Counted(),
        exact=Counted(),
        name=Counted(),
        card=fields.STORED(),
    )
