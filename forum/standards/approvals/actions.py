"""Sending a version for approval, answering for a side, taking back."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select, update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.calendar import add_working_days, company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.reminders import next_reminder
from forum.core.site import site
from forum.core.texts import Text
from forum.standards import policy as standards
from forum.standards.approvals import facts, policy
from forum.standards.approvals.asking import Asked, moderators, wanted
from forum.standards.approvals.models import Approval, Said, Side
from forum.standards.approvals.rows import (
    hold,
    is_open,
    mine,
    next_version,
    of_version,
    release_for,
    release_of,
    state_of,
    to_draft,
)
from forum.standards.clauses.known import clauses_of
from forum.standards.confirming.audience import require_somebody
from forum.standards.drafts import RETIRED, claim
from forum.standards.models import Standard, Version, VersionState

LONGEST = 90
"""Working days that somebody can be given."""
NO_DRAFT = lazy("There is no draft to send; somebody may just have sent or published it.")
NOTHING_SENT = lazy("There is nothing to take back.")
NOT_IN_APPROVAL = lazy("This version is not in approval any more.")
CHANGED = lazy("The text was changed and sent again since you opened it. Read it first.")
NOT_YOURS = lazy("You do not answer for this side, or not any more.")
ANOTHER = lazy("You wrote this text. Another moderator has to look at it.")


def send(editor: Person, standard: Standard, *, seen: int, days: int | None = None) -> Version:
    """Send the draft for approval: its text is frozen, and everybody concerned is asked.

    Raises Stale when the standard changed since `seen`, Conflict when there is no draft.
    """
    require(standards.sees_drafts(editor, standard))
    if standard.state == VersionState.RETIRED:
        raise Conflict(RETIRED)
    allowed = site().answer_days if days is None else days
    if not 1 <= allowed <= LONGEST:
        raise Invalid(_("Give between 1 and 90 days."), field="days")
    draft = next_version(standard)
    if draft is None or not policy.may_send(editor, standard, draft):
        raise Conflict(NO_DRAFT)
    if not _plain(draft).strip():
        raise Invalid(_("Write the standard’s text before you send it."), field="body")
    require_somebody(draft)
    with transaction():
        claim(standard, seen)
        if state_of(draft) != VersionState.DRAFT:
            raise Conflict(NO_DRAFT)
        sides = wanted(draft)
        _ask(draft, sides, allowed)
        release = release_for(draft)
        release.sent, release.sent_at, release.sent_by_id = release.sent + 1, now(), editor.id
        draft.state = VersionState.APPROVAL
        db.session.flush()
        record(
            facts.SENT,
            by=editor,
            about=("standard", standard.id),
            version=draft.number,
            departments=_open(sides, Side.DEPARTMENT),
            heads=_open(sides, Side.HEAD),
        )
    return draft


def _plain(version: Version) -> str:
    return db.session.scalar(select(Text.plain).where(Text.id == version.text_id)) or ""


def _open(sides: list[Asked], side: Side) -> list[int]:
    """The departments whose people are told, as the event keeps them."""
    asked = [each.department_id for each in sides if each.at is None and each.side == side]
    return [department_id for department_id in asked if department_id is not None]


def _ask(version: Version, sides: list[Asked], allowed: int) -> None:
    """A row for each side; one asked before is asked anew, and keeps the change that it asked."""
    due_on = add_working_days(company_day(), allowed)
    known = {(row.side, row.department_id): row for row in of_version(version.id)}
    keep = {(each.side, each.department_id) for each in sides}
    gone = [row.id for key, row in known.items() if key not in keep]
    db.session.execute(delete(Approval).where(Approval.id.in_(gone)))
    for each in sides:
        row = known.get((each.side, each.department_id))
        if row is None:
            row = Approval(
                version_id=version.id, side=each.side, department_id=each.department_id, note=""
            )
            db.session.add(row)
        yes = each.at is not None
        row.state = Said.APPROVED if yes else Said.WAITING
        row.by_id, row.at, row.counted = each.by_id, each.at, yes
        row.asked_at, row.due_on, row.allowed_days, row.nudged = now(), due_on, allowed, 0
        row.nudge_on = None if yes else next_reminder(due_on, allowed, 0)
    db.session.flush()


def take_back(editor: Person, standard: Standard, *, seen: int) -> Version:
    """Make a version that is in approval, or waits for its day, a draft again."""
    require(standards.sees_drafts(editor, standard))
    version = next_version(standard)
    if version is None or version.state == VersionState.DRAFT:
        raise Conflict(NOTHING_SENT)
    require(policy.may_take_back(editor, standard, version))
    with transaction():
        claim(standard, seen)
        if state_of(version) == VersionState.DRAFT:
            raise Conflict(NOTHING_SENT)
        to_draft(editor, standard, version)
    return version


class Answer(NamedTuple):
    """What somebody says for a side; a change with a note, and perhaps about a clause."""

    said: str
    note: str = ""
    clause: int | None = None


def answer(
    person: Person, standard: Standard, approval_id: int, said: Answer, *, sent: int | None = None
) -> None:
    """Approve, ask for change, abstain, or take that back (`waiting`) for one side.

    `sent` says which sending of the text was read. Raises Forbidden for another's side, Conflict
    when the version is not in approval or was sent anew.
    """
    version, approval = _asked(standard, approval_id)
    _require_theirs(person, version, approval)
    _check(version, said)
    with transaction():
        hold(standard)
        release = release_of(version)
        if state_of(version) != VersionState.APPROVAL or release is None:
            raise Conflict(NOT_IN_APPROVAL)
        if sent is not None and sent != release.sent:
            raise Conflict(CHANGED)
        write_answer(person, standard, version, approval, said)


def _asked(standard: Standard, approval_id: int) -> tuple[Version, Approval]:
    query = (
        select(Version, Approval)
        .join(Approval, Approval.version_id == Version.id)
        .where(Version.standard_id == standard.id, Approval.id == approval_id)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _require_theirs(person: Person, version: Version, approval: Approval) -> None:
    answering, heading = mine(person)
    reviews = policy.may_review(person, version, others=moderators())
    if policy.may_answer(person, approval, answering=answering, heading=heading, reviews=reviews):
        return
    wrote = approval.side == Side.MODERATOR and person.moderates
    raise Forbidden(ANOTHER if wrote else NOT_YOURS)


def _check(version: Version, said: Answer) -> None:
    if said.said not in tuple(Said):
        raise Invalid(_("Choose one of the answers."), field="answer")
    if said.said == Said.CHANGE and not said.note.strip():
        raise Invalid(_("Say what has to change."), field="note")
    if not limits.NOTE.allows(said.note):
        raise Invalid(_("Say it in one line."), field="note")
    if said.clause is not None and said.clause not in {c.key for c in clauses_of(version.id)}:
        raise Invalid(_("Choose a clause of this version."), field="clause")


def write_answer(
    person: Person, standard: Standard, version: Version, approval: Approval, said: Answer
) -> None:
    """Write an answer in the open write, the standard held; the department's row may have gone to
    its heir meanwhile."""
    waits = said.said == Said.WAITING
    due = (approval.due_on, approval.allowed_days, approval.nudged)
    written = db.session.execute(
        update(Approval)
        .where(Approval.id == approval.id, _same(approval))
        .values(
            state=said.said,
            note=said.note if said.said == Said.CHANGE else "",
            clause=said.clause if said.said == Said.CHANGE else None,
            by_id=None if waits else person.id,
            at=None if waits else now(),
            counted=False,
            nudge_on=next_reminder(*due) if waits else None,
        )
        .execution_options(synchronize_session=False)
    )
    if not written.rowcount:  # type: ignore[attr-defined]
        raise Conflict(NOT_YOURS)
    left = sum(map(is_open, of_version(version.id)))
    record(
        facts.ANSWERED,
        by=person,
        about=("standard", standard.id),
        version=version.number,
        approval=approval.id,
        answer=str(said.said),
        left=left,
    )


def _same(approval: Approval) -> ColumnElement[bool]:
    if approval.department_id is None:
        return Approval.department_id.is_(None)
    return Approval.department_id == approval.department_id
