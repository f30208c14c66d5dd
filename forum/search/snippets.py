"""The passage of a text that shows best why it was found, its words marked."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import escape

from forum.search.analysis import Word, words_of
from forum.search.language import Beginning, One, Operand

LENGTH = 240
READ = 12_000
"""Characters looked at: the rest of a very long text is not worth the time."""


class Wanted:
    """Which words to mark: every form of what was asked for."""

    def __init__(self, operands: Iterable[Operand]) -> None:
        self.terms: set[str] = set()
        self.prefixes: tuple[str, ...] = ()
        for operand in operands:
            if isinstance(operand, Beginning):
                self.prefixes += (operand.prefix,)
            else:
                for word in (operand.word,) if isinstance(operand, One) else operand.words:
                    self.terms.update((word.surface, *word.terms))

    def fits(self, word: Word) -> str | None:
        """Which wanted term a word of the text is a form of."""
        for term in (word.surface, *word.terms):
            if term in self.terms:
                return term
        return next((p for p in self.prefixes if word.surface.startswith(p)), None)


def snippet(text: str, wanted: Wanted) -> str:
    """HTML of the best passage: escaped, with `<mark>` and nothing else."""
    text = text[:READ]
    found = [(w.start, w.end, term) for w in words_of(text) if (term := wanted.fits(w)) is not None]
    first, last = _window(text, found)
    parts, at = ["… " if first else ""], first
    for start, end, _term in found:
        if first <= start and end <= last:
            parts += [_plain(text[at:start]), f"<mark>{_plain(text[start:end])}</mark>"]
            at = end
    parts += [_plain(text[at:last]), " …" if last < len(text) else ""]
    return "".join(parts).strip()


def _plain(text: str) -> str:
    return " ".join(str(escape(text)).split("\n"))


def _window(text: str, found: list[tuple[int, int, str]]) -> tuple[int, int]:
    """The stretch of about the wanted length with the most different words, the earliest such."""
    best, chosen = 0, (0, 0)
    for number, (start, _end, _term) in enumerate(found):
        inside = [hit for hit in found[number : number + 40] if hit[1] <= start + LENGTH]
        worth = 10 * len({hit[2] for hit in inside}) + min(len(inside), 9)
        if worth > best:
            best, chosen = worth, (start, max((hit[1] for hit in inside), default=start))
    return _stretch(text, *chosen)


def _stretch(text: str, first: int, last: int) -> tuple[int, int]:
    """The window widened to the wanted length, ending between words."""
    spare = max(LENGTH - (last - first), 0)
    first = 0 if first <= LENGTH // 3 else max(first - spare // 2, 0)
    last = min(max(first + LENGTH, last), len(text))
    if first:
        space = text.find(" ", first, first + 40)
        first = space + 1 if space != -1 else first
    if last < len(text):
        space = text.rfind(" ", last - 40, last)
        last = space if space > first else last
    return first, last
