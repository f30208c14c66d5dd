"""Whoosh's writer, given words and numbers instead of text, and writing arrays beside its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from pickle import dumps
from types import MappingProxyType
from typing import Any, NamedTuple
from zlib import compress

from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, _lenfield
from whoosh.columns import VarBytesColumn
from whoosh.formats import Positions
from whoosh.writing import SegmentWriter

from forum.search.engine import columns, merging, stock, whooshfiles
from forum.search.engine.collecting import Collector, Pieces
from forum.search.engine.columns import Columns, Plan, Stored
from forum.search.engine.inverted import Inverted
from forum.search.engine.opened import all_opened
from forum.search.engine.segment import Segment
from forum.search.engine.sidefile import SUFFIX, parts_in, write_arrays
from forum.search.engine.snapshot import Mask, all_but

PICKLED = 2
"""The protocol that Whoosh stores fields in."""


class Part(NamedTuple):
    """A segment that is taken in, and which of its documents stay."""

    fields: Mapping[str, Inverted]
    columns: Columns
    keep: Mask


class Writer(SegmentWriter):  # type: ignore[misc]
    """Adds documents to an index of which it is the only writer.

    Pieces of text go to `words[field]`, one call of `end_document` closes a document. What the
    pieces of a field stand for is told to `pieces[field]`: one of the vocabularies that are given,
    which fields and writers may share, or a new one. As with any writer of Whoosh, `commit` makes
    all of it visible at once and `cancel` none of it. Segments whose ids are in `leave` are merged
    elsewhere: a commit may delete from them and does not rewrite them. Segments that are `known`
    need not be opened: who writes often keeps them from one writer to the next.
    """

    def __init__(
        self,
        index: Any,
        plan: Plan,
        pieces: Mapping[str, Pieces] = MappingProxyType({}),
        *,
        timeout: float = 0.0,
        leave: Collection[str] = (),
        known: dict[str, Segment] | None = None,
    ) -> None:
        codec = W3Codec(compression=0)
        super().__init__(index, timeout=timeout, codec=codec, compound=False, limitmb=1)
        self._plan, self._leave = plan, leave
        self._known = {} if known is None else known
        self._stored: list[Stored] = []
        self._absorbed: list[Part] = []
        fields = {name: field for name, field in self.schema.items() if field.indexed}
        self.pieces = {name: pieces[name] if name in pieces else Pieces() for name in fields}
        self.words = {
            name: Collector(
                self.pieces[name],
                positions=isinstance(field.format, Positions),
                scored=field.scorable,
            )
            for name, field in fields.items()
        }

    def end_document(self, stored: Stored) -> None:
        """Close a document; `stored` are the values of the stored fields."""
        for words in self.words.values():
            words.end_document()
        self._stored.append(stored)
        self._keep(compress(dumps(stored, PICKLED), 0))

    def _keep(self, raw: bytes) -> None:
        """Take a document over, of which the stored fields are written as they are."""
        VarBytesColumn.Writer.add(self._raw, self.docnum, raw)
        self._added = True
        self.docnum += 1

    @property
    def _raw(self) -> Any:
        """Where Whoosh's column of stored fields has its bytes written."""
        return self.perdocwriter._get_column("_stored")._child

    def delete_those(self, field: str, terms: Collection[str]) -> None:
        """Delete the documents that have any of the terms, among those already committed."""
        wanted = [term.encode("utf-8", "replace") for term in terms]
        parts = self.segments if wanted else []
        opened = all_opened(self.storage, self.schema, parts, self._plan, self._known)
        for part, segment in zip(parts, opened, strict=True):
            own = segment.fields[field]
            for number in filter(lambda number: number >= 0, map(own.find, wanted)):
                for doc in own.posting(number).docs.tolist():
                    part.delete_document(doc)

    def add_document(self, **_fields: Any) -> None:
        """Not this way: it would analyse text, which this writer leaves to others."""
        raise NotImplementedError

    def _merge_segments(self, mergetype: Any, optimize: Any, merge: Any) -> list[Any]:
        """Take in the small segments, or all of them; the ones that stay."""
        living = [segment for segment in self.segments if segment.doc_count()]
        free = [segment for segment in living if segment.segment_id() not in self._leave]
        taken = free if optimize else []
        if merge is not False and not optimize:
            sizes = [segment.doc_count() for segment in free]
            taken = [free[place] for place in merging.absorbed(sizes, self.docnum)]
        for segment in taken:
            self.absorb(self.storage, segment)
        return [segment for segment in living if segment not in taken]

    def absorb(self, storage: Any, segment: Any) -> None:
        """Add what is not deleted of a segment, of this index or another with the same schema."""
        files = stock.Files(storage, self.schema, segment)
        path = Path(storage.folder, segment.make_filename(SUFFIX))
        fields, kept = parts_in(files, path, list(self.words), self._plan)
        keep = all_but(files.size, sorted(segment.deleted_docs() or ()))
        for raw in stock.stored_in(files, keep):
            self._keep(raw)
        self._absorbed.append(Part(fields, kept, keep))

    def _flush_segment(self) -> None:
        fields = {name: self._whole(name) for name in sorted(self.words)}
        self._close_documents(fields)
        for name, inverted in fields.items():
            whooshfiles.add_field(self.fieldwriter, name, self.schema[name], inverted)
        self.fieldwriter.close()
        self.newsegment._fieldlengths = {name: found.total for name, found in fields.items()}
        path = Path(self.storage.folder, self.newsegment.make_filename(SUFFIX))
        write_arrays(path, fields, self._columns())

    def _close_documents(self, fields: Mapping[str, Inverted]) -> None:
        """What Whoosh keeps of each document: stored fields and the lengths of the others."""
        kept = self.perdocwriter
        for name, inverted in fields.items():
            if inverted.total:
                kept._create_column(_lenfield(name), LENGTHS_COLUMN)
                column = kept._get_column(_lenfield(name))
                column._dbfile.write(inverted.lengths.tobytes())
                column._count = self.docnum
        kept._doccount = self.docnum
        kept.close()

    def _columns(self) -> Columns:
        added = columns.collected(self._plan, self._stored)
        parts = [(added, None), *((part.columns, part.keep) for part in self._absorbed)]
        return columns.joined(parts) if self._absorbed else added

    def _whole(self, name: str) -> Inverted:
        added = self.words[name].inverted()
        if not self._absorbed:
            return added
        parts = [added, *(part.fields[name] for part in self._absorbed)]
        return merging.joined(parts, [None, *(part.keep for part in self._absorbed)])
