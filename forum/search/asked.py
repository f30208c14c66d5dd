"""What the address of a search asks for; what cannot be understood is left out and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import quote_plus, urlencode

from forum.core.textcheck import clean_line
from forum.search.filters.readers import READERS
from forum.search.filters.values import SORTS
from forum.search.filters.wanted import Filters
from forum.search.language.operators import OPERATORS

LIMIT, MOST = 20, 100
MOST_VALUES = 20
LONGEST_VALUE = 100
FILTERS = tuple(operator.name for operator in OPERATORS if operator.takes in READERS)
"""Every operator but those that narrow nothing is a parameter of the same name."""
NO_FILTERS = Filters()
_VALUE = "\0"
"""Stands for a value; nothing that was typed has it."""


class Arguments(Protocol):
    """The parameters of an address, each of which may be given several times."""

    def get(self, key: str, default: str, /) -> str:
        """The first value."""

    def getlist(self, key: str, /) -> Sequence[str]:
        """All values."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One search as its address says it; `ignored` names the parameters left out."""

    q: str = ""
    filters: Filters = NO_FILTERS
    limit: int = LIMIT
    cursor: str = ""
    exact: bool = False
    ignored: tuple[str, ...] = ()

    def query(self, **changes: Any) -> str:
        """This search's address, changed; the page starts over."""
        other = replace(self, **{"cursor": "", **changes})
        return f"/search?{urlencode(other.pairs())}"

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its address."""
        pairs = [("q", self.q), *self.kept(), ("cursor", self.cursor)]
        if self.limit != LIMIT:
            pairs.append(("limit", str(self.limit)))
        if self.exact:
            pairs.append(("exact", "1"))
        return [pair for pair in pairs if pair[1]]

    def kept(self) -> list[tuple[str, str]]:
        """What goes along when other words are asked for: the filters and the order."""
        pairs = [(name, value) for name, values in self.filters.values for value in values]
        return [*pairs, *([("sort", self.filters.sort)] if self.filters.sort else [])]

    def choosing(self, name: str) -> Callable[[str], str]:
        """What gives the address with one more value of a filter."""
        address = self.query(filters=self._with(name, (*self.filters.of(name), _VALUE)))
        ahead, behind = address.split(quote_plus(_VALUE))
        return lambda value: f"{ahead}{quote_plus(value)}{behind}"

    def without(self, name: str, *values: str) -> Filters:
        """The filters without some values."""
        return self._with(name, tuple(v for v in self.filters.of(name) if v not in values))

    def _with(self, name: str, values: tuple[str, ...]) -> Filters:
        others = {known: own for known, own in self.filters.values if known != name}
        found = {**others, name: values}
        kept = tuple((known, found[known]) for known in FILTERS if found.get(known))
        return replace(self.filters, values=kept)

    @property
    def narrowed(self) -> bool:
        """Whether a filter is on."""
        return bool(self.filters.values)


def read(arguments: Arguments) -> Asked:
    """Understand an address; what its values mean is for `filters.understood` to say."""
    ignored = []
    limit = _limit(arguments.get("limit", ""))
    if limit is None:
        ignored.append("limit")
    sort = arguments.get("sort", "").strip()
    if sort and sort not in SORTS.values:
        ignored.append("sort")
        sort = ""
    found = tuple((name, values) for name in FILTERS if (values := _values(arguments, name)))
    return Asked(
        q=clean_line(arguments.get("q", "")),
        filters=Filters(found, sort),
        limit=limit or LIMIT,
        cursor=arguments.get("cursor", ""),
        exact=arguments.get("exact", "") == "1",
        ignored=tuple(ignored),
    )


def _values(arguments: Arguments, name: str) -> tuple[str, ...]:
    found = (clean_line(value[:LONGEST_VALUE]) for value in arguments.getlist(name)[:MOST_VALUES])
    return tuple(dict.fromkeys(filter(None, found)))


def _limit(text: str) -> int | None:
    """A page size from 1 to 100; None for anything else."""
    if not text:
        return LIMIT
    fits = text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST
    return int(text) if fits else None
