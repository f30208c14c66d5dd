"""Addresses made of words."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from forum.core.limits import SLUG

_LETTERS = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіґўøłđðı", "abvgdeziyklmnoprstufyeiguolddi", strict=True))
    | {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu"}
    | {"я": "ya", "ї": "yi", "є": "ye", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"ъ": "", "ь": "", "&": " and ", "+": " plus ", "#": " sharp "}
)
_NOT_SLUG = re.compile("[^a-z0-9]+")


def slugify(text: str) -> str:
    """An address of small Latin letters, digits and hyphens, at most 80; never empty."""
    # Composed first, so that й is looked up as a letter; taken apart later for é and its kin.
    letters = unicodedata.normalize("NFKC", text[: 4 * SLUG.value]).lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", ascii_only).strip("-")
    if len(slug) > SLUG.value:
        slug = slug[: SLUG.value + 1].rpartition("-")[0] or slug[: SLUG.value]
    return slug or "x" + sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
