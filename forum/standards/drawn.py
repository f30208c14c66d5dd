"""The text of a version and its contents as they stand on the page, drawn once for all readers of
a language: of 200 clauses that is what a look would cost most."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup

from forum.core.i18n import locale_code
from forum.standards.document import lay_out, table_of_contents

KEPT = 32
"""Texts of half a megabyte at most."""


class Drawn(NamedTuple):
    """The text, and links to its clauses; both may be empty."""

    text: Markup
    contents: Markup


def drawn(html: str, keys: Sequence[int], lang: str) -> Drawn:
    """A text whose clauses have these keys, in the reader's language."""
    return _drawn(html, tuple(keys), lang, locale_code())


@lru_cache(KEPT)
def _drawn(html: str, keys: tuple[int, ...], lang: str, _locale: str) -> Drawn:
    document = lay_out(html).keyed(keys)
    links = table_of_contents(document)
    text = render_template("standards/_text.html", document=document, lang=lang)
    contents = render_template("standards/_contents.html", links=links, lang=lang)
    return Drawn(Markup(text), Markup(contents))  # noqa: S704 - templates of ours
