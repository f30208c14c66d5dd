"""The standards a person owns, wrote or has read, and what they entered for others. The texts are
the company's rules and stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from forum.core.db import db
from forum.core.personal import Holding, Relabel, Rows, Things, rows
from forum.standards.clauses.keeping import digest_of
from forum.standards.clauses.models import VersionClause
from forum.standards.models import Acknowledgement, Standard, Version
from forum.standards.tongues.models import Part, Translation
from forum.standards.why.models import ClauseOrigin


def about(person_id: int) -> dict[str, Rows]:
    """Standards, versions, what they said clauses came from, and what they read. Four queries."""
    by = (Version.created_by_id, Version.edited_by_id, Version.published_by_id, Version.owner_id)
    return {
        "standards": rows(
            Standard,
            or_(
                Standard.owner_id == person_id,
                Standard.deputy_id == person_id,
                Standard.retired_by_id == person_id,
            ),
        ),
        "versions": rows(Version, or_(*(column == person_id for column in by)), hide=("opening",)),
        "clause_origins": rows(ClauseOrigin, ClauseOrigin.by_id == person_id),
        "acknowledgements": rows(
            Acknowledgement,
            or_(Acknowledgement.person_id == person_id, Acknowledgement.by_id == person_id),
        ),
    }


def shows(text_ids: Sequence[int], relabel: Relabel) -> Things:
    """The standards whose versions say these texts, with excerpts and headings put right, and
    titles into which somebody was typed. Five queries."""
    query = select(Version.standard_id, Version.id).where(Version.text_id.in_(text_ids))
    versions = db.session.execute(query).all()
    ids = sorted({row[0] for row in versions})
    heads = select(VersionClause).where(VersionClause.version_id.in_([row[1] for row in versions]))
    for clause in list(db.session.scalars(heads)):
        clause.title = relabel(clause.title)
    for standard in list(db.session.scalars(select(Standard).where(Standard.id.in_(ids)))):
        standard.excerpt = relabel(standard.excerpt)
    retitled = _retitle(relabel)
    db.session.flush()
    return [("standard", standard_id) for standard_id in sorted({*ids, *retitled})]


def _retitle(relabel: Relabel) -> set[int]:
    """Titles, and lines about what changed, that call people by their number; their translations
    stay theirs."""
    found = set()
    called = or_(*(column.contains(CALLED, autoescape=True) for column in LINES))
    for version in list(db.session.scalars(select(Version).where(called))):
        for part, name in ((Part.TITLE, "title"), (Part.CHANGE, "change")):
            old = getattr(version, name)
            new = relabel(old)
            if new != old:
                setattr(version, name, new)
                found.add(version.standard_id)
                _follow(version.standard_id, part, digest_of(old), digest_of(new))
    named = Standard.title.contains(CALLED, autoescape=True)
    for standard in list(db.session.scalars(select(Standard).where(named))):
        standard.title = relabel(standard.title)
    return found


def _follow(standard_id: int, part: Part, old: str, new: str) -> None:
    """Let translations of a line be of its new wording."""
    mine = (Translation.standard_id == standard_id, Translation.part == part)
    query = update(Translation).where(*mine, Translation.words == old).values(words=new)
    db.session.execute(query.execution_options(synchronize_session=False))


CALLED = "](person:"
LINES = (Version.title, Version.change)

HOLDING = Holding("standards", about, shows=shows)
