"""What a standard's page and that of its promises tell of each clause."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from babel.dates import format_date

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core import slots
from forum.core.clock import now
from forum.core.i18n import _, day, lazy, local_day, locale_code, ngettext, percent
from forum.standards.document import Clause, Document
from forum.standards.kept import queries
from forum.standards.kept.counting import NOTHING, Counted, Month, counts_of
from forum.standards.kept.models import Side
from forum.standards.kept.queries import Figures, Said
from forum.standards.kept.rates import FEWEST, Rate
from forum.standards.kept.sides import Sides, may_mark, sides_of
from forum.standards.queries import Shown
from forum.standards.structure.places import Places
from forum.standards.structure.reading import promise_clauses
from forum.standards.tongues.spoken import Line, Spoken

COUNTED = timedelta(days=365)
"""How far back marks count."""
SIDES = {Side.CUSTOMER: lazy("Customers"), Side.PROVIDER: lazy("Providers")}


def since() -> date:
    """The first day whose marks count."""
    return local_day(now()) - COUNTED


@dataclass(frozen=True, slots=True)
class Box:
    """A promise with how often it is kept, and what the reader may say of it or said today."""

    key: int
    number: str
    title: str
    rate: str
    may_mark: bool
    own: bool | None
    lang: str = ""


def boxes_of(
    reader: Person,
    shown: Shown,
    clauses: Iterable[Clause],
    places: Places,
    audience: Collection[int],
    counts: Mapping[int, Counted] | None = None,
) -> dict[int, Box]:
    """The promises of a version in force, by key. Two queries, none without promises; one less
    with their `counts`, one more where some have to be counted."""
    standing = list(clauses) if shown.current else []
    if not standing:
        return {}
    standard = shown.standard
    if counts is None:
        counts = counts_of(standard.id, since=since())
    own = queries.own_today(reader, standard.id, local_day(now()))
    return {
        clause.key: Box(
            *(clause.key, clause.number, clause.title),
            rate=told(counts.get(clause.key, NOTHING).total),
            may_mark=may_mark(reader, standard, _sides(shown, clause, places, audience)),
            own=own.get(clause.key),
        )
        for clause in standing
    }


def _sides(shown: Shown, clause: Clause, places: Places, audience: Collection[int]) -> Sides:
    owner = shown.version.owner_department_id
    return sides_of(clause, places, owner_department=owner, audience=audience)


def in_tongue(boxes: Mapping[int, Box], names: Mapping[int, Line]) -> list[Box]:
    """The promises by the names that their clauses have on the page."""
    return [replace(box, title=names[key][0], lang=names[key][1]) for key, box in boxes.items()]


def named_in(document: Document, tongue: Spoken) -> dict[int, Line]:
    """What each clause is called in the language of the page, and in which that is."""
    said = {key: known.title for (_part, key), known in tongue.parts.items() if known.title}
    return {
        each.key: (said[each.key], tongue.lang) if each.key in said else (each.title, tongue.main)
        for each in document.clauses
    }


class Kept(NamedTuple):
    """A standard of which the reader has just found a promise kept, and who promised it."""

    id: int
    by: list[int]


def kept_today(
    shown: Shown,
    clauses: Iterable[Clause],
    places: Places,
    boxes: Mapping[int, Box],
    key: int | None,
) -> list[Kept]:
    """The promise that somebody speaks of, if they said today that it is kept. No query."""
    said = [c for c in clauses if c.key == key and c.key in boxes and boxes[c.key].own]
    return [Kept(shown.standard.id, sorted(_sides(shown, c, places, ()).providers)) for c in said]


def asked_clauses(document: Document, key: int | None) -> list[Clause]:
    """The promises of a text, and the clause somebody asks for, which stands first."""
    asked = [clause for clause in document.clauses if clause.key == key]
    return asked + [clause for clause in promise_clauses(document) if clause.key != key]


def told(rate: Rate | None) -> str:
    """`kept 23 of 25, 75–98%`; where it would tell of single people, that it is too few."""
    if rate is not None and rate.total == 0:
        return _("nothing said yet")
    if rate is None or not rate.may_be_told:
        return _("too few to tell")
    return _(
        "kept %(kept)d of %(total)d, %(within)s",
        kept=rate.kept,
        total=rate.total,
        within=percent(*rate.interval),
    )


def table_of(figures: Figures) -> dict[str, Any]:
    """A clause's figures as its page shows them: by side, and month by month."""
    return {
        "sides": [(str(SIDES[side]), told(rate)) for side, rate in figures.sides.items()],
        "by_month": [
            (_month(when), [told(rates[side]) for side in Side]) for when, rates in figures.months
        ],
        "together": [(_month(when), told(rate)) for when, rate in figures.together],
    }


def _month(when: Month) -> str:
    return str(format_date(date(when[0], when[1], 1), "LLLL y", locale=locale_code()))


def few() -> str:
    """Why some figures are not told."""
    return ngettext(
        "A figure is told from %(num)d mark on, and by several people.",
        "A figure is told from %(num)d marks on, and by several people.",
        FEWEST,
    )


def names_of(
    reader: Person, said: Sequence[Said], document: Document, names: Mapping[int, Line]
) -> list[dict[str, Any]]:
    """Marks with their names, for those who may see them, and what features above do with them."""
    panels = slots.load("promise-mark", reader, said)
    numbers = {clause.key: clause.number for clause in document.clauses}
    return [
        {
            "clause": f"{numbers[each.key]} {names[each.key][0]}".strip()
            if each.key in names
            else "–",
            "lang": names[each.key][1] if each.key in names else "",
            "kept": each.kept,
            "word": _("Kept") if each.kept else _("Broken"),
            "side": str(SIDES[Side(each.side)]),
            "note": each.note,
            "day": day(each.on_day),
            "person": shown_name(each.person),
            "department": each.department or "",
            "panels": panels[each.id],
        }
        for each in said
    ]
