"""Turning an accepted idea into a draft: a new standard, or the next draft of one that exists."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.texts import Text
from forum.departments.models import Department
from forum.ideas.models import NEEDS_REASON, Answer, Decision, Idea, StageKind
from forum.standards import drafts, facts, outline, policy
from forum.standards.editing import Editable, editable, may_own
from forum.standards.models import Standard, Version, VersionIdea, VersionState
from forum.standards.outline import Origin

READY = (StageKind.ACCEPTED, StageKind.STANDARDISED)
NOT_READY = lazy("Only an accepted idea can become a standard.")


def standardise(moderator: Person, idea: Idea, *, number: str = "") -> Standard:
    """The draft of a standard made from an idea; made once, whoever asks how often.

    Raises Conflict for an idea that is not accepted or feeds another standard, Invalid for a
    number that does not exist.
    """
    require(policy.may_begin(moderator))
    if idea.stage_kind not in READY:
        raise Conflict(NOT_READY)
    known = fed_by(idea.id)
    if known is not None:
        return _the_same(known, number)
    return _amend(moderator, idea, number) if number else _begin(moderator, idea)


def fed_by(idea_id: int) -> Standard | None:
    """The standard an idea already feeds, if any; a draft that retired with it feeds nothing."""
    query = (
        select(Standard)
        .join(Version, Version.standard_id == Standard.id)
        .join(VersionIdea, VersionIdea.version_id == Version.id)
        .where(
            VersionIdea.idea_id == idea_id,
            or_(Version.state != VersionState.DRAFT, Standard.state != VersionState.RETIRED),
        )
        .order_by(Version.id)
    )
    return db.session.scalars(query.limit(1)).first()


def is_fed_by(idea_id: int) -> bool:
    """Whether a standard, or its draft, was made of the idea. One query."""
    return fed_by(idea_id) is not None


def _the_same(known: Standard, number: str) -> Standard:
    if number and number != known.number:
        raise Conflict(_("This idea already feeds %(number)s.", number=known.number))
    return known


def _begin(moderator: Person, idea: Idea) -> Standard:
    origin = origin_of(idea)
    owner_id, owner_department, audience = _people_of(idea, moderator)
    wording = drafts.word(
        of=None,
        title=idea.title,
        body=outline.from_idea(origin),
        owner_id=owner_id,
        owner_department_id=owner_department,
        departments=audience,
    )
    with transaction():
        already = _claim_idea(idea)
        return already or drafts.begin(moderator, wording, idea_id=idea.id)


def _claim_idea(idea: Idea) -> Standard | None:
    """Hold the idea's row in the open write, so that two who ask at once make one standard."""
    held = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.stage_kind.in_(READY))
        .values(active_at=Idea.active_at)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Conflict(NOT_READY)
    return fed_by(idea.id)


def _amend(moderator: Person, idea: Idea, number: str) -> Standard:
    standard = db.session.scalars(select(Standard).where(Standard.number == number)).first()
    if standard is None:
        raise Invalid(_("There is no standard with this number."), field="number")
    if standard.state == VersionState.RETIRED:
        raise Conflict(drafts.RETIRED)
    base = editable(standard)
    wording = _amended(base, idea)
    with transaction():
        already = _claim_idea(idea)
        if already is not None:
            return _the_same(already, number)
        drafts.claim(base.standard, base.standard.lock)
        draft = drafts.draft_for(base.standard, moderator)
        drafts.write_version(base.standard, draft, wording, by=moderator)
        db.session.add(VersionIdea(version_id=draft.id, idea_id=idea.id))
        about = ("standard", standard.id)
        record(facts.DRAFTED, by=moderator, about=about, version=draft.number, idea=idea.id)
    return base.standard


def _amended(base: Editable, idea: Idea) -> drafts.Wording:
    source = outline.with_idea(base.source, origin_of(idea), base.version.lang)
    return drafts.reword(base, source, list(dict.fromkeys([*base.departments, *_audience(idea)])))


def origin_of(idea: Idea) -> Origin:
    """Everything an idea gives to a standard. Two queries."""
    problem, proposal, reason = aliased(Text), aliased(Text), aliased(Text)
    query = (
        select(problem.source, proposal.source, reason.source, Decision.due_on, Department.name)
        .select_from(Idea)
        .outerjoin(problem, problem.id == Idea.problem_id)
        .outerjoin(proposal, proposal.id == Idea.proposal_id)
        .outerjoin(Decision, Decision.idea_id == Idea.id)
        .outerjoin(reason, reason.id == Decision.reason_id)
        .outerjoin(Department, Department.id == Idea.owner_department_id)
        .where(Idea.id == idea.id)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).one()
    answers = _answers(idea.id)
    return Origin(
        idea_id=idea.id,
        title=idea.title,
        lang=idea.lang,
        problem=row[0] or "",
        proposal=row[1] or "",
        reason=row[2] or "",
        due_on=row[3],
        owner=row[4] or "",
        affected=[name for name, _kind, _reason in answers],
        conditions=[(n, said) for n, kind, said in answers if said and kind in NEEDS_REASON],
    )


def _answers(idea_id: int) -> Sequence[tuple[str, str, str | None]]:
    query = (
        select(Department.name, Answer.answer, Text.source)
        .join(Department, Department.id == Answer.department_id)
        .outerjoin(Text, Text.id == Answer.reason_id)
        .where(Answer.idea_id == idea_id)
        .order_by(Answer.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def _audience(idea: Idea) -> list[int]:
    """The affected departments and the one that owns the outcome, as far as there still are these.
    One query."""
    affected = and_(Answer.department_id == Department.id, Answer.idea_id == idea.id)
    query = (
        select(Department.id)
        .outerjoin(Answer, affected)
        .where(or_(Answer.id.is_not(None), Department.id == idea.owner_department_id))
        .where(Department.archived_at.is_(None))
        .order_by(Answer.id.is_(None), Answer.id)
    )
    return list(db.session.scalars(query))


def _people_of(idea: Idea, moderator: Person) -> tuple[int, int | None, list[int]]:
    """Owner, owner's department and audience: the head if there is one, else the moderator."""
    head = select(Person.id).join(Department, Department.head_id == Person.id)
    query = head.where(Department.id == idea.owner_department_id, may_own())
    owner_id = db.session.scalar(query) or moderator.id
    return owner_id, idea.owner_department_id, _audience(idea)
