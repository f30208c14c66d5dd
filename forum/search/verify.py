"""Comparing the index with the database, document by document."""

from __future__ import annotations

from collections.abc import Iterator

from forum.search import indexer, shelf
from forum.search.schema import Card
from forum.search.shelf import Shelf
from forum.search.wording import card_of


def differences(target: Shelf) -> Iterator[str]:
    """A line for each document that is missing, left over or different."""
    build, _at = indexer.usable(target)
    if build is None:
        yield "no index"
        return
    with shelf.open_index(build).reader() as reader:
        kept = {stored["docid"]: stored["card"] for stored in reader.all_stored_fields()}
    for document in indexer.everything():
        card = kept.pop(document.docid, None)
        if card is None:
            yield f"{document.docid} missing"
        elif Card(*card) != card_of(document):
            yield f"{document.docid} differs"
    for docid in kept:
        yield f"{docid} left over"
