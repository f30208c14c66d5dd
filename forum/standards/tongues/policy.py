"""Who may translate a standard."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.core.i18n import LOCALES
from forum.standards.models import Standard, VersionState
from forum.standards.policy import may_edit


def may_translate(person: Person, standard: Standard) -> bool:
    """Its editors, while a version is in force."""
    return may_edit(person, standard) and standard.state == VersionState.IN_FORCE


def languages_for(main: str) -> list[str]:
    """The languages that a text in one can be translated into."""
    return [lang for lang in LOCALES if lang != main]
