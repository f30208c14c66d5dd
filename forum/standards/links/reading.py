"""Finding links to standards in a text. Pure: knows HTML that we rendered, nothing of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forum.core.richtext import plain_text
from forum.standards.addresses import NUMBER
from forum.standards.document import lay_out

_LINK = re.compile(
    rf'<a href="(?P<site>https?://[^"/]+)?/standards/(?P<number>{NUMBER.pattern})'
    r'(?:[/?][^"#]*)?(?:#clause-(?P<clause>\d{1,9}))?[^"]*"',
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(rf"(?<![\w-])(?:{NUMBER.pattern})(?![\w-])", re.ASCII)
MOST = 500
"""Links taken from one text."""


class Link(NamedTuple):
    """A standard that is named at a place of a text: the key of a clause, 0 before the first."""

    place: int
    number: str
    clause: int
    linked: bool


def links_of(html: str, keys: Sequence[int] = (), *, ours: str = "") -> list[Link]:
    """The standards that a text names, each once a place; `ours` is the address of the forum.

    Where `keys` do not fit the text, everything stands at 0.
    """
    document = lay_out(html)
    parts = [(0, str(document.opening))]
    keyed = document.keyed(keys)
    known = len(keys) == len(document.clauses)
    parts += [
        (clause.key if known else 0, f"{clause.heading}\n{clause.html}") for clause in keyed.clauses
    ]
    found: dict[tuple[int, str, int], Link] = {}
    for place, part in parts:
        for link in _in_part(place, part, ours):
            found.setdefault(link[:3], link)
    return list(found.values())[:MOST]


def _in_part(place: int, html: str, ours: str) -> Iterator[Link]:
    """Links first, then numbers that stand there as words."""
    linked = set()
    for each in _LINK.finditer(html):
        if each["site"] and each["site"].lower() != ours.lower():
            continue
        link = Link(place, each["number"].upper(), int(each["clause"] or 0), True)
        linked.add(link.number)
        yield link
    for number in dict.fromkeys(_NUMBER.findall(plain_text(html))):
        if number not in linked:
            yield Link(place, number, 0, False)
