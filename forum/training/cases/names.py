"""Words in a text that may name somebody of the company."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.names import name_key
from forum.core.db import db
from forum.core.words import lemmas
from forum.core.words.transliteration import sound

MOST = 50
"""Words that are shown at once; nobody looks through more."""
SHORTEST = 3
"""Letters of a name: initials name nobody."""
_EMAIL = re.compile(r"[^\s@<>()\[\]:;,]+@[^\s@<>()\[\]:;,]+\.[^\s@<>()\[\]:;,]*\w")
_NAME = re.compile(r"\b[A-ZА-ЯЁ][a-zа-яё’'-]{2,}\b|\b[A-ZА-ЯЁ]{3,}\b")
_TAG = re.compile(r"(<[^>]*>)")


def names_in(text: str) -> list[str]:
    """Words that may be people's names, and e-mail addresses, each once, as they are written.

    A name counts in any case and in either alphabet. One query, over the names of everybody.
    """
    emails = list(dict.fromkeys(_EMAIL.findall(text)))
    rest = _EMAIL.sub(" ", text)
    words = list(dict.fromkeys(_NAME.findall(rest)))
    known = _known() if words else {}
    return [*emails, *(word for word in words if _is_known(word, known))][:MOST]


Known = dict[str, set[str]]


def _known() -> Known:
    """The words of all names by how they begin when they are said."""
    query = select(Person.name_key).where(Person.erased_at.is_(None))
    found: Known = defaultdict(set)
    for key in db.session.scalars(query):
        for word in key.split():
            if len(word) >= SHORTEST:
                found[sound(word)[:2]].add(word)
    return found


def _is_known(word: str, known: Known) -> bool:
    """Whether somebody is called so, in any case of the language or in the other alphabet."""
    mine = _ways(word)
    near = {name for way in mine for name in known.get(way[:2], ())}
    return any(mine & _ways(name) for name in near if abs(len(name) - len(word)) <= SHORTEST)


@lru_cache(20_000)
def _ways(word: str) -> frozenset[str]:
    """How a word sounds, and each word of the dictionary that it may be a form of."""
    plain = name_key(word).strip()
    return frozenset(sound(each) for each in (plain, *lemmas(plain)))


def marked(html: str, words: Iterable[str]) -> str:
    """Safe HTML in which these words are marked, outside of tags."""
    wanted = [re.escape(word) for word in sorted(words, key=len, reverse=True)]
    if not wanted:
        return html
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)")
    return "".join(
        part if part.startswith("<") else pattern.sub(r"<mark>\g<0></mark>", part)
        for part in _TAG.split(html)
    )
