"""The known word that is nearest to one that means nothing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from forum.campaigns.queries import titles_for
from forum.core.i18n import locale_code
from forum.core.words import normalize, slugify
from forum.search.engine.queries import Every
from forum.search.filters import conditions, values
from forum.search.filters.readers import Asking
from forum.search.language.operators import BY_WORD, Operator, is_there
from forum.search.visibility import kinds_on

ALIKE = 0.7
COMPARED = 400
"""Words that one is compared with."""


def nearest_operator(name: str) -> Operator | None:
    """The operator that was probably meant."""
    known = {word: operator for word, operator in BY_WORD.items() if is_there(operator)}
    found = _nearest(normalize(name), known)
    return known[found] if found else None


def nearest_value(asking: Asking, operator: Operator, written: str) -> str:
    """The value that was probably meant; nothing that the reader may not know."""
    if operator.takes == "tag":
        return _nearest_tag(asking, written)
    known = {normalize(word): word for word in _words(asking, operator)}
    found = _nearest(normalize(written), known)
    return known[found] if found else ""


def _words(asking: Asking, operator: Operator) -> Iterable[str]:
    choices = CHOICES.get(operator.takes)
    if choices is not None:
        off = set(values.KINDS.values).difference(kinds_on())
        return (word for word, value in choices.all_words(locale_code()) if value not in off)
    if operator.takes in ("department", "answering"):
        return (card.name for card, _description, _is_current in asking.cards.values())
    if operator.takes == "campaign":
        return [title for _number, title in titles_for(asking.reader)]
    return values.DAY_WORDS if operator.takes in ("day", "year") else ()


CHOICES = {
    "kind": values.KINDS,
    "stage": values.STAGES,
    "sort": values.SORTS,
    "having": values.HAVING,
    "version": values.VERSIONS,
}


def _nearest_tag(asking: Asking, written: str) -> str:
    """Among the tags that the reader sees: a nearer one that they do not must not hide these."""
    slug, search = slugify(written), asking.search
    seen = search.snapshot.counted("tag", search.find(Every(0.0)).docs)
    known = {conditions.slug_of(name): name for name in sorted(seen)}
    alike = (tag for tag in known if tag[:1] == slug[:1] and abs(len(tag) - len(slug)) < 3)
    found = _nearest(slug, alike)
    return known[found] if found else ""


def _nearest(word: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(word[:40], list(islice(known, COMPARED)), 1, ALIKE)), "")
