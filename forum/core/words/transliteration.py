"""Russian written in Latin letters, and the other way round."""

from __future__ import annotations

import re

_ONE_BY_ONE = str.maketrans(
    dict(zip("абвгдежзийклмнопрстуфхцчшщыэ", "abvgdeZziiklmnoprstufhcCSSie", strict=True))
    | {"ю": "iu", "я": "ia", "ъ": "", "ь": "", "'": ""}
)
_CYRILLIC_PAIRS = {"йо": "e", "сч": "S", "сх": "S", "зх": "Z", "тс": "c", "тц": "c", "кс": "ks"}
_LATIN_GROUPS = {
    "shch": "S", "sch": "S", "sh": "S", "zh": "Z", "tch": "C", "ch": "C", "ts": "c", "tz": "c",
    "yo": "e", "jo": "e", "ye": "e", "je": "e", "ck": "k",
    "x": "ks", "w": "v", "y": "i", "j": "i", "q": "k",
}  # fmt: skip
_CYRILLIC = re.compile("|".join(_CYRILLIC_PAIRS))
_LATIN = re.compile("|".join(_LATIN_GROUPS))
_DOUBLED = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """What the customary ways of writing a small word in either alphabet have in common.

    щ is shch, sch or sh; й, ы and и are y, j or i; х is kh or h, ц is ts or c; ь may be missing:
    zayavka, zajavka, zaiavka and заявка are one.
    """
    if word.isascii():
        letters = _LATIN.sub(lambda found: _LATIN_GROUPS[found.group()], word.replace("kh", "h"))
        return _DOUBLED.sub(r"\1", letters.replace("'", ""))
    letters = _CYRILLIC.sub(lambda found: _CYRILLIC_PAIRS[found.group()], word)
    return _DOUBLED.sub(r"\1", letters.translate(_ONE_BY_ONE))
