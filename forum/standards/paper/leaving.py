"""A version as a file that stands alone: Markdown, HTML, and Word by way of `word`."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select

from forum.core.db import db
from forum.core.site import absolute
from forum.core.texts import Text
from forum.standards.paper import word
from forum.standards.paper.pictures import Pictures, pictures_in
from forum.standards.paper.sheet import facts_of
from forum.standards.queries import Shown

_OWN = re.compile(r"(\]\(|\bsrc=\"|\bhref=\")(/[^/\s\"])")
_PICTURE = re.compile(r'<img([^>]*) src="/files/([A-Za-z0-9_-]{22})"([^>]*)>')
_LAZY = re.compile(r' loading="lazy"')


class Maker(NamedTuple):
    """What makes a file of a version, on a day."""

    media_type: str
    make: Callable[[Shown, date], bytes]


def markdown(shown: Shown, today: date) -> bytes:
    """The text as it was typed under its facts, as `forum import standards` reads it."""
    facts = facts_of(shown, today=today)
    query = select(Text.source, Text.format).where(Text.id == shown.version.text_id)
    row = db.session.execute(query).one_or_none()
    source, written = (row.source, row.format) if row is not None else ("", "markdown")
    if written == "html":
        source = word.as_markdown(shown.html)
    head = {
        "number": shown.standard.number,
        "title": shown.version.title,
        "version": str(shown.version.number),
        "state": shown.version.state,
        "lang": shown.version.lang,
        "owner": facts["owner"],
        "departments": "; ".join(facts["audience"]),
        "review": facts["review_on"].isoformat() if facts["review_on"] else "",
        "printed": today.isoformat(),
    }
    lines = "".join(f"{name}: {value}\n" for name, value in head.items() if value)
    return f"---\n{lines}---\n\n{_absolute(source)}\n".encode()


def _absolute(source: str) -> str:
    """Links into the forum lead there from anywhere."""
    base = absolute("/").rstrip("/")
    return _OWN.sub(lambda found: f"{found.group(1)}{base}{found.group(2)}", source)


def html(shown: Shown, today: date) -> bytes:
    """One page with its style and its pictures inside."""
    pictures = pictures_in(shown.standard.id, shown.html)
    page = render_template("standards/paper/alone.html", **facts_of(shown, today=today))
    return _absolute(_embedded(page, pictures)).encode()


def _embedded(page: str, pictures: Pictures) -> Markup:
    def embedded(found: re.Match[str]) -> str:
        known = pictures.get(found.group(2))
        if known is None:
            return found.group()
        content = f"data:{known[1]};base64,{b64encode(known[0]).decode()}"
        before, after = (_LAZY.sub("", found.group(n)) for n in (1, 3))
        return f'<img{before} src="{content}"{after}>'

    return Markup(_PICTURE.sub(embedded, page))  # noqa: S704 - a template's, and ours


def docx(shown: Shown, today: date) -> bytes:
    """A document for Word and its kin. Raises NotInstalled without the extra."""
    pictures = pictures_in(shown.standard.id, shown.html)
    return word.document(facts_of(shown, today=today), pictures, absolute("/"))


MAKERS = {
    "md": Maker("text/markdown", markdown),
    "html": Maker("text/html", html),
    "docx": Maker(word.MEDIA_TYPE, docx),
}
"""By format, as the address has it."""
