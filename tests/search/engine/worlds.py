"""Small indexes, made twice: by the engine's writer and by Whoosh's own."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, formats, index
from whoosh.analysis import SpaceSeparatedTokenizer

from forum.search.engine.collecting import NUMBER
from forum.search.engine.columns import Plan
from forum.search.engine.writer import Writer

PLAN = Plan(
    numbers={"number": lambda stored: stored["card"][0]},
    labels={"labels": lambda stored: stored["card"][1]},
)
Document = tuple[Sequence[str], Sequence[str]]
"""The words of a title and of a body."""


class Counted(fields.TEXT):  # type: ignore[misc]
    """Words with their counts and without their places."""

    def __init__(self) -> None:
        super().__init__(analyzer=SpaceSeparatedTokenizer(), phrase=False)
        self.format = formats.Frequency()


def schema() -> Any:
    """A key, a field with places, one without, and something stored."""
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        body=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True),
        title=Counted(),
        card=fields.STORED(),
    )


def card(number: int) -> tuple[int, list[str]]:
    """What is stored of a document beside its key."""
    return number * 7 % 5, [label for label in ("a", "b", "в") if (number + ord(label)) % 3]


def ours(folder: Path, *batches: Sequence[Document]) -> Any:
    """An index by the engine's writer, one commit a batch."""
    made = index.create_in(str(folder), schema())
    first = 0
    for batch in batches:
        add(made, batch, first)
        first += len(batch)
    return made


def add(
    made: Any,
    batch: Sequence[Document],
    first: int = 0,
    gone: Sequence[int] = (),
    *,
    merge: bool = False,
) -> None:
    """One commit: some documents more, some less."""
    writer = Writer(made, PLAN)
    for number in gone:
        writer.delete_document(number)
    for number, (title, body) in enumerate(batch, first):
        for field, words in (("title", title), ("body", body), ("key", [f"k{number}"])):
            learn = writer.pieces[field].learn
            writer.words[field].add(array(NUMBER, [learn([(word, 0)], 1) for word in words]))
        writer.end_document({"key": f"k{number}", "card": card(number)})
    writer.commit(merge=merge)


def optimize(made: Any) -> None:
    """Make one segment of all."""
    Writer(made, PLAN).commit(optimize=True)


def theirs(folder: Path, *batches: Sequence[Document]) -> Any:
    """The same by Whoosh's writer."""
    made = index.create_in(str(folder), schema())
    first = 0
    for batch in batches:
        writer = made.writer(compound=False)
        for number, (title, body) in enumerate(batch, first):
            writer.add_document(
                key=f"k{number}", title=" ".join(title), body=" ".join(body), card=card(number)
            )
        writer.commit(merge=False)
        first += len(batch)
    return made
