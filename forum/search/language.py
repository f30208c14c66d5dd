"""The query language, forgiving: any string is a query, and what is not understood is words.

invoices late        both words, in any form
"late invoices"      in a row
late OR slow         either
-paper               without
invo*                words that begin so (two letters at least)
kind:idea            only ideas (idea comment standard person department service)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from forum.core.textcheck import clean_line
from forum.search.analysis import Word, words_of
from forum.search.documents import KINDS

MOST_TERMS = 200
SHORTEST_PREFIX = 2
_PIECE = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"?|(?P<chunk>[^\s"]+))')
_DASHES = re.compile(r"^[-\u2010-\u2015\u2212]+(?=[^\s-])")
_EITHER = frozenset(("OR", "ИЛИ", "|"))
_KIND = frozenset(("kind", "type", "вид", "тип"))
_KIND_WORDS = {
    "идея": "idea",
    "комментарий": "comment",
    "стандарт": "standard",
    "человек": "person",
    "отдел": "department",
    "услуга": "service",
}


@dataclass(frozen=True, slots=True)
class One:
    """A word in any of its forms."""

    word: Word


@dataclass(frozen=True, slots=True)
class Row:
    """Words one after another, in any form."""

    words: tuple[Word, ...]

    @property
    def lemmas(self) -> tuple[str, ...]:
        """What has to stand in a row."""
        return tuple(part for word in self.words for part in word.parts)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Every word that begins so, as it was written."""

    prefix: str


Operand = One | Row | Beginning


@dataclass(slots=True)
class Query:
    """What was asked for: one of every group, none of `without`."""

    text: str
    groups: list[list[Operand]] = field(default_factory=list)
    without: list[Operand] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    cut: bool = False

    @property
    def operands(self) -> list[Operand]:
        """Everything that is wanted, in order."""
        return [operand for group in self.groups for operand in group]


def parse(text: str) -> Query:
    """Understand a query; never raises, reads at most 200 terms."""
    query = Query(clean_line(text))
    either = False
    for minus, chunk, is_phrase in _pieces(query.text):
        if chunk in _EITHER and not minus and not is_phrase:
            either = bool(query.groups)
        elif is_phrase or not _asks_for_kind(query, chunk, minus):
            _place(query, _operands(chunk, is_phrase), minus=minus, either=either)
            either = False
    return query


def _pieces(text: str) -> Iterator[tuple[bool, str, bool]]:
    """(excluded, text, was quoted) for each piece between spaces or quotation marks."""
    for found in _PIECE.finditer(text.translate(_QUOTES)):
        phrase = found["phrase"]
        chunk = phrase if phrase is not None else found["chunk"]
        yield found["minus"] is not None, _DASHES.sub("", chunk), phrase is not None


_QUOTES = str.maketrans("«»“”„", '"""""')


def _asks_for_kind(query: Query, chunk: str, minus: bool) -> bool:
    name, colon, value = chunk.partition(":")
    if not colon or minus or name.lower() not in _KIND:
        return False
    for one in re.split("[|,]", value.lower()):
        kind = _KIND_WORDS.get(one, one)
        if kind in KINDS:
            query.kinds.add(kind)
    return bool(query.kinds)


def _operands(chunk: str, is_phrase: bool) -> list[Operand]:
    words = tuple(words_of(chunk))
    if is_phrase:
        row = Row(tuple(word for word in words if word.lemmas))
        return [row] if len(row.lemmas) > 1 else [One(word) for word in words]
    if chunk.endswith("*") and words and len(words[-1].surface) >= SHORTEST_PREFIX:
        return [*(One(word) for word in words[:-1]), Beginning(words[-1].surface)]
    return [One(word) for word in words]


def _place(query: Query, operands: list[Operand], *, minus: bool, either: bool) -> None:
    room = MOST_TERMS - len(query.operands) - len(query.without)
    if len(operands) > room:
        operands, query.cut = operands[: max(room, 0)], True
    if minus:
        query.without.extend(operands)
    elif either:
        query.groups[-1].extend(operands)
    else:
        query.groups.extend([operand] for operand in operands)


def without_stop_words(query: Query) -> list[list[Operand]]:
    """The groups that matter; if nothing but stop words was asked for, those."""
    kept = [[o for o in group if not isinstance(o, One) or o.word.lemmas] for group in query.groups]
    return [group for group in kept if group] or query.groups
