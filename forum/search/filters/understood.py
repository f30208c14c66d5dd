"""A query and the filters of its address, as one reader means them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from forum.core.i18n import _, locale_code
from forum.search import language, ranking
from forum.search.analysis import words_of
from forum.search.engine import queries as engine
from forum.search.engine.queries import Fitting, Test
from forum.search.filters import readers, values
from forum.search.filters.conditions import AnyOf, Opposite
from forum.search.filters.nearest import nearest_operator, nearest_value
from forum.search.filters.readers import Asking, Value
from forum.search.filters.wanted import Filters
from forum.search.language import (
    All,
    Either,
    Filter,
    Node,
    Not,
    One,
    Operand,
    Query,
    Titled,
    group_of,
)
from forum.search.language.operators import BY_NAME
from forum.search.ranking import Beside

MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter that is on: any of its values, or none of them.

    `typed` is its place in the text, `chosen` are the values of the address.
    """

    name: str
    values: tuple[Value, ...]
    negated: bool = False
    typed: Filter | None = None
    chosen: tuple[str, ...] = ()

    @property
    def test(self) -> Test:
        """What the index is asked."""
        tests = tuple(value.test for value in self.values)
        test = tests[0] if len(tests) == 1 else AnyOf(tests)
        return Opposite(test) if self.negated else test


@dataclass(slots=True)
class Understood:
    """What is looked for.

    `groups` are words, one of every group is wanted, and they may be relaxed; `beside` may not.
    `others` are words to mark that stood behind a colon.
    """

    query: Query
    groups: list[list[Operand]] = field(default_factory=list)
    beside: Beside = ranking.NOTHING_BESIDE
    conditions: list[Condition] = field(default_factory=list)
    sort: str = ""
    others: list[Operand] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        """Whether anything is wanted for its words or in parentheses."""
        return bool(self.groups or self.beside.wanted)

    @property
    def operands(self) -> list[Operand]:
        """What to mark in a passage."""
        return [*self.query.operands, *self.others]


def understand(asking: Asking, query: Query, filters: Filters) -> Understood:
    """What a reader means. A query for each name and number that has to be looked up."""
    return _Understanding(asking, query).meaning(filters)


class _Understanding:
    def __init__(self, asking: Asking, query: Query) -> None:
        self._asking = asking
        self._found = Understood(query)

    def meaning(self, filters: Filters) -> Understood:
        found = self._found
        found.groups = found.query.groups
        found.beside = self._beside()
        for typed in found.query.filters:
            self._narrow(typed, filters)
        for name, chosen in filters.values:
            if not any(one.name == name and one.chosen for one in found.conditions):
                self._choose(name, chosen)
        found.sort = filters.sort or found.sort
        found.groups = language.telling(found.groups)
        found.notices = [*self._about_unknown(), *found.notices][:MOST_SENTENCES]
        return found

    def _beside(self) -> Beside:
        """What is asked for in parentheses, in the title, or not at all."""
        parts = [part for part in self._found.query.parts if not isinstance(part, Filter)]
        unwanted = [self._asked(part.part) for part in parts if isinstance(part, Not)]
        others = [part for part in parts if not isinstance(part, Not) and not group_of(part)]
        return Beside(list(map(self._asked, others)), unwanted)

    def _narrow(self, typed: Filter, filters: Filters) -> None:
        operator = BY_NAME[typed.name]
        if operator.takes == "sort":
            self._sort(typed)
            return
        known = self._values(typed)
        chosen = () if typed.negated or typed.name in language.COMPARED else filters.of(typed.name)
        also = self._chosen(typed.name, chosen)
        if known or also:
            values_of = (*known, *also)
            condition = Condition(typed.name, values_of, typed.negated, typed, chosen)
            self._found.conditions.append(condition)

    def _choose(self, name: str, chosen: Sequence[str]) -> None:
        known = self._chosen(name, chosen)
        if known:
            self._found.conditions.append(Condition(name, known, chosen=tuple(chosen)))

    def _chosen(self, name: str, chosen: Iterable[str]) -> tuple[Value, ...]:
        found = [readers.read(self._asking, BY_NAME[name], value) for value in chosen]
        if None in found:
            self._found.ignored.append(name)
        return tuple(value for value in found if value is not None)

    def _sort(self, typed: Filter) -> None:
        order = values.SORTS.value(typed.values[0])
        if order is None:
            self._explain(typed, typed.values[0])
        else:
            self._found.sort = order

    def _values(self, typed: Filter) -> tuple[Value, ...]:
        """The values that are understood; the others become words."""
        found = []
        for written in typed.values:
            value = readers.read(self._asking, BY_NAME[typed.name], written)
            if value is not None:
                found.append(value)
            else:
                self._read_as_words(typed, written)
        return tuple(found)

    def _read_as_words(self, typed: Filter, written: str) -> None:
        words = self._explain(typed, written)
        if typed.negated:
            unwanted = ranking.query_of_all(words)
            beside = self._found.beside
            self._found.beside = Beside(beside.wanted, [*beside.unwanted, unwanted])
        else:
            self._found.others += words
            self._found.groups += [[word] for word in words]

    def _explain(self, typed: Filter, written: str) -> list[Operand]:
        """Say that a value means nothing; its words."""
        words: list[Operand] = [One(word) for word in words_of(written)]
        near = nearest_value(self._asking, BY_NAME[typed.name], written)
        self._found.notices.append(_about_value(typed.word, written, near))
        return words

    def _asked(self, part: Node) -> engine.Query:
        """What a part asks of the index."""
        match part:
            case Titled(operand):
                return ranking.titled_query(operand)
            case Filter():
                return self._fitting(part)
            case Not(inner):
                return engine.Without(engine.Every(0.0), self._asked(inner))
            case All(parts):
                return self._every(parts)
            case Either(parts):
                return engine.Any(tuple(map(self._asked, parts)))
        return ranking.query_of(part)

    def _every(self, parts: Sequence[Node]) -> engine.Query:
        wanted = [self._asked(part) for part in parts if not isinstance(part, Not)]
        unwanted = [self._asked(part.part) for part in parts if isinstance(part, Not)]
        found = engine.All(tuple(wanted)) if wanted else engine.Every(0.0)
        return engine.Without(found, engine.Any(tuple(unwanted))) if unwanted else found

    def _fitting(self, typed: Filter) -> engine.Query:
        if BY_NAME[typed.name].takes == "sort":
            self._sort(typed)
            return engine.Every(0.0)
        tests: list[engine.Query] = []
        for written in typed.values:
            value = readers.read(self._asking, BY_NAME[typed.name], written)
            if value is not None:
                tests.append(Fitting(value.test))
            else:
                tests.append(ranking.query_of_all(self._explain(typed, written)))
        found = engine.Any(tuple(tests))
        return engine.Without(engine.Every(0.0), found) if typed.negated else found

    def _about_unknown(self) -> list[str]:
        found = []
        for name in self._found.query.unknown:
            near = nearest_operator(name)
            found.append(_about_operator(name, near.word(locale_code()) if near else ""))
        return found


def _about_operator(name: str, near: str) -> str:
    if near:
        return _(
            "“%(name)s:” is no filter, so it was read as words. Did you mean “%(near)s:”?",
            name=name,
            near=near,
        )
    return _("“%(name)s:” is no filter, so it was read as words.", name=name)


def _about_value(word: str, written: str, near: str) -> str:
    if near:
        return _(
            "“%(filter)s:” does not know “%(value)s”, so it was read as words. "
            "Did you mean “%(near)s”?",
            filter=word,
            value=written,
            near=near,
        )
    return _(
        "“%(filter)s:” does not know “%(value)s”, so it was read as words.",
        filter=word,
        value=written,
    )
