"""The text of a version and its contents as they stand on the page, drawn once for all readers of
a language: of 200 clauses that is what a look would cost most."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
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


def drawn(
    html: str, keys: Sequence[int], lang: str, *, whys: AbstractSet[int], number: str
) -> Drawn:
    """A text whose clauses have these keys, in the reader's language.

    Those of ``whys`` have a page that says why they exist.
    """
    return _drawn(html, tuple(keys), lang, frozenset(whys), number, locale_code())


@lru_cache(KEPT)
def _drawn(
    html: str, keys: tuple[int, ...], lang: str, whys: frozenset[int], number: str, _locale: str
) -> Drawn:
    document = lay_out(html).keyed(keys)
    address = f"/standards/{number}"
    text = render_template(
        "standards/_text.html", document=document, lang=lang, whys=whys, address=address
    )
    links = table_of_contents(document)
    contents = render_template("standards/_contents.html", links=links, lang=lang)
    return Drawn(Markup(text), Markup(contents))  # noqa: S704 - templates of ours
