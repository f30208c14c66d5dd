"""Names of people: how they are shown, and how they are found."""

from __future__ import annotations

from forum.core.i18n import _

ANONYMOUS = "(anonymous)"
"""The name of nobody, who stands where somebody posted without theirs (see `accounts.nobody`)."""


def shown_name(name: str | None) -> str:
    """A name in the reader's words; an erased person's is empty and reads “former colleague”."""
    return _("Anonymous") if name == ANONYMOUS else name or _("former colleague")


def name_key(name: str) -> str:
    """What a name is sorted and found by: small letters, ё as е, a space before every word.

    The databases fold case differently, SQLite only for ASCII, so the forum folds it once.
    """
    words = name.casefold().replace("ё", "е").split()
    return "".join(f" {word}" for word in words)
