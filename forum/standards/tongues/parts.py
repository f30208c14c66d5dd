"""What of a version can be translated, and how its wordings are told from one another. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from forum.standards.clauses.keeping import digest_of, opening_of, wording_of
from forum.standards.clauses.known import Standing
from forum.standards.document import Clause, lay_out
from forum.standards.models import Version
from forum.standards.tongues.models import Part

Place = tuple[str, int]
"""A part, and the key of its clause; 0 for what is none."""
NO_KEY = 0
NOTHING = Markup()


class Original(NamedTuple):
    """A part as the main text says it: a title, a text, or both; `source` as it was typed, where
    that is known."""

    part: str
    key: int
    words: str
    number: str
    title: str
    html: Markup
    source: str = ""

    @property
    def place(self) -> Place:
        """What it is called by."""
        return self.part, self.key


def originals(
    version: Version, html: str, standing: Sequence[Standing], typed: Sequence[str] = ()
) -> list[Original]:
    """The parts of a version in the order of its page; clauses only once they are written down.

    `typed` is the Markdown of its opening and its clauses.
    """
    document = lay_out(html)
    texts = typed or [""] * (len(document.clauses) + 1)
    title, change = version.title, version.change
    found = [Original(Part.TITLE, NO_KEY, digest_of(title), "", title, NOTHING)]
    if change:
        found.append(Original(Part.CHANGE, NO_KEY, digest_of(change), "", change, NOTHING))
    if document.opening.strip():
        words = version.opening or opening_of(html)
        found.append(Original(Part.OPENING, NO_KEY, words, "", "", document.opening, texts[0]))
    if len(standing) == len(document.clauses):
        found += map(_clause, document.clauses, standing, texts[1:])
    return found


def _clause(clause: Clause, standing: Standing, typed: str) -> Original:
    words, name = standing.words or wording_of(clause), (clause.number, clause.title)
    return Original(Part.CLAUSE, standing.key, words, *name, clause.html, typed)


def mark_of(title: str, text: str) -> str:
    """Tells what stood in the fields of a part from what stands there."""
    return digest_of(f"{title}\n{text.strip()}")


def behind(translated: str, since: Sequence[str], now: str) -> int:
    """In how many versions a part was worded anew, for a translation of one of its wordings.

    `since` are the wordings of the versions after that one that are known, oldest first. None where
    it says again what was translated.
    """
    if now == translated:
        return 0
    return sum(one != other for one, other in pairwise([translated, *since, now]))
