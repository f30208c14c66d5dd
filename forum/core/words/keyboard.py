"""Words typed on the other keyboard."""

from __future__ import annotations

_LAYOUT_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
_LAYOUT_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_CYRILLIC = str.maketrans(_LAYOUT_LATIN, _LAYOUT_CYRILLIC)
_TO_LATIN = str.maketrans(_LAYOUT_CYRILLIC, _LAYOUT_LATIN)


def transliterate_layout(text: str) -> str:
    """The same keys on the other keyboard layout: ghbdtn → привет, and руддщ → hello."""
    cyrillic = sum("\u0400" <= char <= "\u04ff" for char in text)
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return text.translate(_TO_LATIN if cyrillic > latin else _TO_CYRILLIC)
