"""Putting documents into the index: from their texts to the words of its fields."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from zlib import crc32

from forum.core.words import normalize, pieces_of, words_in
from forum.search.analysis import Forms, forms_of
from forum.search.documents import Document
from forum.search.engine.collecting import NUMBER, Pieces
from forum.search.engine.writer import Writer
from forum.search.schema import Card

TITLE_WEIGHT = 3.0
"""How much a word of a title or a tag counts for, beside one of the body."""
ENDS = ".!?… "
"""What a title may end with where the text goes on."""
FILE_WEIGHTS = (0.4, 0.2, 0.1, 0.05, 0.02)
"""What a word of a document beside the text counts for: the more of them, the less."""
FILE_LENGTH = 100
"""Words that documents may add to a thing's length, if its own text is not longer."""
SPACED = 2
"""How many times longer a text may be than its words with single spaces."""
GAP = 1
"""Places left free between title, tags and body, so that no phrase reaches across."""


class Lexicon(dict[str, int]):
    """The number of each piece of text that was met: its words are analysed once.

    `forms`: what its words are found by, at their places: the lemmas of a whole word at the first,
    those of its parts at one after the other. `written`: the words as they were written.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forms, self.written = Pieces(), Pieces()

    @property
    def fields(self) -> dict[str, Pieces]:
        """What the pieces stand for in each field of the index."""
        forms, written = self.forms, self.written
        return {"text": forms, "title": forms, "exact": written, "name": written}

    def read(self, text: str) -> array[int]:
        """The pieces of a text."""
        return array(NUMBER, map(self.__getitem__, pieces_of(text)))

    def __missing__(self, piece: str) -> int:
        written: list[tuple[str, int]] = []
        found: list[tuple[str, int]] = []
        place = 0
        for word in words_in(piece):
            if plain := normalize(word):
                forms = forms_of(plain)
                written.append((plain, 0))
                found += _placed(forms, place)
                place += len(forms.row)
        self.forms.learn(found, place)
        number = self.written.learn(written, len(written))
        self[piece] = number
        return number


class Wording:
    """Adds documents to a writer."""

    def __init__(self, writer: Writer, lexicon: Lexicon) -> None:
        self._writer, self._lexicon = writer, lexicon

    def add(self, document: Document) -> None:
        """Add a document."""
        fields, read = self._writer.words, self._lexicon.read
        key = self._writer.pieces["docid"].learn([(document.docid, 0)], 1)
        fields["docid"].add(array(NUMBER, [key]))
        title = read(document.title)
        fields["name"].add(title)
        fields["title"].add(title)
        for pieces, weight in self._weighted(document, title):
            fields["text"].add(pieces, weight, GAP)
            fields["exact"].add(pieces)
        self._writer.end_document({"docid": document.docid, "card": tuple(card_of(document))})

    def _weighted(
        self, document: Document, title: array[int]
    ) -> Iterator[tuple[array[int], float]]:
        if not repeats(document.title, document.body):
            # An idea's title without a text is the text, no more telling than that of others.
            is_text = document.kind == "idea" and not document.body
            yield title, 1.0 if is_text else TITLE_WEIGHT
        for tag in document.tags:
            yield self._lexicon.read(tag), TITLE_WEIGHT
        body = self._lexicon.read(document.body)
        yield body, 1.0
        if document.files:
            files = self._lexicon.read(document.files)
            yield files, file_weight(len(body), len(files))


def file_weight(body: int, files: int) -> float:
    """How much a word of documents counts beside a text of so many words: a long document must
    not drown what its idea says in a sentence, and is found all the same."""
    most = max(FILE_LENGTH, body) / max(files, 1)
    return next((weight for weight in FILE_WEIGHTS if weight <= most), FILE_WEIGHTS[-1])


def _placed(forms: Forms, place: int) -> list[tuple[str, int]]:
    """The different terms of a word that stands at a place, each with its own."""
    found = [(lemma, place) for lemma in forms.lemmas]
    if not forms.parts:
        return found
    found += [(lemma, at) for at, part in enumerate(forms.parts, place) for lemma in part]
    return sorted(set(found), key=lambda term: term[1])


def repeats(title: str, body: str) -> bool:
    """Whether a title only says how the text begins, as one that nobody wrote: then its words are
    no more telling than the others, and are not counted twice."""
    words = " ".join(title.rstrip(ENDS).split())
    begins = " ".join(body[: SPACED * len(words)].split())
    return bool(words) and begins.startswith(words) and not begins[len(words) :][:1].isalnum()


def card_of(document: Document) -> Card:
    """What the index keeps of a document beside its words."""
    files = (document.files,) if document.files else ()
    texts = "\x1f".join((document.title, *document.tags, document.body, *files))
    return Card(
        document.kind,
        document.id,
        document.lang,
        document.stage,
        document.departments,
        document.scope,
        document.at,
        crc32(texts.encode("utf-8", "replace")),
        document.author,
        document.home,
        document.tags,
        document.standards,
        document.waiting,
        document.writers,
        document.campaign,
        document.clauses,
        document.version,
    )
