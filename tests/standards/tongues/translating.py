"""What the tests of translations do, again and again."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.standards.clauses.known import clauses_of
from forum.standards.models import Standard, Version
from forum.standards.tongues import actions
from forum.standards.tongues.actions import Said
from forum.standards.tongues.models import Part
from forum.standards.tongues.page import _as_it_stands
from forum.standards.tongues.parts import Original, originals
from forum.standards.tongues.queries import Known, known_parts, text_of
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, Element, sent_by

RULE = "## Цель\n\nПоставщики знают день.\n\n## Шаги\n\nБухгалтерия платит."


def state(number: str, version: int | None = None) -> tuple[Standard, Version, list[Original]]:
    """A standard, a published version of it, and what of it can be translated."""
    standard = standards.by_number(number)
    found = text_of(standard, version or standard.in_force or 1)
    assert found is not None
    shown, html, _source = found
    return standard, shown, originals(shown, html, clauses_of(shown.id))


def known(number: str, lang: str = "en", version: int | None = None) -> dict[object, Known]:
    """Translations by the key of their clause, or by what they are of."""
    standard, shown, parts = state(number, version)
    found = known_parts(standard, shown, lang, parts)
    return {key or part: each for (part, key), each in found.items()}


def translate(
    app: Flask,
    number: str,
    texts: Mapping[object, tuple[str, str]],
    *,
    lang: str = "en",
    by: int | None = None,
    version: int | None = None,
) -> int:
    """Translate clauses by their keys, or `title`, `change`, `opening`."""
    by = by if by is not None else make.moderator(app)
    with app.app_context():
        standard, shown, parts = state(number, version)
        present = known_parts(standard, shown, lang, parts)
        said = []
        for name, (title, text) in texts.items():
            place = (str(Part(name)), 0) if isinstance(name, str) else (str(Part.CLAUSE), name)
            before = _as_it_stands(place, present.get(place))  # type: ignore[arg-type]
            said.append(Said(before.place, title, text, before.seen, before.was))
        editor = db.session.get_one(Person, by)
        return actions.translate(editor, standard, shown, parts, lang, said)


def form_of(browser: Browser, number: str, query: str = "?lang=en&page=1") -> dict[str, str]:
    """What the form holds, ready to be sent again."""
    address = f"/standards/{number}/translate{query}"
    return sent_by(browser.page(address), address)


def within(page: Document, element: Element, tag: str, **wanted: object) -> Element:
    """The only such element inside another."""
    [found] = [each for each in page.all(tag, **wanted) if element in each.inside]
    return found
