"""From text to index terms. The same function serves index, queries and highlights."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from forum.core.words import CACHED, STOP_WORDS, lemmas, normalize, parts_of, tokenize


class Forms(NamedTuple):
    """What a word is found by: its likely lemmas, and those of each of its parts, if it has parts.

    A word that may be of several lemmas (стали: стать, сталь) has them all at one place. Parts
    stand in a row. A stop word has neither.
    """

    lemmas: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...] = ()

    @property
    def row(self) -> tuple[tuple[str, ...], ...]:
        """The lemmas at each place that the word takes."""
        return self.parts or ((self.lemmas,) if self.lemmas else ())


class Word(NamedTuple):
    """A word of a text: as written in lower case, what it is found by, and where it stands."""

    surface: str
    forms: Forms
    start: int
    end: int

    @property
    def lemmas(self) -> tuple[str, ...]:
        """What the whole of it is found by, the likeliest first; nothing for a stop word."""
        return self.forms.lemmas

    @property
    def terms(self) -> tuple[str, ...]:
        """All that it is found by, whole or in part."""
        return (*self.lemmas, *(lemma for part in self.forms.parts for lemma in part))


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for token in tokenize(text):
        plain = normalize(token.text)
        if plain:
            yield Word(plain, forms_of(plain), token.start, token.end)


@lru_cache(CACHED)
def forms_of(plain: str) -> Forms:
    """What a normalised word is found by."""
    if plain in STOP_WORDS:
        return Forms(())
    return Forms(lemmas(plain), tuple(lemmas(p) for p in parts_of(plain) if p not in STOP_WORDS))
