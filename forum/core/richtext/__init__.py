"""What people write, made ready to show, to search and to prove.

`compose` does all of it once, before any write opens: the cleaned source, sanitised HTML, plain
words and a salted digest. Rendering never fails and never takes long: markup that is too much
(see `markdown.py` and `sanitizer.py` for the bounds) comes out as escaped paragraphs, nothing lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from forum.core.db import assert_no_write_open
from forum.core.limits import MARKUP, TEXT, Limit
from forum.core.richtext.diff import Change, new_budget, word_diff
from forum.core.richtext.markdown import markdown_html, markdown_mentions, text_html
from forum.core.richtext.mentions import Mentions, name_mentions
from forum.core.richtext.pieces import is_table, pieces
from forum.core.richtext.plain import paragraphs, plain_text, without_tags
from forum.core.richtext.sanitizer import TooComplex, sanitize, sanitize_bounded
from forum.core.textcheck import clean_text

__all__ = ["RENDERER", "Composed", "Format", "Mentions", "compose", "digest_of", "mentions"]
__all__ += ["Change", "name_mentions", "new_budget", "plain_text", "render", "sanitize"]
__all__ += ["word_diff"]

Format = Literal["markdown", "html", "text"]
Marker = Callable[[str], tuple[str, Mentions]]

# Stored with the HTML. Raise it when the same source would now give other HTML.
RENDERER = "1"
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Composed:
    """A text ready to be stored; `digest` names it, `salt` keeps a short one from being guessed."""

    source: str
    html: str
    plain: str
    salt: bytes
    digest: str
    format: Format
    mentions: Mentions
    renderer: str = RENDERER


def compose(source: str, format: Format = "markdown", *, limit: Limit = TEXT) -> Composed:
    """Clean, render and hash a text; never raises, and refuses to run while a write is open.

    Up to `limit` it is marked up; one longer than TEXT piece by piece.
    """
    assert_no_write_open("render")
    cleaned = clean_text(source)
    html, called = _rendered(cleaned, format, limit)
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = digest_of(salt, cleaned)
    return Composed(cleaned, html, plain_text(html), salt, digest, format, called)


def render(source: str, format: Format = "markdown", *, limit: Limit = TEXT) -> str:
    """Safe HTML of a text, for a preview or a renewal; `compose` is for what will be stored."""
    return _rendered(clean_text(source), format, limit)[0]


def mentions(source: str) -> Mentions:
    """The people and departments a Markdown text calls; none from its code blocks."""
    try:
        return markdown_mentions(clean_text(source)[: TEXT.value])
    except (TooComplex, RecursionError):
        return Mentions()


def digest_of(salt: bytes, source: str) -> str:
    """The hex SHA-256 of salt and source: what a stored text is known by."""
    return sha256(salt + source.encode()).hexdigest()


def _rendered(source: str, format: Format, limit: Limit) -> tuple[str, Mentions]:
    if format == "html":
        return _html(source), Mentions()
    make = markdown_html if format == "markdown" else text_html
    if len(source) <= TEXT.value or limit.value <= TEXT.value:
        return _marked_up(make, *_split(source, TEXT.value))
    head, rest = _split(source, limit.value)
    done = [_marked_up(make, *_piece(piece)) for piece in pieces(head, TEXT.value)]
    called = Mentions(
        frozenset(number for _html, who in done for number in who.person_ids),
        frozenset(number for _html, who in done for number in who.department_ids),
    )
    return "".join(html for html, _who in done) + paragraphs(rest), called


def _piece(source: str) -> tuple[str, str]:
    """A table is not cut: its cells are bounded, and each costs only itself."""
    return (source, "") if is_table(source) else _split(source, TEXT.value)


def _marked_up(make: Marker, head: str, rest: str) -> tuple[str, Mentions]:
    try:
        html, called = make(head)
        return sanitize_bounded(html) + paragraphs(rest), called
    except (TooComplex, RecursionError):
        return paragraphs(head + rest), Mentions()


def _html(source: str) -> str:
    if MARKUP.allows(source):
        return sanitize(source)
    return paragraphs(clean_text(without_tags(source)))


def _split(source: str, most: int) -> tuple[str, str]:
    """The part worth marking up, ending at a line where it can, and what lies beyond it."""
    if len(source) <= most:
        return source, ""
    cut = max(source.rfind("\n", most // 2, most), 0) or most
    return source[:cut], source[cut:]
