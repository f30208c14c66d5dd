"""What the editor holds of clauses: a key for each heading of a text, in order, as one field.

`1,2,,5`: nothing for a heading that it saw being made, or one that is no clause.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum.core.numbers import number_or_none
from forum.standards.document import lay_out


def to_hold(html: str, keys: Sequence[int]) -> str:
    """The field for a text whose clauses have these keys; empty when they do not fit."""
    document = lay_out(html)
    if len(keys) != len(document.clauses):
        return ""
    left = iter(keys)
    return ",".join(str(next(left)) if begins else "" for begins in document.headings)


def held_for(html: str, sent: str) -> list[int | None]:
    """A key or None for each clause of a text; none at all when the field does not fit it."""
    document = lay_out(html)
    told = sent.split(",") if sent else []
    if len(told) != len(document.headings):
        return []
    pairs = zip(told, document.headings, strict=True)
    return [number_or_none(key) for key, begins in pairs if begins]
