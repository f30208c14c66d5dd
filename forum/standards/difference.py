"""What a comparison of two versions shows.

Who confirmed a version sees it on the page of the next until they confirm that one too, and so do
all who confirmed the same: what two texts make of each other is drawn once for a language.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import render_template
from markupsafe import Markup

from forum.accounts.names import shown_name
from forum.core.i18n import _, locale_code
from forum.core.richtext import plain_text, word_diff
from forum.standards.clauses.compared import Told, told
from forum.standards.document import Document, Paragraph, lay_out, paragraphs
from forum.standards.editing import Compared

KEPT = 16
"""Pairs of texts, of half a megabyte each at most."""


def comparison(old: Compared, new: Compared, lang: str) -> dict[str, Any]:
    """Two versions side by side in one text: what went, what came."""
    facts = [
        (_("Title"), old.title, new.title),
        (_("Owner"), shown_name(old.owner), shown_name(new.owner)),
        (_("Audience"), _names(old), _names(new)),
    ]
    same = old.plain == new.plain
    return {
        "old": old,
        "new": new,
        "facts": [fact for fact in facts if fact[1] != fact[2]],
        "same": same,
        "inside": "" if same else _inside(old, new, lang),
    }


def _inside(old: Compared, new: Compared, lang: str) -> Markup:
    if old.is_keyed and new.is_keyed:
        sides = (old.html, old.keys), (new.html, new.keys)
        return _by_clause(*sides, lang, locale_code())
    return _whole(old.plain, new.plain, lang)


Side = tuple[str, tuple[int, ...]]
"""A text and its clauses' own keys."""


@lru_cache(KEPT)
def _by_clause(old: Side, new: Side, lang: str, _locale: str) -> Markup:
    before, after = _document(*old), _document(*new)
    opening = changes(plain_text(str(before.opening)), plain_text(str(after.opening)))
    changed = any(op != "equal" for paragraph in opening for op, _text in paragraph)
    return _drawn(opening if changed else [], told(before, after), lang)


def _document(html: str, keys: tuple[int, ...]) -> Document:
    return lay_out(html).keyed(keys)


@lru_cache(KEPT)
def _whole(old: str, new: str, lang: str) -> Markup:
    """One text against the other, while it is not known which clauses a version has."""
    return _drawn(changes(old, new), [], lang)


def _drawn(opening: Sequence[Paragraph], clauses: Sequence[Told], lang: str) -> Markup:
    shown = {"opening": opening, "clauses": clauses, "lang": lang}
    return Markup(render_template("standards/_inside.html", **shown))  # noqa: S704 - template of ours


def changes(old: str, new: str) -> list[Paragraph]:
    """The changes between two plain texts, word by word."""
    return paragraphs([(str(op), text) for op, text in word_diff(old, new)])


def _names(side: Compared) -> str:
    return ", ".join(sorted(side.departments)) or _("the whole company")
