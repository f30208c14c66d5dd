"""Departments by what a text calls them: their name or their code, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forum.departments.queries import DepartmentCard

MOST_WORDS = 12
"""Words of which a name is put together at most, when it is looked for at a text's beginning."""
_APART = re.compile(r"\s*[,;/+&]\s*|\s+(?:and|и)\s+", re.IGNORECASE)
_NOT_NAME = re.compile(r"[^\w]+")
_WORD = re.compile(r"[\w-]+")
_ASIDE = re.compile(r"\(([^()]{1,120})\)")


def plain_name(text: str) -> str:
    """A name as far as it matters for telling departments apart."""
    return _NOT_NAME.sub(" ", text.casefold()).strip()


@dataclass(frozen=True, slots=True)
class Places:
    """The departments there are, by plain name and by code."""

    names: dict[str, DepartmentCard]
    codes: dict[str, DepartmentCard]

    @classmethod
    def of(cls, cards: Iterable[DepartmentCard]) -> Places:
        """For these departments; of two with one name the first counts."""
        names: dict[str, DepartmentCard] = {}
        codes: dict[str, DepartmentCard] = {}
        for card in cards:
            names.setdefault(plain_name(card.name), card)
            codes.setdefault(card.code.casefold(), card)
        names.pop("", None)
        codes.pop("", None)
        return cls(names, codes)

    def called(self, text: str) -> list[DepartmentCard]:
        """The departments that a cell names, each once, in order: `IT, Finance`."""
        whole = self._exactly(text)
        if whole is not None:
            return [whole]
        parts = _APART.split(text)[:MOST_WORDS]
        found = [self._exactly(part) or self._leading(part, loose=True) for part in parts]
        return list(dict.fromkeys(card for card in found if card is not None))

    def acting(self, text: str) -> DepartmentCard | None:
        """The department that a sentence begins with, else one named in brackets in it.

        In a sentence a code counts as it is written: `IT checks`, not `It rains`.
        """
        begins = self._leading(text, loose=False)
        if begins is not None:
            return begins
        asides = (self._exactly(aside) for aside in _ASIDE.findall(text)[:MOST_WORDS])
        return next((card for card in asides if card is not None), None)

    def _exactly(self, text: str) -> DepartmentCard | None:
        return self.names.get(plain_name(text)) or self.codes.get(text.strip(" .:*").casefold())

    def _leading(self, text: str, *, loose: bool) -> DepartmentCard | None:
        words = _first_words(text)
        for count in range(len(words), 0, -1):
            found = self.names.get(plain_name(" ".join(words[:count])))
            if found is not None:
                return found
        coded = self.codes.get(words[0].casefold()) if words else None
        return coded if coded is not None and (loose or words[0] == coded.code) else None


def _first_words(text: str) -> Sequence[str]:
    """The first words of a text."""
    return [found.group() for found, _at in zip(_WORD.finditer(text), range(MOST_WORDS))]  # noqa: B905
