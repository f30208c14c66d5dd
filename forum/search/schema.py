"""The fields of the Whoosh index: words and ids, never text, which lives in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from whoosh import fields, formats
from whoosh.analysis import StandardAnalyzer

VERSION = "2"
"""Raise it when fields or analysis change: an index of another version is rebuilt."""

LEMMA_FIELDS = ("title", "tags", "body")
Posting = tuple[bytes, int, float, bytes]


class LemmaField(fields.TEXT):  # type: ignore[misc]
    """Dictionary forms with their positions, analysed before the writer sees them."""

    def __init__(self) -> None:
        super().__init__(analyzer=StandardAnalyzer(), phrase=True)

    def index(self, value: Mapping[str, list[int]], **_options: Any) -> Iterator[Posting]:
        """The postings of one document."""
        for term, positions in value.items():
            count = len(positions)
            yield term.encode(), count, float(count), self.format.encode(positions)


class SurfaceField(fields.TEXT):  # type: ignore[misc]
    """Words as they were written, with their counts."""

    def __init__(self) -> None:
        super().__init__(analyzer=StandardAnalyzer(), phrase=False)
        self.format = formats.Frequency()

    def index(self, value: Mapping[str, int], **_options: Any) -> Iterator[Posting]:
        """The postings of one document."""
        for term, count in value.items():
            yield term.encode(), count, float(count), formats.pack_uint(count)


def schema() -> Any:
    """A fresh schema: `docid` is `kind:id`; `scope` decides who sees it; the rest is for facets."""
    return fields.Schema(
        docid=fields.ID(unique=True, stored=True),
        title=LemmaField(),
        tags=LemmaField(),
        body=LemmaField(),
        exact=SurfaceField(),
        name=SurfaceField(),
        card=fields.STORED(),
    )
