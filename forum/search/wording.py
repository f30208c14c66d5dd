"""Putting documents into the index: from their texts to the words of its fields."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

from forum.core.words import normalize, words_in
from forum.search.analysis import lemmas_of
from forum.search.documents import Document
from forum.search.engine.writer import Writer
from forum.search.schema import Card

TITLE_WEIGHT = 3.0
"""How much a word of a title or a tag counts for, beside one of the body."""
GAP = 1
"""Places left free between title, tags and body, so that no phrase reaches across."""
REMEMBERED = 300_000


class Known(NamedTuple):
    """What the fields know a written word by; `others` are what a hyphenated word is found by
    besides: (number, places after its own)."""

    exact: int
    name: int
    text: int
    title: int
    others: tuple[tuple[int, int], ...]
    width: int


NO_TERM = -1


class Wording:
    """Adds documents to a writer. Each different word is analysed once."""

    def __init__(self, writer: Writer) -> None:
        self._writer, self._fields = writer, writer.words
        self._known: dict[str, Known | None] = {}

    def add(self, document: Document) -> None:
        """Add a document."""
        key = self._fields["docid"]
        key.add([key.number(document.docid)])
        place = self._add_title(document.title)
        for tag in document.tags:
            place = self._add_text(tag, place + GAP, TITLE_WEIGHT)
        self._add_text(document.body, place + GAP, 1.0)
        self._writer.end_document({"docid": document.docid, "card": tuple(card_of(document))})

    def _add_title(self, title: str) -> int:
        known = self._all_known(title)
        self._fields["name"].add([word.name for word in known])
        self._fields["title"].add([word.title for word in known if word.title != NO_TERM])
        return self._add(known, 0, TITLE_WEIGHT)

    def _add_text(self, text: str, place: int, weight: float) -> int:
        return self._add(self._all_known(text), place, weight)

    def _add(self, known: list[Known], place: int, weight: float) -> int:
        numbers, places = [], []
        for word in known:
            if word.text != NO_TERM:
                numbers.append(word.text)
                places.append(place)
                for number, after in word.others:
                    numbers.append(number)
                    places.append(place + after)
                place += word.width
        self._fields["text"].add(numbers, places, weight)
        self._fields["exact"].add([word.exact for word in known])
        return place

    def _all_known(self, text: str) -> list[Known]:
        known, found = self._known, []
        for word in words_in(text):
            try:
                one = known[word]
            except KeyError:
                one = self._learned(word)
            if one is not None:
                found.append(one)
        return found

    def _learned(self, word: str) -> Known | None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[word] = learned = self._analysed(normalize(word))
        return learned

    def _analysed(self, plain: str) -> Known | None:
        if not plain:
            return None
        fields, lemmas = self._fields, lemmas_of(plain)
        exact, name = fields["exact"].number(plain), fields["name"].number(plain)
        if not lemmas:
            return Known(exact, name, NO_TERM, NO_TERM, (), 0)
        text, title = fields["text"].number(lemmas[0]), fields["title"].number(lemmas[0])
        parts = lemmas[1:]
        others = tuple((fields["text"].number(part), i) for i, part in enumerate(parts))
        return Known(exact, name, text, title, others, max(len(parts), 1))


def card_of(document: Document) -> Card:
    """What the index keeps of a document beside its words."""
    texts = "\x1f".join((document.title, *document.tags, document.body))
    return Card(
        document.kind,
        document.id,
        document.lang,
        document.stage,
        document.departments,
        document.scope,
        document.at,
        crc32(texts.encode("utf-8", "replace")),
    )
