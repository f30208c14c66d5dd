"""Reading which clauses versions have, with the words by which they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from forum.core.db import db, read_columns
from forum.core.richtext import plain_text
from forum.core.texts import Text
from forum.standards.clauses.matching import Part
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.document import lay_out
from forum.standards.models import Version
from forum.standards.why.models import ClauseOrigin


def parts_of(html: str, keys: Sequence[int] = (), guessed: Sequence[bool] = ()) -> list[Part]:
    """The parts of a text by which its clauses are told, with their keys if they are known."""
    clauses = lay_out(html).clauses
    known = list(keys) if len(keys) == len(clauses) else [0] * len(clauses)
    unsure = list(guessed) if len(guessed) == len(clauses) else [False] * len(clauses)
    return [
        Part(clause.title, plain_text(str(clause.html)), key, is_guessed)
        for clause, key, is_guessed in zip(clauses, known, unsure, strict=True)
    ]


def known_parts(standard_id: int, in_force: int | None) -> list[Part]:
    """The clauses a next text may continue: those of the newest version, those in force that it has
    lost, and those of older ones, by their last heading only. Two queries.
    """
    newest = (
        select(func.max(Version.number)).where(Version.standard_id == standard_id).scalar_subquery()
    )
    query = (
        select(Version.number, Text.html, Clause.key, VersionClause.guessed)
        .join(Text, Text.id == Version.text_id)
        .join(VersionClause, VersionClause.version_id == Version.id)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .where(Version.standard_id == standard_id, Version.number.in_([newest, in_force or 0]))
        .order_by(Version.number.desc(), VersionClause.place)
    )
    texts: dict[int, tuple[str, list[int], list[bool]]] = {}
    for number, html, key, guessed in db.session.execute(query):
        _html, keys, unsure = texts.setdefault(number, (html, [], []))
        keys.append(key)
        unsure.append(guessed)
    found: dict[int, Part] = {}
    for text in texts.values():
        for part in parts_of(*text):
            found.setdefault(part.key, part)
    titles, published = _before(standard_id)
    for key, title in titles.items():
        found.setdefault(key, Part(title, "", key, gone=True))
    return [replace(part, drafted=part.key not in published) for part in found.values()]


def _before(standard_id: int) -> tuple[dict[int, str], set[int]]:
    """What each clause of a standard was called when it last stood in a version; which of them
    stood in one that was published. One query."""
    query = (
        select(Clause.key, VersionClause.title, Version.published_at)
        .join(VersionClause, VersionClause.clause_id == Clause.id)
        .join(Version, Version.id == VersionClause.version_id)
        .where(Clause.standard_id == standard_id)
        .order_by(Version.number)
    )
    rows = db.session.execute(query).all()
    return {row[0]: row[1] for row in rows}, {row[0] for row in rows if row[2]}


def in_versions_before(version: Version) -> Any:
    """The clauses, by id, that stood in older versions of a version's standard."""
    return (
        select(VersionClause.clause_id)
        .join(Version, Version.id == VersionClause.version_id)
        .where(Version.standard_id == version.standard_id, Version.number < version.number)
    )


def known_before(version: Version) -> list[Part]:
    """The clauses of the version before one. One query."""
    query = (
        select(Text.html, Clause.key)
        .join(Version, Version.text_id == Text.id)
        .join(VersionClause, VersionClause.version_id == Version.id)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .where(Version.standard_id == version.standard_id, Version.number == version.number - 1)
        .order_by(VersionClause.place)
    )
    rows = db.session.execute(query).all()
    return parts_of(rows[0][0], [row[1] for row in rows]) if rows else []


class Standing(NamedTuple):
    """A clause where it stands in a version."""

    key: int
    number: str
    title: str
    guessed: bool
    has_origin: bool
    words: str | None = None


def clauses_of(version_id: int) -> list[Standing]:
    """The clauses of a version in order; none for one that was not looked at yet. One query."""
    return [Standing._make(row) for row in read_columns(_STANDING, {"version_id": version_id})]


_STANDING = (
    select(
        Clause.key,
        VersionClause.number,
        VersionClause.title,
        VersionClause.guessed,
        exists().where(
            ClauseOrigin.clause_id == VersionClause.clause_id, ClauseOrigin.taken_away_at.is_(None)
        ),
        VersionClause.words,
    )
    .join(Clause, Clause.id == VersionClause.clause_id)
    .where(VersionClause.version_id == bindparam("version_id"))
    .order_by(VersionClause.place)
)


def is_unsure(version_id: int) -> bool:
    """Whether somebody has to say which of a version's clauses are old ones. One query."""
    query = select(VersionClause.place).where(
        VersionClause.version_id == version_id, VersionClause.guessed
    )
    return db.session.scalar(query.limit(1)) is not None


def keys_of(version_ids: Sequence[int]) -> dict[int, list[int]]:
    """The keys of the clauses of versions, in order. One query."""
    found: dict[int, list[int]] = {}
    for version_id, key in read_columns(_KEYS, {"version_ids": list(version_ids)}):
        found.setdefault(version_id, []).append(key)
    return found


_KEYS = (
    select(VersionClause.version_id, Clause.key)
    .join(Clause, Clause.id == VersionClause.clause_id)
    .where(VersionClause.version_id.in_(bindparam("version_ids", expanding=True)))
    .order_by(VersionClause.version_id, VersionClause.place)
)


class Guess(NamedTuple):
    """A clause of a draft that may continue one of an older version, under another heading."""

    key: int
    title: str
    before: int
    title_before: str


def guesses(version: Version, keys: Sequence[int]) -> list[Guess]:
    """What the clauses with these keys were called when they last stood in a version. One query."""
    here, there = aliased(VersionClause), aliased(VersionClause)
    query = (
        select(Clause.key, here.title, Version.number, there.title)
        .join(here, here.clause_id == Clause.id)
        .join(there, there.clause_id == Clause.id)
        .join(Version, Version.id == there.version_id)
        .where(here.version_id == version.id, Clause.key.in_(list(keys)))
        .where(Version.number < version.number)
        .order_by(here.place, Version.number.desc())
    )
    newest: dict[int, Guess] = {}
    for row in db.session.execute(query):
        newest.setdefault(row[0], Guess(*row))
    return list(newest.values())
