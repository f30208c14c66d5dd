"""Clauses of versions that were written before clauses were written down."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.core.db import db, transaction
from forum.core.texts import Text
from forum.standards.clauses.keeping import Clauses, headings_of, keep, opening_of
from forum.standards.clauses.known import known_before, parts_of
from forum.standards.clauses.matching import Carried, carry
from forum.standards.models import Version, VersionState

MOST = 500
"""Versions looked after by one sweep."""


def sweep() -> None:
    """Give clauses to versions that have none yet, the older ones of a standard first."""
    for version_id in _waiting():
        _keep(version_id)


def catch_up(standard_id: int) -> None:
    """The same for one standard, before its next version is written. One query if all is done."""
    for version_id in _waiting(standard_id):
        _keep(version_id)


def _waiting(standard_id: int | None = None) -> list[int]:
    """A text without headings has no clauses, so a version says itself how many it has."""
    query = select(Version.id).where(Version.clauses.is_(None), Version.text_id.is_not(None))
    if standard_id is not None:
        query = query.where(Version.standard_id == standard_id)
    return list(db.session.scalars(query.order_by(Version.standard_id, Version.number).limit(MOST)))


def _keep(version_id: int) -> None:
    """Write down a version's clauses, which continue those of the version before it.

    They are found before the write; whoever comes first writes them.
    """
    query = select(Version, Text.html).join(Text, Text.id == Version.text_id)
    version, html = db.session.execute(query.where(Version.id == version_id)).one()
    carried = carry(known_before(version), parts_of(html))
    if version.state != VersionState.DRAFT:
        carried = [Carried(each.key, kin=each.kin) for each in carried]
    clauses = Clauses(headings_of(html), carried, opening_of(html))
    with transaction():
        claimed = db.session.execute(
            update(Version)
            .where(
                Version.id == version_id,
                Version.clauses.is_(None),
                Version.text_id == version.text_id,
            )
            .values(clauses=len(clauses.headings))
        )
        if claimed.rowcount:  # type: ignore[attr-defined]
            keep(version, clauses)
