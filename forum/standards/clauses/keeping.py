"""Writing down which clauses a version has, in the same write as its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from forum.core.db import db
from forum.standards.clauses.held import held_for
from forum.standards.clauses.known import in_versions_before, known_parts, parts_of
from forum.standards.clauses.matching import Carried, carry
from forum.standards.clauses.models import Clause, ClauseKin, VersionClause
from forum.standards.document import Clause as Laid
from forum.standards.document import lay_out
from forum.standards.models import Standard, Version


class Heading(NamedTuple):
    """A clause of a text as it stands in it."""

    depth: int
    number: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of a text, and what each of them continues."""

    headings: Sequence[Heading] = ()
    carried: Sequence[Carried] = ()
    opening: str | None = None


def foresee(standard: Standard | None, html: str, held: str = "") -> Clauses:
    """Which clauses a text will have as the standard's draft. Before the write; two queries, none
    for a new standard. What was written before clauses were has to be caught up with.
    """
    old = known_parts(standard.id, standard.in_force) if standard is not None else []
    carried = carry(old, parts_of(html), held_for(html, held))
    return Clauses(headings_of(html), carried, opening_of(html))


def headings_of(html: str) -> list[Heading]:
    """The clauses of a text as they stand in it."""
    return [Heading(c.depth, c.number, c.title, wording_of(c)) for c in lay_out(html).clauses]


def wording_of(clause: Laid) -> str:
    """A short digest of what a clause says, its heading and markup included."""
    return digest_of(f"{clause.heading}\n{clause.html}")


def opening_of(html: str) -> str:
    """The same of what a text says before its first clause."""
    return digest_of(str(lay_out(html).opening))


def digest_of(words: str) -> str:
    """Tells one wording from another."""
    return sha256(words.encode()).hexdigest()[:16]


def keep(version: Version, clauses: Clauses) -> None:
    """Write down a version's clauses in the open write, in place of those it had."""
    db.session.execute(delete(VersionClause).where(VersionClause.version_id == version.id))
    ids = _ids(version.standard_id, clauses.carried)
    rows = [
        {"version_id": version.id, "place": place, "clause_id": ids[place], **heading._asdict()}
        | {"guessed": clauses.carried[place].guessed}
        for place, heading in enumerate(clauses.headings)
    ]
    if rows:
        db.session.execute(insert(VersionClause), rows)
        _settle_own(version)
    _keep_kin(version, clauses.carried, ids)
    version.clauses, version.opening = len(rows), clauses.opening
    db.session.flush()


def _settle_own(version: Version) -> None:
    """A clause that no older version has cannot be taken for another one of them."""
    db.session.execute(
        update(VersionClause)
        .where(VersionClause.version_id == version.id, VersionClause.guessed)
        .where(VersionClause.clause_id.not_in(in_versions_before(version)))
        .values(guessed=False)
    )


def _ids(standard_id: int, carried: Sequence[Carried]) -> list[int]:
    """The clauses' ids in the order of the text; those that are new are made."""
    query = select(Clause.key, Clause.id).where(Clause.standard_id == standard_id)
    known: dict[int, int] = {row[0]: row[1] for row in db.session.execute(query)}
    fresh = sum(each.key not in known for each in carried)
    first = max(known, default=0) + 1
    rows = [{"standard_id": standard_id, "key": first + more} for more in range(fresh)]
    made = _made(rows)
    return [known[e.key] if e.key in known else next(made) for e in carried]


def _made(rows: list[dict[str, Any]]) -> Any:
    if not rows:
        return iter(())
    query = insert(Clause).returning(Clause.key, Clause.id)
    return iter([row.id for row in sorted(db.session.execute(query, rows), key=lambda r: r.key)])


def _keep_kin(version: Version, carried: Sequence[Carried], ids: Sequence[int]) -> None:
    """Write down what came from which, where it is not known yet."""
    keys = {key for each in carried for key in each.kin}
    if not keys:
        return
    query = select(Clause.key, Clause.id).where(
        Clause.standard_id == version.standard_id, Clause.key.in_(keys)
    )
    by_key = {row[0]: row[1] for row in db.session.execute(query)}
    pairs = {
        (ids[at], by_key[key]) for at, each in enumerate(carried) for key in each.kin
    } - _kin_of(ids)
    rows = [
        {"clause_id": one, "from_id": other, "version_id": version.id}
        for one, other in sorted(pairs)
        if one != other
    ]
    if rows:
        db.session.execute(insert(ClauseKin), rows)


def _kin_of(ids: Sequence[int]) -> set[tuple[int, int]]:
    query = select(ClauseKin.clause_id, ClauseKin.from_id).where(ClauseKin.clause_id.in_(list(ids)))
    return {(row[0], row[1]) for row in db.session.execute(query)}


def confirm(version: Version, key: int | None = None) -> bool:
    """What was guessed is right: of one clause, or of all when the version is published.

    In the open write; False if nothing was guessed.
    """
    query = update(VersionClause).where(
        VersionClause.version_id == version.id, VersionClause.guessed
    )
    if key is not None:
        query = query.where(VersionClause.clause_id == _id_of(version, key))
    confirmed = db.session.execute(query.values(guessed=False))
    return bool(confirmed.rowcount)  # type: ignore[attr-defined]


def take_for_new(version: Version, key: int) -> bool:
    """A guess was wrong: a clause of its own stands there. In the open write; False if none did."""
    [fresh] = _ids(version.standard_id, [Carried(None)])
    changed = db.session.execute(
        update(VersionClause)
        .where(VersionClause.version_id == version.id, VersionClause.guessed)
        .where(VersionClause.clause_id == _id_of(version, key))
        .values(clause_id=fresh, guessed=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _id_of(version: Version, key: int) -> Any:
    of_standard = (Clause.standard_id == version.standard_id, Clause.key == key)
    return select(Clause.id).where(*of_standard).scalar_subquery()
