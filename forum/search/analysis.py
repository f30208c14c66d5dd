"""From text to index terms. The same function serves index, queries and highlights."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from forum.core.words import lemma, normalize, stop_words, tokenize

STOP_WORDS = stop_words("ru") | stop_words("en")


class Word(NamedTuple):
    """A word of a text: as written in lower case, its lemmas, and where the text has it.

    No lemmas for a stop word. A hyphenated word has its own lemma first, then one for each part.
    """

    surface: str
    lemmas: tuple[str, ...]
    start: int
    end: int

    @property
    def parts(self) -> tuple[str, ...]:
        """The lemmas that stand in a row in the text."""
        return self.lemmas[1:] if len(self.lemmas) > 1 else self.lemmas


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order."""
    for token in tokenize(text):
        plain = normalize(token.text)
        if plain:
            yield Word(plain, lemmas_of(plain), token.start, token.end)


@lru_cache(50_000)
def lemmas_of(plain: str) -> tuple[str, ...]:
    """What a normalised word is found by."""
    if plain in STOP_WORDS:
        return ()
    parts = plain.split("-") if "-" in plain and "@" not in plain else ()
    if not parts:
        return (lemma(plain),)
    return (lemma(plain), *(lemma(part) for part in parts if part not in STOP_WORDS))
