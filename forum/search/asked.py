"""What the address of a search asks for; what cannot be understood is left out and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from babel import localedata

from forum.core.textcheck import clean_line
from forum.search.facets import STAGE_NAMES, Filters
from forum.search.hits import Cards
from forum.search.visibility import kinds_on

LIMIT, MOST = 20, 100
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Asked:
    """One search as its address says it; `ignored` names the parameters left out."""

    q: str = ""
    kind: str = ""
    stage: str = ""
    department: str = ""
    lang: str = ""
    limit: int = LIMIT
    cursor: str = ""
    exact: bool = False
    filters: Filters = NO_FILTERS
    ignored: tuple[str, ...] = ()

    def query(self, **changes: Any) -> str:
        """This search's address, changed; the page starts over."""
        other = replace(self, **{"cursor": "", **changes})
        names = ("q", "kind", "stage", "department", "lang", "cursor")
        pairs = [(name, getattr(other, name)) for name in names]
        if other.limit != LIMIT:
            pairs.append(("limit", str(other.limit)))
        if other.exact:
            pairs.append(("exact", "1"))
        return f"/search?{urlencode([pair for pair in pairs if pair[1]])}"

    @property
    def narrowed(self) -> bool:
        """Whether a filter is on."""
        return self.filters != NO_FILTERS


def read(arguments: Mapping[str, str], cards: Cards) -> Asked:
    """Understand an address; `cards` are the departments its reader may see."""
    slugs = {card.slug: row_id for row_id, (card, _text, _current) in cards.items()}
    known: dict[str, Any] = {"kind": kinds_on(), "stage": STAGE_NAMES, "department": slugs}
    chosen, ignored = {}, []
    for name, values in known.items():
        value = arguments.get(name, "")
        if value in values:
            chosen[name] = value
        elif value:
            ignored.append(name)
    lang = arguments.get("lang", "").strip().lower()
    if lang and not _is_language(lang):
        ignored.append("lang")
        lang = ""
    limit = _limit(arguments.get("limit", ""))
    if limit is None:
        ignored.append("limit")
    filters = Filters(
        kind=(chosen["kind"],) if "kind" in chosen else (),
        stage=chosen.get("stage", ""),
        department=slugs.get(chosen.get("department", "")),
        lang=lang,
    )
    return Asked(
        q=clean_line(arguments.get("q", "")),
        **chosen,
        lang=lang,
        limit=limit or LIMIT,
        cursor=arguments.get("cursor", ""),
        exact=arguments.get("exact", "") == "1",
        filters=filters,
        ignored=tuple(ignored),
    )


def _is_language(code: str) -> bool:
    """Whether ideas may be in it: a code without a country, as imports keep it."""
    return code.isascii() and code.isalpha() and len(code) <= 3 and localedata.exists(code)


def _limit(text: str) -> int | None:
    """A page size from 1 to 100; None for anything else."""
    if not text:
        return LIMIT
    fits = text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST
    return int(text) if fits else None
