"""Words on lines of a width, for pictures: nothing there breaks a line by itself."""

from __future__ import annotations

import unicodedata

NARROW, WIDE = frozenset("iljtfrI.,;:!|'()[]-· "), frozenset("mwMWшщжюфмыШЩЖЮФМЫЪ@%—…")


def width_of(text: str) -> float:
    """About how wide a text is, in ems of its own size; on the safe side for Inter."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if letter in NARROW:
        return 0.36
    if letter in WIDE:
        return 0.92
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0x1F000:
        return 1.1
    return 0.74 if letter.isupper() else 0.6


def wrapped(text: str, width: float, most: int) -> list[str]:
    """At most so many lines of at most this width in ems; long words are broken, the rest cut."""
    lines: list[str] = []
    for word in text.split():
        for piece in _pieces(word, width):
            if lines and width_of(f"{lines[-1]} {piece}") <= width:
                lines[-1] = f"{lines[-1]} {piece}"
            else:
                lines.append(piece)
            if len(lines) > most:
                return [*lines[: most - 1], _cut(lines[most - 1], width)]
    return lines


def _pieces(word: str, width: float) -> list[str]:
    """A word as it fits on lines: whole, or broken where it must be."""
    if width_of(word) <= width:
        return [word]
    pieces, piece, so_far = [], "", 0.0
    for letter in word:
        wide = _width(letter)
        if piece and so_far + wide > width:
            pieces.append(piece)
            piece, so_far = "", 0.0
        piece, so_far = piece + letter, so_far + wide
    return [*pieces, piece]


def _cut(line: str, width: float) -> str:
    """A line that says by an ellipsis that there is more."""
    while line and width_of(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
