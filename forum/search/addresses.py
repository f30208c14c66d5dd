"""A search as its address: what is kept of one, and how a person reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from forum.core.i18n import LANGUAGE_NAMES
from forum.search import asked
from forum.search.asked import Asked
from forum.search.hits import Cards
from forum.search.names import KIND_NAMES, STAGE_NAMES

VALUE_NAMES = {**KIND_NAMES, **STAGE_NAMES, **LANGUAGE_NAMES}


def kept(wish: Asked) -> str:
    """What is kept of a search: its address from the first page on, without the place."""
    return wish.query(cursor="", limit=asked.LIMIT).partition("?")[2]


def understood(address: str) -> Asked:
    """A kept search as it is understood now."""
    return asked.read(MultiDict(parse_qsl(address)))


def url_of(address: str) -> str:
    """Where its results are."""
    return f"/search?{address}"


def key_of(address: str) -> str:
    """What tells one search from another; addresses are too long to be compared by an index."""
    return hashlib.sha256(address.encode()).hexdigest()


def in_words(address: str, cards: Cards) -> str:
    """A search as a person reads it: the words, then the filters."""
    names = {card.slug: card.name for card, _text, _current in cards.values()}
    pairs = parse_qsl(address)
    words = [value for name, value in pairs if name == "q"]
    filters = [_called(value, names) for name, value in pairs if name not in ("q", "limit")]
    return " · ".join([*words, *filters])


def _called(value: str, departments: Mapping[str, str]) -> str:
    return departments.get(value) or str(VALUE_NAMES.get(value, value))
