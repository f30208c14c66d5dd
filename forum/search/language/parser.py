"""Reading a query: one pass over its pieces, with a stack for what is in parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from forum.core.textcheck import clean_line
from forum.search.analysis import words_of
from forum.search.language.nodes import (
    All,
    Beginning,
    Either,
    Filter,
    Node,
    Not,
    One,
    Operand,
    Query,
    Row,
    Titled,
    joined,
)
from forum.search.language.operators import Operator, operator_of

MOST_TERMS = 200
MOST_DEPTH = 20
"""Parentheses within parentheses; those further in are read as if they were not there."""
MOST_VALUES = 20
SHORTEST_PREFIX = 2
MOST_MARKED = 7
_ENDING = re.compile(r"\w\W*\s\W*\w+\W*[.?!\u2026]\W*$")
_OPERATOR = re.compile(r"(?<!\w)([^\W\d_][\w-]{0,30}):[\w<>=\"«“]|(?<!\S)(OR|ИЛИ)(?!\S)")
_VALUE = r'(?:"[^"]*"?|[^\s"(),|]+)'
_PIECE = re.compile(
    r"(?P<open>-?\()|(?P<close>\))|(?P<either>\|)|(?P<minus>-)?(?:"
    r'"(?P<phrase>[^"]*)"?'
    rf"|(?P<name>[^\W\d_][\w-]{{0,30}}):(?P<values>{_VALUE}(?:[,|]{_VALUE})*)"
    r'|(?P<chunk>[^\s"()|]+))'
)
_VALUES = re.compile(_VALUE)
_DASHES = re.compile(r"^[-\u2010-\u2015\u2212]+(?=[^\s-])")
_EITHER = frozenset(("OR", "ИЛИ"))
_QUOTES = str.maketrans("«»“”„", '"""""')
_ADDRESS = ("/", "\\")


def parse(text: str) -> Query:
    """Understand a query; never raises, reads at most 200 terms."""
    cleaned = clean_line(text)
    if is_prose(cleaned):
        words = tuple(One(word) for word in words_of(cleaned))
        return Query(cleaned, words[:MOST_TERMS], cut=len(words) > MOST_TERMS)
    return _Parser(cleaned).query()


def is_prose(text: str) -> bool:
    """Whether a query is a sentence or a text, in which quotation marks and dashes are just that.

    It ends like one or has more words than people put between marks of a query language.
    """
    if any(either or operator_of(name) for name, either in _OPERATOR.findall(text)):
        return False
    return bool(_ENDING.search(text)) or sum(1 for _word in words_of(text)) > MOST_MARKED


@dataclass(slots=True)
class _Group:
    """What stands in one pair of parentheses so far; `either` after an OR."""

    negated: bool = False
    parts: list[Node] = field(default_factory=list)
    either: bool = False


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._stack = [_Group()]
        self._ignored = 0
        self._terms = 0
        self._unknown: list[str] = []

    def query(self) -> Query:
        for piece in _PIECE.finditer(self._text.translate(_QUOTES)):
            self._take(piece)
        while len(self._stack) > 1:
            self._close()
        parts = tuple(_level(self._stack[0].parts))
        unknown = tuple(dict.fromkeys(self._unknown))
        return Query(self._text, parts, unknown, cut=self._terms > MOST_TERMS)

    def _take(self, piece: re.Match[str]) -> None:
        if piece["open"]:
            self._open(negated=piece["open"] != "(")
        elif piece["close"]:
            self._closed()
        elif piece["either"] or (piece["chunk"] in _EITHER and not piece["minus"]):
            self._stack[-1].either = bool(self._stack[-1].parts)
        else:
            self._add(self._operands(piece), negated=bool(piece["minus"]))

    def _open(self, *, negated: bool) -> None:
        if len(self._stack) > MOST_DEPTH:
            self._ignored += 1
        else:
            self._stack.append(_Group(negated))

    def _closed(self) -> None:
        if self._ignored:
            self._ignored -= 1
        elif len(self._stack) > 1:
            self._close()

    def _close(self) -> None:
        group = self._stack.pop()
        parts = _level(group.parts)
        if parts:
            self._place(parts[0] if len(parts) == 1 else All(tuple(parts)), group.negated)

    def _operands(self, piece: re.Match[str]) -> list[Node]:
        if piece["phrase"] is not None:
            return list(_phrase(piece["phrase"]))
        if piece["name"] is None:
            return list(operands_in(piece["chunk"]))
        operator = operator_of(piece["name"])
        if operator is not None:
            return self._filters(operator, piece)
        if len(piece["name"]) > 1 and not piece["values"].startswith(_ADDRESS):
            self._unknown.append(piece["name"])
        return list(operands_in(piece[0].removeprefix(piece["minus"] or "")))

    def _filters(self, operator: Operator, piece: re.Match[str]) -> list[Node]:
        written = _VALUES.findall(piece["values"])[:MOST_VALUES]
        if operator.takes == "words":
            found = tuple(titled for value in written for titled in _titled(value))
            return [Either(found) if len(found) > 1 else found[0]] if found else []
        values = [value.strip('"').strip() for value in written]
        kept = tuple(dict.fromkeys(filter(None, values)))
        return (
            [Filter(operator.name, kept, places=(piece.span(),), word=piece["name"])]
            if kept
            else []
        )

    def _add(self, nodes: Iterable[Node], *, negated: bool) -> None:
        for node in nodes:
            self._terms += 1
            if self._terms <= MOST_TERMS:
                either = self._stack[-1].either
                self._place(node, negated)
                self._stack[-1].either = either
        self._stack[-1].either = False

    def _place(self, node: Node, negated: bool) -> None:
        group, part = self._stack[-1], _turned(node) if negated else node
        if group.either:
            group.parts[-1] = _either(group.parts[-1], part)
        else:
            group.parts.append(part)
        group.either = False


def _turned(node: Node) -> Node:
    """The opposite of a part."""
    if isinstance(node, Not):
        return node.part
    if isinstance(node, Filter):
        return Filter(node.name, node.values, not node.negated, node.places, node.word)
    return Not(node)


def _either(one: Node, other: Node) -> Node:
    """One part or another; two filters of one name are one filter, in one place."""
    match one, other:
        case Filter(name, negated=False), Filter(same, negated=False) if name == same:
            place = (one.places[0][0], other.places[-1][1])
            return Filter(name, joined(one, other).values, places=(place,), word=one.word)
    first = one.parts if isinstance(one, Either) else (one,)
    return Either((*first, *(other.parts if isinstance(other, Either) else (other,))))


def _level(parts: list[Node]) -> list[Node]:
    """Parentheses that change nothing are taken away."""
    return [inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,))]


def _titled(value: str) -> list[Node]:
    """What the title has to have: every word of a value, in a row if it is quoted."""
    is_phrase = value.startswith('"')
    found = _phrase(value.strip('"')) if is_phrase else operands_in(value)
    parts = tuple(Titled(operand) for operand in found)
    return [All(parts)] if len(parts) > 1 else list(parts)


def _phrase(text: str) -> list[Operand]:
    words = tuple(words_of(text))
    row = Row(tuple(word for word in words if word.lemmas))
    return [row] if len(row.row) > 1 else [One(word, quoted=True) for word in words]


def operands_in(chunk: str) -> list[Operand]:
    """The words of a text without blanks; the last may be the beginning of one."""
    chunk = _DASHES.sub("", chunk)
    words = tuple(words_of(chunk))
    if chunk.endswith("*") and words and len(words[-1].surface) >= SHORTEST_PREFIX:
        return [*(One(word) for word in words[:-1]), Beginning(words[-1].surface)]
    return [One(word) for word in words]
