"""What a value behind a colon means, for one reader: nothing, unless they may know of it.

For each way of reading (`Operator.takes`) one function from what was written to a `Value`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from babel import Locale, localedata
from sqlalchemy import func, or_, select

from forum.accounts.models import Kind, Person
from forum.accounts.names import name_key
from forum.campaigns.queries import titles_for
from forum.core.clock import now
from forum.core.db import db
from forum.core.i18n import LANGUAGE_NAMES, LOCALES, local_day
from forum.core.words import normalize, slugify
from forum.departments.queries import DepartmentCard, answers_for
from forum.departments.visibility import people_visible_to
from forum.ideas import stage_cards
from forum.search.documents import OLDER
from forum.search.engine.queries import Fitting, Test
from forum.search.engine.search import Search
from forum.search.filters import conditions, values
from forum.search.filters.conditions import AnyOf, Every, Labelled, Numbered, Tagged, Within
from forum.search.filters.values import FOREVER, Days, Span
from forum.search.hits import Cards
from forum.search.language.operators import Operator
from forum.search.names import KIND_NAMES, STAGE_NAMES, VERSION_NAMES, language_name
from forum.search.visibility import kinds_on
from forum.standards.models import Standard, VersionState
from forum.standards.visibility import visible_to as standards_visible_to

SHORTEST_NAME = 2
MOST_PEOPLE = 2_000


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, what they see of the index, and the departments that they see."""

    reader: Person
    search: Search
    cards: Cards


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was understood.

    `written` is how; `names` are what it is called in an address, several where a part of a name
    fits several; `label` is for people.
    """

    written: str
    names: tuple[str, ...]
    label: str
    test: Test


Read = Callable[[Asking, Operator, str], Value | None]


def _kind(_asking: Asking, _operator: Operator, text: str) -> Value | None:
    kind = values.KINDS.value(text)
    if kind is None or kind not in kinds_on():
        return None
    return Value(text, (kind,), str(KIND_NAMES[kind]), conditions.shown_as(kind))


def _stage(_asking: Asking, _operator: Operator, text: str) -> Value | None:
    stage = values.STAGES.value(text)
    if stage is None:
        return _added_stage(text)
    return Value(text, (stage,), str(STAGE_NAMES[stage]), conditions.in_stages((stage,)))


def _added_stage(text: str) -> Value | None:
    """A stage that the company added, by its slug or its name in either language."""
    plain = _joined(text)
    for card in stage_cards.added():
        if plain in map(_joined, (card.slug, card.name_en, card.name_ru)):
            return Value(text, (card.slug,), card.name, conditions.in_stage(card.slug))
    return None


def _joined(text: str) -> str:
    return "-".join(normalize(text).replace("_", " ").replace("-", " ").split())


def departments_called(cards: Cards, text: str) -> list[DepartmentCard]:
    """The departments of that name, code or address; else those with it in their name."""
    wanted, exact = normalize(text), _departments_named(cards, text)
    if exact or len(wanted) < SHORTEST_NAME:
        return exact
    known = (card for card, _description, _is_current in cards.values())
    return [card for card in known if f" {wanted}" in f" {normalize(card.name)}"]


def _departments_named(cards: Cards, text: str) -> list[DepartmentCard]:
    """The departments of that very name, code or address."""
    wanted = normalize(text)
    known = (card for card, _description, _is_current in cards.values())
    return [
        card for card in known if wanted in (normalize(card.name), normalize(card.code), card.slug)
    ]


def _department(asking: Asking, operator: Operator, text: str) -> Value | None:
    found = departments_called(asking.cards, text)
    return _departments(operator.name, found, text)


def _departments(label: str, found: Sequence[DepartmentCard], text: str) -> Value | None:
    if not found:
        return None
    test = Labelled(label, frozenset(str(card.id) for card in found))
    return Value(text, tuple(card.slug for card in found), _list(c.name for c in found), test)


def _list(names: Iterable[str]) -> str:
    first = sorted(names)
    return ", ".join(first[:3]) + (" …" if len(first) > 3 else "")


def _person(asking: Asking, _operator: Operator, text: str) -> Value | None:
    if values.is_me(text):
        return _people([(asking.reader.id, asking.reader.name)], text)
    return _people(_people_called(asking.reader, text), text)


def _people(found: Sequence[tuple[int, str]], text: str) -> Value | None:
    if not found:
        return None
    ids = frozenset(row_id for row_id, _name in found)
    test = AnyOf((Numbered("author", ids), Labelled("writer", frozenset(map(str, ids)))))
    return Value(text, (text,), _list({name for _row_id, name in found}), test)


def _people_called(reader: Person, text: str) -> list[tuple[int, str]]:
    """Those whom the reader sees; by e-mail only for administrators, who see it. One query."""
    words = name_key(text).split()
    if len("".join(words)) < SHORTEST_NAME:
        return []
    named = [Person.name_key.contains(f" {word}", autoescape=True) for word in words[:8]]
    called = func.lower(Person.email) == text.lower()
    wanted = called if "@" in text and reader.administers else None
    query = select(Person.id, Person.name).where(
        Person.erased_at.is_(None),
        people_visible_to(reader),
        *([wanted] if wanted is not None else named),
    )
    rows = db.session.execute(query.order_by(Person.name_key, Person.id).limit(MOST_PEOPLE))
    return [(row[0], row[1]) for row in rows]


def _tag(asking: Asking, _operator: Operator, text: str) -> Value | None:
    slug = slugify(text)
    names = conditions.tags(asking.search.snapshot).get(slug)
    return tagged(slug, names[0], text) if names and is_seen(asking.search, slug) else None


def tagged(slug: str, name: str, written: str) -> Value:
    """Under a tag."""
    return Value(written, (slug,), name, Tagged(frozenset((slug,))))


def is_seen(search: Search, slug: str) -> bool:
    """Whether anything that the reader sees has a tag."""
    return len(search.find(Fitting(Tagged(frozenset((slug,))))).docs) > 0


def _number(_asking: Asking, operator: Operator, text: str) -> Value | None:
    span = values.number_span(text)
    if span is None:
        return None
    return Value(text, (text,), text, conditions.ideas(Within(operator.name, (span,))))


def _day(_asking: Asking, operator: Operator, text: str) -> Value | None:
    sign, day = values.compared(text)
    days = values.day_span(day, local_day(now()))
    if days is None:
        return None
    start = values.moments(days).low
    earlier = operator.name == "before" or (operator.name == "updated" and sign.startswith("<"))
    span = Span(1, start) if earlier else Span(start, FOREVER)
    measure = "updated" if operator.name == "updated" else "written"
    return Value(text, (text,), text, Within(measure, (span,)))


def _year(_asking: Asking, _operator: Operator, text: str) -> Value | None:
    days = values.day_span(text, local_day(now()))
    if days is None or not _is_a_year(days):
        return None
    year = str(days.first.year)
    return Value(text, (year,), year, Within("year", (Span(days.first.year, days.last.year),)))


def _is_a_year(days: Days) -> bool:
    return days.last.replace(year=days.first.year) == days.first and days.last > days.first


def _age(_asking: Asking, _operator: Operator, text: str) -> Value | None:
    span = values.since_span(text)
    if span is None:
        return None
    return Value(text, (text,), text, conditions.unsettled(Within("entered", (span,))))


def _answering(asking: Asking, operator: Operator, text: str) -> Value | None:
    if not values.is_me(text):
        found = departments_called(asking.cards, text)
        return _unanswered(_departments("waiting", found, text))
    answers = asking.reader.kind != Kind.BOARD
    ids = answers_for(asking.reader.id) if answers else frozenset[int]()
    test = Labelled("waiting", frozenset(map(str, ids)))
    return _unanswered(Value(text, (text,), text, test))


def _unanswered(value: Value | None) -> Value | None:
    if value is None:
        return None
    return Value(value.written, value.names, value.label, conditions.unsettled(value.test))


def _having(_asking: Asking, operator: Operator, text: str) -> Value | None:
    if values.HAVING.value(text) is None:
        return None
    label = str(KIND_NAMES["standard"])
    return Value(text, (text,), label, conditions.ideas(conditions.Standardised()))


def _standard(asking: Asking, _operator: Operator, text: str) -> Value | None:
    """A standard that was published and the reader sees, by `PS-014` or `14`. One query."""
    known = Standard.number == text.upper()
    if text.isascii() and text.isdigit() and len(text) < 10:
        known = or_(known, Standard.sequence == int(text))
    published = Standard.in_force.is_not(None)
    query = select(Standard.number).where(known, published, standards_visible_to(asking.reader))
    number = db.session.scalar(query)
    if number is None:
        return None
    return Value(text, (number,), number, Labelled("standard", frozenset((number,))))


def _version(_asking: Asking, _operator: Operator, text: str) -> Value | None:
    """Older versions, all of them, or those of a number. No query."""
    wanted = values.VERSIONS.value(text)
    if wanted is not None:
        test = _standards() if wanted == "all" else conditions.of_kinds(OLDER)
        return Value(text, (wanted,), str(VERSION_NAMES[wanted]), test)
    span = values.number_span(text)
    if span is None:
        return None
    return Value(text, (text,), text, _standards(Within("version", (span,))))


def _clause(asking: Asking, _operator: Operator, text: str) -> Value | None:
    """A clause of a standard that the reader sees in this search. No query."""
    wanted = " ".join(normalize(text).split())
    number = wanted.replace(".", "").isdigit()
    if not number and len(wanted) < SHORTEST_NAME:
        return None
    test = conditions.Having(text)
    if not len(asking.search.find(Fitting(test)).docs):
        return None
    return Value(text, (text,), text, test)


def _owner(asking: Asking, _operator: Operator, text: str) -> Value | None:
    """A department of that very name, else people who keep standards, else departments with it in
    their name, else people who keep none. Two queries at most."""
    if values.is_me(text):
        me = (asking.reader.id, asking.reader.name)
        return _keeping([me], text, _kept(asking.reader, [me[0]]))
    if named := _departments_named(asking.cards, text):
        return _keeping_departments(named, text)
    called = _people_called(asking.reader, text)
    kept = _kept(asking.reader, [row[0] for row in called]) if called else {}
    owners = set(kept.values())
    if keepers := [row for row in called if row[0] in owners]:
        return _keeping(keepers, text, kept)
    departments = _keeping_departments(departments_called(asking.cards, text), text)
    return departments or (_keeping(called, text, kept) if called else None)


def _keeping(people: Sequence[tuple[int, str]], text: str, kept: Iterable[str]) -> Value:
    """What people keep."""
    test = _standards(Labelled("standard", frozenset(kept)))
    return Value(text, (text,), _list({name for _row_id, name in people}), test)


def _keeping_departments(departments: Sequence[DepartmentCard], text: str) -> Value | None:
    """What departments keep."""
    keeping = _departments("department", departments, text)
    return replace(keeping, test=_standards(keeping.test)) if keeping else None


def _standards(*tests: Test) -> Test:
    return Every((conditions.shown_as("standard"), *tests))


def _kept(reader: Person, owners: Sequence[int]) -> dict[str, int | None]:
    """The numbers of the standards of some owners, with whose each is. Asked anew each time: an
    owner may change on any day. One query."""
    query = select(Standard.number, Standard.owner_id).where(
        Standard.owner_id.in_(owners),
        Standard.state == VersionState.IN_FORCE,
        standards_visible_to(reader),
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _campaign(asking: Asking, _operator: Operator, text: str) -> Value | None:
    """A campaign by its number, its title or a part of that. One query."""
    wanted = normalize(text)
    known = {str(number): title for number, title in titles_for(asking.reader)}
    exact = [number for number, title in known.items() if wanted in (number, normalize(title))]
    parts = [] if len(wanted) < SHORTEST_NAME else known.items()
    found = exact or [number for number, title in parts if f" {wanted}" in f" {normalize(title)}"]
    if not found:
        return None
    label = _list(known[number] for number in found)
    return Value(text, tuple(found), label, Labelled("campaign", frozenset(found)))


def _lang(_asking: Asking, _operator: Operator, text: str) -> Value | None:
    code = language_called(text)
    if code is None:
        return None
    return Value(text, (code,), language_name(code), Labelled("lang", frozenset((code,))))


def language_called(text: str) -> str | None:
    """The code of a language, given that or its name in English or Russian."""
    plain = normalize(text)
    if plain.isascii() and plain.isalpha() and len(plain) <= 3 and localedata.exists(plain):
        return plain
    return _languages().get(plain)


@cache
def _languages() -> dict[str, str]:
    """The codes of two letters by name."""
    named = {
        normalize(name): code
        for locale in LOCALES
        for code, name in Locale(locale).languages.items()
        if len(code) == 2
    }
    return named | {normalize(name): code for code, name in LANGUAGE_NAMES.items()}


READERS: dict[str, Read] = {
    "kind": _kind,
    "stage": _stage,
    "department": _department,
    "person": _person,
    "tag": _tag,
    "number": _number,
    "day": _day,
    "year": _year,
    "age": _age,
    "answering": _answering,
    "having": _having,
    "standard": _standard,
    "clause": _clause,
    "version": _version,
    "owner": _owner,
    "campaign": _campaign,
    "lang": _lang,
}
"""`words` and `sort` narrow nothing and are read elsewhere."""


def read(asking: Asking, operator: Operator, text: str) -> Value | None:
    """What a value means; None when it means nothing to the reader."""
    reader: Any = READERS.get(operator.takes)
    found: Value | None = reader(asking, operator, text) if reader is not None else None
    return found
