"""XML read for its words alone: no document type, so no entity that unfolds and none that fetches.

The parser hands over one piece after the other, so what is kept is no larger than what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

DEEPEST, MOST_ELEMENTS = 2_000, 400_000


class BadXml(ValueError):
    """Not XML, or XML that declares a type of its own, with whatever that may unfold into."""

    def __init__(self, *, declares: bool = False) -> None:
        super().__init__("xml")
        self.declares = declares


def begin(head: bytes) -> None:
    """Read as far as the first element, where declarations come. Raises BadXml."""

    def enough(_name: str) -> None:
        raise _Enough

    try:
        _parse(head, _parser(enough), whole=False)
    except _Enough:
        return
    raise BadXml


def check(raw: bytes) -> None:
    """Read it to its end, if that is no long work. Raises BadXml."""
    _parse(raw, _parser())


def words(raw: bytes, *, only: frozenset[str], ends: frozenset[str], most: int) -> str:
    """The words inside elements named `only` (all, if empty), a line for each of `ends`.

    Names are without their prefix. At most so many characters.
    """
    reading = _Words(only, ends, most)
    parser = _parser(reading.start, reading.end, most=len(raw))
    parser.CharacterDataHandler = reading.data
    with suppress(_Enough):
        _parse(raw, parser)
    return "".join(reading.found)


def _parse(raw: bytes, parser: XMLParserType, *, whole: bool = True) -> None:
    try:
        parser.Parse(raw, whole)
    except ExpatError:
        raise BadXml from None


class _Enough(Exception):
    """As much was read as is wanted."""


class _Words:
    """Gathers the words of a document."""

    def __init__(self, only: frozenset[str], ends: frozenset[str], most: int) -> None:
        self.only, self.ends, self.most = only, ends, most
        self.found: list[str] = []
        self.inside = 0

    def start(self, name: str) -> None:
        """An element begins."""
        if name in ("tab", "br", "s", "line-break"):
            self.found.append(" ")
        self.inside += name in self.only

    def end(self, name: str) -> None:
        """An element ends."""
        self.inside -= name in self.only
        if name in self.ends:
            self.found.append("\n")

    def data(self, text: str) -> None:
        """Characters between."""
        if self.inside or not self.only:
            self.most -= len(text)
            self.found.append(text)
            if self.most < 0:
                raise _Enough


def _nothing(_name: str) -> None:
    """Only looked at."""


def _parser(
    start: Callable[[str], None] = _nothing,
    end: Callable[[str], None] = _nothing,
    most: int = MOST_ELEMENTS,
) -> XMLParserType:
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = count = 0

    def refuse(*_declared: object) -> None:
        raise BadXml(declares=True)

    def begun(name: str, _attributes: object) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > most:
            raise BadXml
        start(name.rpartition(" ")[2])

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(" ")[2])

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begun
    parser.EndElementHandler = ended
    return parser
