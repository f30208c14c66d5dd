"""Where a text has its words, and what each is made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from forum.core.limits import WORD
from forum.core.textcheck import word_set


class Token(NamedTuple):
    """A word as written, cut at 64 characters, and where all of it stands in the text."""

    text: str
    start: int
    end: int


CACHED = 10_000
"""Words that each step remembers: some 10 MB when all of them are full."""
_MARK = "[\u0300-\u036f]*"
_PART = f"(?:[^\\W_]{_MARK})+"
# Bounded repeats before the @, so that a long text without one is not read again at every dot.
_MAIL = r"[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9][\w-]{0,62}(?:\.[A-Za-z0-9][\w-]{0,62}){1,6}"
_SIGNED = r"(?<![^\W_])[A-Za-z](?:\+\+|#)(?![^\W_])"
_NUMBER = r"\d+(?:[.,]\d+)+(?![^\W_])"
_SPACED = r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}){1,5}(?![\w.,]\d|[^\W_])"
_SPREAD = re.compile(r"\d[ \u00a0\u2009\u202f]\d{3}")
_JOINED = f"{_PART}(?:[-\u2010\u2011'’&]{_PART})*"
_TOKEN = re.compile(f"{_MAIL}|{_SIGNED}|{_SPACED}|{_NUMBER}|{_JOINED}")
_RUSSIAN = re.compile("[А-Яа-яЁё]+")
_APOSTROPHES = str.maketrans("’\u2010\u2011\u00a0\u2009\u202f", "'--   ")
_CYRILLIC = re.compile("[а-я]")
_LATIN = re.compile("[a-z]")
_LATIN_TWINS, _CYRILLIC_TWINS = "abekmhopctyx", "авекмнорстух"
_TO_LATIN = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)
_TO_CYRILLIC = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_SLANG = re.compile(f"(?=[a-z]*(?![{_LATIN_TWINS}])[a-z])[a-z]{{2,}}'?[а-я]{{2,}}")

_UNITS = word_set(
    "кг гр г мг т м см мм км л мл ч час мин сек мс руб р тыс млн млрд шт уп квт вт гб мб кб тб дн "
    "мес год лет"
)
_MEASURE = re.compile(f"(\\d+)({'|'.join(sorted(_UNITS, key=len, reverse=True))})")
_CODE = re.compile(r"([^\W\d]{2,})(\d+)|(\d+)([^\W\d]{2,})")
_THOUSANDS = re.compile(r"\d{1,3}(?:([ ,.])\d{3})(?:\1\d{3})*")
_ROUND = re.compile(r"[1-9]\d{1,8}000")


def tokenize(text: str) -> Iterator[Token]:
    """The words of a text in order; PS-001, C++, 3.14, 10 000 and an address stay whole."""
    for found in _TOKEN.finditer(text):
        yield Token(found.group()[: WORD.value], found.start(), found.end())


def words_in(text: str) -> list[str]:
    """The words of a text in order, as `tokenize` finds them, without their places."""
    return [word[: WORD.value] for word in _TOKEN.findall(text)]


def pieces_of(text: str) -> list[str]:
    """A text in pieces that have the same words in the same order: what stands between spaces, or,
    where a number has spaces in it, the words themselves."""
    return _TOKEN.findall(text) if _SPREAD.search(text) else text.split()


@lru_cache(CACHED)
def normalize(word: str) -> str:
    """A word as it is compared: one case, one alphabet, ё as е, accents and stress dropped."""
    if word.isascii():
        return word.lower()
    if _RUSSIAN.fullmatch(word):
        return word.lower().replace("ё", "е")
    folded = unicodedata.normalize("NFKC", word).casefold().replace("ё", "е")
    # й is a letter of its own while é is an accented e: only what Latin letters wear falls.
    bare = "".join(
        char if "\u0400" <= char <= "\u052f" else _without_marks(char) for char in folded
    ).translate(_APOSTROPHES)
    if not _CYRILLIC.search(bare):
        return bare
    return "-".join(one_alphabet(part) for part in bare.split("-"))


def one_alphabet(word: str) -> str:
    """A word in the alphabet it is meant in: letters of the other one slip in unseen.

    Codes such as 1С and А4 are typed in either, so they are compared in Latin.
    """
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    has_digits = any(char.isdigit() for char in word)
    if not cyrillic or not (latin or has_digits):
        return word
    if _MEASURE.fullmatch(word) or _SLANG.fullmatch(word):
        return word
    ways = [word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)]
    if latin > cyrillic or has_digits:
        ways.reverse()
    return next((way for way in ways if not (_CYRILLIC.search(way) and _LATIN.search(way))), word)


def _without_marks(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    return parts if parts.isascii() else re.sub("[\u0300-\u036f]", "", parts)


def parts_of(plain: str) -> tuple[str, ...]:
    """What a normalised word is made of: words between hyphens, a number and its unit, the letters
    and digits of a code, the names in an address, thousands. Nothing for a simple word."""
    if plain.isalpha():
        return ()
    if "@" in plain:
        return tuple(re.findall(r"[^\W_]+", plain))
    if "-" in plain:
        return tuple(filter(None, plain.split("-")))
    if plain[:1].isdigit():
        return _parts_of_number(plain)
    code = _CODE.fullmatch(plain)
    return tuple(filter(None, code.groups())) if code else ()


def _parts_of_number(plain: str) -> tuple[str, ...]:
    if _ROUND.fullmatch(plain):
        return tuple(f"{int(plain):,}".split(","))
    if _THOUSANDS.fullmatch(plain):
        return tuple(re.split("[ ,.]", plain))
    found = _MEASURE.fullmatch(plain) or _CODE.fullmatch(plain)
    return tuple(filter(None, found.groups())) if found else ()


def joined(plain: str) -> str:
    """A normalised word without what may as well be left out: e-mail as email, 10 000 as 10000."""
    if "-" in plain and "@" not in plain:
        return plain.replace("-", "")
    if _THOUSANDS.fullmatch(plain):
        return re.sub("[ ,.]", "", plain)
    return plain.replace(",", ".")
