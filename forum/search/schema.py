"""The fields of the Whoosh index: words and ids, never text, which lives in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from whoosh import fields, formats
from whoosh.analysis import StandardAnalyzer

from forum.search.documents import INDEXED
from forum.search.engine.columns import Plan, Stored

VERSION = "13"
"""Raise it when fields or analysis change: an index of another version is rebuilt."""


class Card(NamedTuple):
    """What is kept of a document beside its words; `content` is a checksum of its texts.

    The rest are those of `documents.Document`.
    """

    kind: str
    id: int
    lang: str
    stage: str
    departments: tuple[int, ...]
    scope: tuple[str, ...]
    at: int
    content: int
    author: int
    home: int
    tags: tuple[str, ...]
    standards: tuple[str, ...]
    waiting: tuple[int, ...]
    writers: tuple[int, ...]
    campaign: int
    clauses: tuple[str, ...]
    version: int


def _of(name: str) -> Callable[[Stored], Any]:
    """What reads a value of the card; of a plain tuple, as Whoosh gives it back."""
    place = Card._fields.index(name)
    return lambda stored: stored["card"][place]


def _one(name: str) -> Callable[[Stored], tuple[str, ...]]:
    """The same as a label, of which there may be none."""
    read = _of(name)
    return lambda stored: (str(value),) if (value := read(stored)) else ()


def _several(name: str) -> Callable[[Stored], tuple[str, ...]]:
    """The same as any number of labels."""
    read = _of(name)
    return lambda stored: tuple(map(str, read(stored)))


_kind = _of("kind")
PLAN = Plan(
    numbers={
        "kind": lambda stored: INDEXED.index(_kind(stored)),
        "id": _of("id"),
        "at": _of("at"),
        "author": _of("author"),
        "version": _of("version"),
    },
    labels={
        "lang": _one("lang"),
        "stage": _one("stage"),
        "affected": _several("departments"),
        "department": _one("home"),
        "tag": _several("tags"),
        "standard": _several("standards"),
        "waiting": _several("waiting"),
        "writer": _several("writers"),
        "campaign": _one("campaign"),
        "clause": _several("clauses"),
        "scope": _several("scope"),
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
