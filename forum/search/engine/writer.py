"""Whoosh's writer, given words and numbers instead of text, and writing arrays beside its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.formats import Positions
from whoosh.writing import SegmentWriter

from forum.search.engine import arrays, columns, whooshfiles
from forum.search.engine.columns import Plan, Stored
from forum.search.engine.inverted import Collector, Inverted

SUFFIX = ".arrays"


class Writer(SegmentWriter):  # type: ignore[misc]
    """Adds documents to an index of which it is the only writer.

    Words go to `words[field]`, one call of `end_document` closes a document. As with any writer of
    Whoosh, `commit` makes all of it visible at once and `cancel` none of it.
    """

    def __init__(self, index: Any, plan: Plan, *, timeout: float = 0.0) -> None:
        codec = W3Codec(compression=0)
        super().__init__(index, timeout=timeout, codec=codec, compound=False, limitmb=1)
        self._plan = plan
        self._stored: list[Stored] = []
        self.words = {
            name: Collector(positions=isinstance(field.format, Positions), scored=field.scorable)
            for name, field in self.schema.items()
            if field.indexed
        }

    def end_document(self, stored: Stored) -> None:
        """Close a document; `stored` are the values of the stored fields."""
        kept = self.perdocwriter
        kept.start_doc(self.docnum)
        for name, field in self.schema.items():
            collector = self.words.get(name)
            length = collector.end_document() if collector is not None else 0
            kept.add_field(name, field, stored.get(name), length)
        kept.finish_doc()
        self._stored.append(stored)
        self._added = True
        self.docnum += 1

    def add_document(self, **_fields: Any) -> None:
        """Not this way: it would analyse text, which this writer leaves to others."""
        raise NotImplementedError

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        fields = {name: self.words[name].inverted() for name in sorted(self.words)}
        for name, inverted in fields.items():
            whooshfiles.add_field(self.fieldwriter, name, self.schema[name], inverted)
        self.fieldwriter.close()
        path = Path(self.storage.folder) / self.newsegment.make_filename(SUFFIX)
        write_arrays(path, fields, columns.collected(self._plan, self._stored))


def write_arrays(path: Path, fields: dict[str, Inverted], kept: columns.Columns) -> None:
    """The file beside a segment."""
    named = dict(kept.named())
    for name, inverted in fields.items():
        named.update(inverted.named(name))
    totals = {name: inverted.total for name, inverted in fields.items()}
    arrays.write(path, named, {"totals": totals})
