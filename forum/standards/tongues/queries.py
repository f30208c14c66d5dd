"""Reading translations: one query for all parts of a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, and_, case, cast, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from forum.core.db import db, read_columns
from forum.core.texts import Text
from forum.standards.clauses.keeping import digest_of
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.models import Standard, Version
from forum.standards.tongues.models import Part, Translation
from forum.standards.tongues.parts import Original, Place, behind

LATER = aliased(Translation)
NO_OPENING = digest_of("")


class Known(NamedTuple):
    """The translation of a part: for which version it was written, how many it is behind."""

    id: int
    version: int
    title: str
    source: str
    html: str
    behind: int

    @property
    def says_nothing(self) -> bool:
        """Whether it was taken away."""
        return not self.title and not self.source


def known_parts(
    standard: Standard,
    version: Version,
    lang: str,
    wanted: Sequence[Original],
    *,
    for_form: bool = False,
) -> dict[Place, Known]:
    """Translations by their place: of the very wording; while the version is the newest that was in
    force, else the newest there was by then, which is behind. One query.

    A form has those that are behind after the next version came into force too: its writer saw
    them. One that was taken away is among them, with neither title nor text.
    """
    newest = for_form or version.number == standard.in_force
    words = {original.place: original.words for original in wanted}
    exactly = [(part, key, said) for (part, key), said in words.items()]
    found: dict[Place, tuple[tuple[bool, int], Known]] = {}
    for row in read_columns(_query(standard, version.number, lang, exactly, newest)).all():
        place = (row.part, row.key)
        if place not in words:
            continue
        exact = row.words == words[place]
        late = 0 if exact else behind(row.words, _since(row.part, row.lines), words[place])
        known = Known(row.id, row.version, row.title, row.source or "", row.html or "", late)
        rank = (exact, row.version)
        if (exact or newest) and (place not in found or found[place][0] < rank):
            found[place] = (rank, known)
    return {place: known for place, (_rank, known) in found.items()}


def _query(standard: Standard, number: int, lang: str, exactly: Any, newest: bool) -> Any:
    exact = tuple_(Translation.part, Translation.key, Translation.words).in_(exactly)
    wanted: Any = exact
    if newest:
        by_then = and_(Translation.version <= number, ~_has_later(number))
        wanted = or_(wanted, and_(Translation.part != Part.CHANGE, by_then))
    return (
        select(
            Translation.id,
            Translation.part,
            Translation.key,
            Translation.words,
            Translation.version,
            Translation.title,
            Text.source,
            Text.html,
            _lines(number, exact).label("lines"),
        )
        .outerjoin(Text, Text.id == Translation.text_id)
        .where(Translation.standard_id == standard.id, Translation.lang == lang, wanted)
    )


def _has_later(number: int) -> Any:
    """Whether the part was translated for a later version, up to one."""
    return exists().where(
        LATER.standard_id == Translation.standard_id,
        LATER.lang == Translation.lang,
        LATER.part == Translation.part,
        LATER.key == Translation.key,
        LATER.version > Translation.version,
        LATER.version <= number,
    )


def _lines(number: int, exact: Any) -> Any:
    """How the part was worded in the versions since, in one column: a line for each of them. Not
    asked for what says the very wording, however long ago it was translated."""
    since = (
        Version.standard_id == Translation.standard_id,
        Version.number > Translation.version,
        Version.number <= number,
        Version.published_at.is_not(None),
    )
    place = cast(Version.number, String) + " "
    of_clause = (
        select(func.aggregate_strings(place + func.coalesce(VersionClause.words, ""), "\n"))
        .join(VersionClause, VersionClause.version_id == Version.id)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .where(*since, Clause.standard_id == Translation.standard_id)
        .where(Clause.key == Translation.key)
    )
    line = place + func.coalesce(Version.opening, "") + " " + Version.title
    of_version = select(func.aggregate_strings(line, "\n")).where(*since)
    return case(
        (exact, None),
        (Translation.part == Part.CLAUSE, of_clause.correlate(Translation).scalar_subquery()),
        else_=of_version.correlate(Translation).scalar_subquery(),
    )


def _since(part: str, lines: str | None) -> list[str]:
    """The wordings of these lines, oldest first."""
    told = (line.partition(" ") for line in (lines or "").split("\n"))
    said = sorted((int(number), words) for number, _space, words in told if number.isdecimal())
    if part == Part.CLAUSE:
        return [words for _number, words in said]
    both = [words.partition(" ") for _number, words in said]
    if part == Part.TITLE:
        return [digest_of(title) for _opening, _space, title in both]
    # What a version said that was drafted before openings were written down is not known.
    return [opening for opening, _space, _title in both if opening]


class Told(NamedTuple):
    """What a clause in force says in another language, under the number it has there; without key
    and number what stands before the first one."""

    key: int
    number: str
    title: str
    text: str
    lang: str


class Found(NamedTuple):
    """What a standard in force says in other languages: its titles, and its parts."""

    titles: tuple[str, ...] = ()
    parts: tuple[Told, ...] = ()


def findable(ids: Sequence[int]) -> dict[int, Found]:
    """What of the standards in force is shown in other languages, for those that were translated:
    what stands in them no more is not found. One query."""
    places: dict[tuple[int, str, str, int], tuple[tuple[bool, int], Any]] = {}
    for row in read_columns(_in_force(ids)).all():
        now = digest_of(row.name) if row.part == Part.TITLE else row.opening
        rank = (row.words == (row.stands if row.part == Part.CLAUSE else now), row.version)
        place = (row.standard_id, row.lang, row.part, row.key)
        if place not in places or places[place][0] < rank:
            places[place] = (rank, row)
    shown: dict[int, list[Any]] = {}
    for place, (_rank, row) in sorted(places.items()):
        shown.setdefault(place[0], []).append(row)
    return {standard_id: _found(rows) for standard_id, rows in shown.items()}


def _found(rows: Sequence[Any]) -> Found:
    titles = tuple(row.title for row in rows if row.part == Part.TITLE and row.title)
    parts = (
        Told(row.key, row.number or "", row.title, row.plain or "", row.lang)
        for row in rows
        if row.part != Part.TITLE and (row.title or row.plain)
    )
    return Found(titles, tuple(parts))


def _in_force(ids: Sequence[int]) -> Any:
    in_force = (Version.standard_id == Standard.id, Version.number == Standard.in_force)
    named = (Clause.standard_id == Standard.id, Clause.key == Translation.key)
    standing = (VersionClause.version_id == Version.id, VersionClause.clause_id == Clause.id)
    return (
        select(
            Translation.standard_id,
            Translation.lang,
            Translation.part,
            Translation.key,
            Translation.words,
            Translation.version,
            Translation.title,
            Text.plain,
            Version.title.label("name"),
            Version.opening,
            VersionClause.words.label("stands"),
            VersionClause.number,
        )
        .join(Standard, Standard.id == Translation.standard_id)
        .join(Version, and_(*in_force))
        .outerjoin(Clause, and_(*named))
        .outerjoin(VersionClause, and_(*standing))
        .outerjoin(Text, Text.id == Translation.text_id)
        .where(Standard.id.in_(list(ids)), Standard.translated != "")
        .where(Translation.part != Part.CHANGE, Translation.lang != Version.lang)
        .where(or_(Translation.part != Part.CLAUSE, VersionClause.version_id.is_not(None)))
        .where(or_(Translation.part != Part.OPENING, Version.opening != NO_OPENING))
    )


def text_of(standard: Standard, number: int) -> tuple[Version, str, str] | None:
    """A published version, its text, and what was typed. One query."""
    query = (
        select(Version, Text.html, Text.source)
        .outerjoin(Text, Text.id == Version.text_id)
        .where(Version.standard_id == standard.id, Version.number == number)
        .where(Version.published_at.is_not(None))
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1] or "", found[2] or "") if found is not None else None
