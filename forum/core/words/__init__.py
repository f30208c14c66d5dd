"""The words of the search: found in a text, made comparable, brought to their dictionary form.

Russian goes through a dictionary (заявок → заявка), because cutting endings alone misses everyday
plurals; Latin words are stemmed. Everything is bounded and cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from forum.core.words import english, russian
from forum.core.words.common import STOP_WORDS, stop_words
from forum.core.words.keyboard import transliterate_layout
from forum.core.words.slugs import slugify
from forum.core.words.tokens import (
    CACHED,
    Token,
    joined,
    normalize,
    one_alphabet,
    parts_of,
    pieces_of,
    tokenize,
    words_in,
)

__all__ = [
    "CACHED",
    "STOP_WORDS",
    "Token",
    "beginnings",
    "lemma",
    "lemmas",
    "normalize",
    "parts_of",
    "pieces_of",
    "preload",
    "slugify",
    "stop_words",
    "terms",
    "tokenize",
    "transliterate_layout",
    "words_in",
]

_CYRILLIC = re.compile("[а-я]+")
_LATIN = re.compile("([a-z]+(?:'[a-z]+)?)(?:'?[а-я]{2,})?")


@lru_cache(CACHED)
def lemmas(word: str) -> tuple[str, ...]:
    """Every likely dictionary form of a word, the likeliest first; codes stay as they are.

    The same one for every way to write it: e-mail and email, 10 000 and 10000.
    """
    plain = normalize(word)
    parts = parts_of(plain)
    if parts and not plain.isascii() and "@" not in plain:
        return (one_alphabet("".join(map(lemma, parts))),)
    plain = joined(plain)
    if _CYRILLIC.fullmatch(plain):
        return russian.lemmas(plain)
    latin = _LATIN.fullmatch(plain)
    return english.stems(latin[1]) if latin else (plain,)


@lru_cache(4096)
def beginnings(term: str) -> frozenset[str]:
    """How the words of one alphabet begin, normalised, that may be found by a term."""
    if _CYRILLIC.fullmatch(term):
        return russian.beginnings(term)
    return english.beginnings(term) if _LATIN.fullmatch(term) else frozenset(term[:1])


def lemma(word: str) -> str:
    """The likeliest dictionary form of a word."""
    return lemmas(word)[0]


def terms(text: str) -> list[str]:
    """The lemmas of a text in order without stop words; what has parts also by those."""
    return [term for token in tokenize(text) for term in _terms_of(normalize(token.text))]


def _terms_of(plain: str) -> Iterator[str]:
    if plain not in STOP_WORDS:
        yield lemma(plain)
        yield from (lemma(part) for part in parts_of(plain) if part not in STOP_WORDS)


def preload() -> None:
    """Load the dictionaries (0.3 s, 18 MB) now: before workers fork, so that they share them."""
    lemma("заявок")
    lemma("invoices")
