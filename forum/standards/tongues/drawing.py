"""A translated version on its page, drawn once for all readers of a language as the main text is.

Clauses keep the number and place that the main text gives them; what is not translated stands in
the main text's language, marked so, with a word about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache

from markupsafe import Markup, escape

from forum.core.i18n import locale_code
from forum.core.richtext import plain_text
from forum.files.lines import lined
from forum.standards.document import Clause, Document, lay_out
from forum.standards.drawn import KEPT, Drawn, cuts_of, put_down
from forum.standards.queries import Shown
from forum.standards.tongues import phrases
from forum.standards.tongues.models import Part
from forum.standards.tongues.parts import NO_KEY, NOTHING, Place
from forum.standards.tongues.queries import Known
from forum.standards.tongues.spoken import Spoken

_HEADING = re.compile(r"<(/?)h([3-6])>")
LOWEST = 6
Parts = tuple[tuple[Place, Known], ...]


def drawn_in(
    spoken: Spoken, shown: Shown, text: str, keys: Sequence[int], whys: AbstractSet[int]
) -> Drawn:
    """The page's text; `text` is the main one. No query, one where translations name documents."""
    parts = tuple(spoken.parts.items())
    number = shown.standard.number
    htmls = lined("standard", {shown.standard.id: [known.html for _place, known in parts]})
    named = zip(parts, htmls[shown.standard.id], strict=True)
    parts = tuple((place, known._replace(html=html)) for (place, known), html in named)
    tongue = (spoken.lang, spoken.main, locale_code())
    return _drawn(text, tuple(keys), parts, tongue, frozenset(whys), number, shown.version.number)


@lru_cache(KEPT)
def _drawn(
    html: str,
    keys: tuple[int, ...],
    parts: Parts,
    tongue: tuple[str, str, str],
    whys: frozenset[int],
    number: str,
    version: int,
) -> Drawn:
    lang, main, _locale = tongue
    original, known = lay_out(html).keyed(keys), dict(parts)
    compare = f"/standards/{number}/compare?to={version}&from="
    clauses = tuple(
        _clause(clause, known.get((Part.CLAUSE, clause.key)), main, compare)
        for clause in original.clauses
    )
    opening = _opening(original, known.get((Part.OPENING, NO_KEY)), main, compare)
    document = Document(opening, clauses, original.headings)
    return put_down(document, _links(document), lang, whys, number, cuts_of(original))


def _clause(clause: Clause, known: Known | None, main: str, compare: str) -> Clause:
    if known is None:
        heading = Markup('<span lang="{}">{}</span>').format(main, clause.heading)
        html = _note(str(phrases.NOT_TRANSLATED)) + _marked(clause.html, main)
        return replace(clause, heading=heading, html=html)
    html = _late(known, compare) + lowered(known.html, clause.depth + 2)
    return replace(clause, title=known.title, heading=escape(known.title), html=html)


def _opening(original: Document, known: Known | None, main: str, compare: str) -> Markup:
    if known is not None:
        return _late(known, compare) + lowered(known.html, 2)
    return _marked(original.opening, main) if original.opening.strip() else NOTHING


def _marked(html: Markup, lang: str) -> Markup:
    """Words of another language than those around them."""
    return Markup('<div lang="{}">{}</div>').format(lang, html)


def _late(known: Known, compare: str) -> Markup:
    """That a part is behind, with the way to what changed."""
    if not known.behind:
        return NOTHING
    link = Markup('<a href="{}">{}</a>').format(f"{compare}{known.version}", str(phrases.COMPARE))
    return _note(phrases.is_behind(known.behind), link)


def _note(sentence: str, link: Markup = NOTHING) -> Markup:
    words = Markup('<p class="meta" lang="{}">{} {}</p>')
    return words.format(locale_code(), sentence, link)


def lowered(html: str, top: int) -> Markup:
    """A translated text, its headings below that of the part."""
    levels = [int(level) for _end, level in _HEADING.findall(html)]
    down = top - min(levels, default=top)

    def at(found: re.Match[str]) -> str:
        return f"<{found.group(1)}h{min(int(found.group(2)) + down, LOWEST)}>"

    return Markup(_HEADING.sub(at, html))  # noqa: S704 - sanitised when it was written


def _links(document: Document) -> list[tuple[str, str]]:
    """As `table_of_contents`, each in its own language."""
    return [
        (f"#{clause.id}", Markup("{} {}").format(clause.number, _name(clause)).strip())
        for clause in document.clauses
        if clause.depth == 1
    ]


def _name(clause: Clause) -> Markup:
    """A heading without its markup, in a language of its own where it is not the page's."""
    lang = re.match(r'<span lang="([^"]+)">', clause.heading)
    if lang is None:
        return escape(clause.title)
    return Markup('<span lang="{}">{}</span>').format(lang.group(1), plain_text(clause.heading))
