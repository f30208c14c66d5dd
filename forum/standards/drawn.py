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
from forum.standards.document import Clause, Document, lay_out, table_of_contents
from forum.standards.structure.reading import promise_clauses, step_clauses

KEPT = 32
"""Texts of half a megabyte at most."""
CUT = Markup('<!--"-->')
"""Stands in no text: of what people write, `<` is escaped between tags and `"` within them."""


class Drawn(NamedTuple):
    """The text, and links to its clauses; both may be empty.

    The text is cut at the end of each clause under which something else may stand: a piece ends in
    the clause of that key, the last one in none. What may stand there is the reader's; `steps` and
    `promises` are the clauses that ask for it.
    """

    document: Document
    steps: tuple[Clause, ...]
    promises: tuple[Clause, ...]
    pieces: tuple[tuple[int | None, Markup], ...]
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
    return put_down(document, table_of_contents(document), lang, whys, number, cuts_of(document))


def cuts_of(document: Document) -> set[int]:
    """The clauses under which something else may stand."""
    return {clause.key for clause in (*step_clauses(document), *promise_clauses(document))}


def put_down(
    document: Document,
    links: Sequence[tuple[str, str]],
    lang: str,
    whys: AbstractSet[int],
    number: str,
    cuts: AbstractSet[int],
) -> Drawn:
    """A document and links to its clauses as they stand on the page, in the reader's language."""
    steps, promises = tuple(step_clauses(document)), tuple(promise_clauses(document))
    text = render_template(
        "standards/_text.html",
        document=document,
        lang=lang,
        whys=whys,
        address=f"/standards/{number}",
        cut=CUT,
        cuts=cuts,
    )
    contents = render_template("standards/_contents.html", links=links, lang=lang)
    ends = [*(clause.key for clause in document.clauses if clause.key in cuts), None]
    pieces = zip(ends, map(_safe, text.split(CUT)), strict=True)
    return Drawn(document, steps, promises, tuple(pieces), _safe(contents))


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - templates of ours
