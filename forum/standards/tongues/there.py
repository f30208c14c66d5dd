"""In which languages an older version says anything: told by the query that loads it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, and_, case, cast, func, or_, select

from forum.standards.clauses.keeping import digest_of, opening_of
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.models import Standard, Version
from forum.standards.tongues.models import Part, Translation


def said_of_version() -> Any:
    """A line for each translation that may be of the version: its language and part and, but for
    clauses, of which the database can tell, the wording that it is of."""
    line = Translation.lang + " " + cast(Translation.part, String)
    worded = case(
        (Translation.part == Part.CLAUSE, line), else_=line + " " + cast(Translation.words, String)
    )
    standing = and_(
        VersionClause.version_id == Version.id,
        VersionClause.clause_id == Clause.id,
        or_(VersionClause.words == Translation.words, VersionClause.words.is_(None)),
    )
    return (
        select(func.aggregate_strings(worded, "\n"))
        .select_from(Translation)
        .outerjoin(
            Clause,
            and_(Clause.standard_id == Translation.standard_id, Clause.key == Translation.key),
        )
        .outerjoin(VersionClause, standing)
        .where(
            Translation.standard_id == Standard.id,
            Standard.translated != "",
            or_(Translation.title != "", Translation.text_id.is_not(None)),
            or_(Translation.part != Part.CLAUSE, VersionClause.version_id.is_not(None)),
        )
        .correlate(Standard, Version)
        .scalar_subquery()
    )


def languages_said(lines: str, version: Version, html: str) -> set[str]:
    """The languages in which these lines say anything of a version."""
    words = {
        Part.TITLE: digest_of(version.title),
        Part.CHANGE: digest_of(version.change),
        Part.OPENING: version.opening or opening_of(html),
    }
    found = set()
    for line in lines.split("\n"):
        lang, _space, rest = line.partition(" ")
        part, _space, wording = rest.partition(" ")
        if part == Part.CLAUSE or (part and words[Part(part)] == wording):
            found.add(lang)
    return found
