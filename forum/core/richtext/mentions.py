"""People and departments called in a text: stored by id, shown with today's names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

MENTION = re.compile(r"@\[([^\[\]\n]{1,200})\]\((person|department):([1-9][0-9]{0,17})\)", re.ASCII)
ADDRESS = {"person": "/people/", "department": "/departments/by-id/"}
_LINK = re.compile(
    r'<a class="mention" href="(/people/|/departments/by-id/)([0-9]{1,18})">[^<]*</a>', re.ASCII
)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a text calls: people and departments by id."""

    person_ids: frozenset[int] = frozenset()
    department_ids: frozenset[int] = frozenset()


def mention_link(kind: str, number: int, name: str) -> str:
    """The link that stands for a mention; `name` is text."""
    return f'<a class="mention" href="{ADDRESS[kind]}{number}">@{escape(name, quote=False)}</a>'


def name_mentions(html: str, people: Mapping[int, str], departments: Mapping[int, str]) -> str:
    """Rendered HTML with the names people and departments have today; ids not given keep theirs.

    A stored text keeps the name it was written with, so this is how a rename, or the erasure of a
    person, reaches old texts, and how a mention under a false name is put right.
    """
    names = {ADDRESS["person"]: people, ADDRESS["department"]: departments}

    def renamed(link: re.Match[str]) -> str:
        name = names[link.group(1)].get(int(link.group(2)))
        if name is None:
            return link.group()
        kind = "person" if link.group(1) == ADDRESS["person"] else "department"
        return mention_link(kind, int(link.group(2)), name)

    return _LINK.sub(renamed, html)
