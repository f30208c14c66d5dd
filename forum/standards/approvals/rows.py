"""Reading and writing the rows of a version's approval, inside and outside of a write."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import record
from forum.departments.models import Department, Deputy
from forum.departments.queries import answers_for, is_away
from forum.standards.approvals import facts
from forum.standards.approvals.models import DONE, Approval, Release, Said
from forum.standards.models import NEXT, Standard, Version, VersionState


def hold(standard: Standard) -> None:
    """Lock the standard's row in the open write without making editors' copies stale, so that an
    answer and an edit do not pass each other."""
    same = update(Standard).where(Standard.id == standard.id).values(lock=Standard.lock)
    db.session.execute(same)


def of_version(version_id: int) -> list[Approval]:
    """The sides asked about a version, as they are now. One query."""
    query = select(Approval).where(Approval.version_id == version_id).order_by(Approval.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def release_of(version: Version) -> Release | None:
    """How a version is released, as it is now. One query."""
    return db.session.get(Release, version.id, populate_existing=True)


def release_for(version: Version) -> Release:
    """The same in the open write, begun where there is none."""
    release = release_of(version)
    if release is None:
        release = Release(version_id=version.id, sent=0)
        db.session.add(release)
        db.session.flush()
    return release


def state_of(version: Version) -> str:
    """The state of a version as it is now. One query."""
    return db.session.execute(select(Version.state).where(Version.id == version.id)).scalar_one()


def is_open(approval: Approval) -> bool:
    """Whether it stands in the way of publishing."""
    return approval.state not in DONE


def next_version(standard: Standard) -> Version | None:
    """The version that is not in force yet, if there is one. One query."""
    query = select(Version).where(Version.standard_id == standard.id, Version.state.in_(NEXT))
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def mine(person: Person) -> tuple[frozenset[int], frozenset[int]]:
    """The departments somebody answers for, and those they head, today. Two queries."""
    away = select(Deputy.person_id).where(Deputy.deputy_id == person.id, is_away())
    query = select(Department.id).where(
        (Department.head_id == person.id) | Department.head_id.in_(away),
        Department.archived_at.is_(None),
    )
    return answers_for(person.id), frozenset(db.session.scalars(query))


def to_draft(editor: Person, standard: Standard, version: Version) -> None:
    """A version becomes a draft again, in the open write: what was approved was its old text.

    A change that was asked stays, so that whoever edits sees it.
    """
    was = version.state
    rows = of_version(version.id)
    answered = sorted({row.by_id for row in rows if row.by_id is not None and not row.counted})
    version.state = VersionState.DRAFT
    if standard.state == VersionState.COMING:
        standard.state = VersionState.DRAFT
    for row in rows:
        row.nudge_on = None
        if row.state in DONE:
            clear(row)
    release = release_of(version)
    if release is not None:
        release.effective_on = release.over_by_id = None
        release.over_why = ""
    version.published_by_id = None
    db.session.flush()
    kind = facts.UNSCHEDULED if was == VersionState.COMING else facts.TAKEN_BACK
    about = ("standard", standard.id)
    record(kind, by=editor, about=about, version=version.number, people=answered)


def clear(row: Approval) -> None:
    """Nothing was said yet."""
    row.state, row.note, row.clause = Said.WAITING, "", None
    row.by_id, row.at, row.counted = None, None, False
