"""Names nobody may choose: what the forum writes where somebody stands without theirs."""

from __future__ import annotations

from functools import cache

from forum.accounts.names import ANONYMOUS, shown_name
from forum.core.errors import Invalid
from forum.core.i18n import LOCALES, _, speaking
from forum.core.words import normalize, words_in

GREEK = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ", "ABEZHIKMNOPTYXaikvoptux")  # noqa: RUF001
"""Greek letters that pass for Latin ones; `normalize` sees to Cyrillic."""


def refuse_reserved(name: str, *, before: str = "") -> None:
    """Raises Invalid for a name that would pass for nobody's or a former colleague's, in either
    language and in letters that look alike; who has borne it keeps it."""
    if name != before and _key(name) in _reserved():
        raise Invalid(
            _("The forum writes this where nobody is named. Choose another name."), field="name"
        )


@cache
def _reserved() -> frozenset[str]:
    keys = {_key(ANONYMOUS)}
    for locale in LOCALES:
        with speaking(locale):
            keys |= {_key(shown_name(ANONYMOUS)), _key(shown_name(""))}
    return frozenset(keys)


def _key(name: str) -> str:
    """A name as it looks: without gaps and dots, Greek letters as those that look like them."""
    words = "".join(normalize(word) for word in words_in(name.translate(GREEK)))
    return "".join(letter for letter in words if letter.isalnum())
