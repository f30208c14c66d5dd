"""Comparing the index with the database, document by document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from forum.search import figures, indexer, shelf
from forum.search.schema import Card
from forum.search.shelf import Shelf
from forum.search.wording import card_of


def differences(target: Shelf) -> Iterator[str]:
    """A line for each document that is missing, left over or different."""
    build, _at = indexer.usable(target)
    if build is None:
        yield "no index"
        return
    try:
        yield from _documents(build)
    # Whoosh reports damage in whatever way the damaged bytes lead it.
    except Exception as trouble:
        yield f"the index cannot be read ({type(trouble).__name__})"
    for idea in figures.differing(build):
        yield f"idea:{idea} has other figures"


def _documents(build: Path) -> Iterator[str]:
    with shelf.open_index(build).reader() as reader:
        all_kept = [(stored["docid"], stored["card"]) for stored in reader.all_stored_fields()]
    kept = dict(all_kept)
    times = Counter(docid for docid, _card in all_kept)
    yield from (f"{docid} is there {n} times" for docid, n in times.items() if n > 1)
    for document in indexer.everything():
        card = kept.pop(document.docid, None)
        if card is None:
            yield f"{document.docid} missing"
        elif Card(*card) != card_of(document):
            yield f"{document.docid} differs"
    for docid in kept:
        yield f"{docid} left over"
