"""Whoosh's writer, given words and numbers instead of text, and writing arrays beside its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec
from whoosh.formats import Positions
from whoosh.writing import SegmentWriter

from forum.search.engine import columns, merging, stock, whooshfiles
from forum.search.engine.columns import Plan, Stored
from forum.search.engine.inverted import Collector, Inverted
from forum.search.engine.lengths import LENGTHS
from forum.search.engine.opened import opened
from forum.search.engine.sidefile import SUFFIX, inverted_in, write_arrays
from forum.search.engine.snapshot import Mask, all_but


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
        self._absorbed: list[tuple[dict[str, Inverted], Mask]] = []
        self.words = {
            name: Collector(positions=isinstance(field.format, Positions), scored=field.scorable)
            for name, field in self.schema.items()
            if field.indexed
        }

    def end_document(self, stored: Stored) -> None:
        """Close a document; `stored` are the values of the stored fields."""
        self._keep(stored, {name: words.end_document() for name, words in self.words.items()})

    def _keep(self, stored: Stored, lengths: Mapping[str, int]) -> None:
        kept = self.perdocwriter
        kept.start_doc(self.docnum)
        for name, field in self.schema.items():
            kept.add_field(name, field, stored.get(name), lengths.get(name, 0))
        kept.finish_doc()
        self._stored.append(stored)
        self._added = True
        self.docnum += 1

    def delete_those(self, field: str, terms: Collection[str]) -> None:
        """Delete the documents that have any of the terms, among those already committed."""
        wanted = [term.encode("utf-8", "replace") for term in terms]
        for part in self.segments if wanted else ():
            own = opened(self.storage, self.schema, part, self._plan).fields[field]
            for number in filter(lambda number: number >= 0, map(own.find, wanted)):
                for doc in own.posting(number).docs.tolist():
                    part.delete_document(doc)

    def add_document(self, **_fields: Any) -> None:
        """Not this way: it would analyse text, which this writer leaves to others."""
        raise NotImplementedError

    def _merge_segments(self, mergetype: Any, optimize: Any, merge: Any) -> list[Any]:
        """Take in the small segments, or all of them; the ones that stay."""
        living = [segment for segment in self.segments if segment.doc_count()]
        sizes = [segment.doc_count() for segment in living]
        taken = list(range(len(living))) if optimize else []
        if merge is not False and not optimize:
            taken = merging.absorbed(sizes, self.docnum)
        for place in taken:
            self._absorb(living[place])
        return [segment for place, segment in enumerate(living) if place not in taken]

    def _absorb(self, segment: Any) -> None:
        files = stock.Files(self.storage, self.schema, segment)
        fields = inverted_in(files, self._path(segment), list(self.words))
        keep = all_but(files.size, sorted(segment.deleted_docs() or ()))
        docs = range(files.size) if keep is None else np.flatnonzero(keep).tolist()
        lengths = {name: LENGTHS[fields[name].lengths].tolist() for name in fields}
        with files.reading():
            for doc in docs:
                of_doc = {name: all_lengths[doc] for name, all_lengths in lengths.items()}
                self._keep(files.reader.stored_fields(doc), of_doc)
        self._absorbed.append((fields, keep))

    def _path(self, segment: Any) -> Path:
        return Path(self.storage.folder, segment.make_filename(SUFFIX))

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        fields = {name: self._whole(name) for name in sorted(self.words)}
        for name, inverted in fields.items():
            whooshfiles.add_field(self.fieldwriter, name, self.schema[name], inverted)
        self.fieldwriter.close()
        self.newsegment._fieldlengths = {name: found.total for name, found in fields.items()}
        kept = columns.collected(self._plan, self._stored)
        write_arrays(self._path(self.newsegment), fields, kept)

    def _whole(self, name: str) -> Inverted:
        added = self.words[name].inverted()
        if not self._absorbed:
            return added
        parts = [added, *(fields[name] for fields, _keep in self._absorbed)]
        return merging.joined(parts, [None, *(keep for _fields, keep in self._absorbed)])
