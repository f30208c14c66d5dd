"""Beginning and saving drafts of standards: blank, from an idea, or as the next version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, exists, false, func, or_, select, text, update

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import EventType, record
from forum.core.i18n import _, lazy
from forum.core.richtext import Composed
from forum.core.site import site
from forum.core.textcheck import detect_lang, excerpt
from forum.departments.models import Department
from forum.discussion.actions import open_thread
from forum.files import uses
from forum.standards import facts, policy
from forum.standards.approvals.rows import to_draft
from forum.standards.clauses.keeping import Clauses, foresee, keep
from forum.standards.clauses.old import catch_up
from forum.standards.confirming import audience
from forum.standards.confirming.audience import Named
from forum.standards.editing import Editable, may_own
from forum.standards.models import (
    NEXT,
    Standard,
    Version,
    VersionDepartment,
    VersionIdea,
    VersionState,
)

NUMBERING_LOCK = 7_040_003
"""Key of the PostgreSQL advisory lock under which the next number is taken."""
EXCERPT, ENOUGH = 180, 60
RETIRED = lazy("This standard is retired and does not change any more.")

WAITS = lazy("The next version waits for its day. Take it back to change it.")


class Stale(Conflict):
    """Somebody saved or published since this person opened the text."""

    sentence = lazy("Somebody else has changed this standard since you opened it.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version says, rendered before any write opens; checked owner and audience."""

    title: str
    body: Composed
    lang: str
    owner_id: int | None = None
    owner_department_id: int | None = None
    departments: Sequence[int] = ()
    change: str = ""
    people: Sequence[Named] = ()
    minor: bool = False
    clauses: Clauses = field(default_factory=Clauses)


def beginning(plain: str) -> str:
    """How a text begins, after its first heading, for lists."""
    heading, _newline, rest = plain.partition("\n")
    body = rest if rest and len(heading) < ENOUGH else plain
    first = body.partition("\n")[0]
    return excerpt(first if len(first) >= ENOUGH else body, EXCERPT)


def word(
    *,
    of: Standard | None,
    title: str,
    body: str,
    owner_id: int | None = None,
    owner_department_id: int | None = None,
    departments: Iterable[int] = (),
    change: str = "",
    people: Sequence[Named] = (),
    minor: bool = False,
    held: str = "",
) -> Wording:
    """Render what was typed and check owner and departments. Raises Invalid. Two queries, and three
    more for the clauses of the standard whose next text it is (`of`); `held` is what the editor
    says of them.

    The owner's department is the one given, else the owner's own.
    """
    if not title.strip():
        raise Invalid(_("Give the standard a title."), field="title")
    if not limits.STANDARD_TEXT.allows(body):
        raise Invalid(_("This text is too long for one standard."), field="body")
    own = _department_of(owner_id)
    composed = richtext.compose(body, limit=limits.STANDARD_TEXT)
    if of is not None:
        catch_up(of.id)
    return Wording(
        title=title,
        body=composed,
        lang=detect_lang(f"{title}\n{composed.plain}"),
        owner_id=owner_id,
        owner_department_id=owner_department_id or own,
        departments=known_departments(departments, of),
        change=change,
        people=people,
        minor=minor,
        clauses=foresee(of, composed.html, held),
    )


def reword(base: Editable, source: str, departments: Sequence[int] | None = None) -> Wording:
    """The text that is edited, said anew by the forum itself: everything else stays as it is, or
    the audience becomes this one. As many queries as its clauses take, and one."""
    version = base.version
    body = richtext.compose(source, limit=limits.STANDARD_TEXT)
    catch_up(base.standard.id)
    return Wording(
        title=version.title,
        body=body,
        clauses=foresee(base.standard, body.html),
        lang=version.lang,
        owner_id=version.owner_id,
        owner_department_id=version.owner_department_id,
        departments=base.departments if departments is None else departments,
        change=version.change if base.is_draft else "",
        people=audience.people_of(version.id),
        minor=version.minor if base.is_draft else False,
    )


def _department_of(owner_id: int | None) -> int | None:
    if owner_id is None:
        return None
    query = select(Person.department_id).where(Person.id == owner_id, may_own())
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise Invalid(_("Choose an owner from the list."), field="owner")
    return found[0]


def known_departments(ids: Iterable[int], of: Standard | None) -> list[int]:
    """The ids of departments, each once. One query.

    Raises Invalid for an unknown one, and for one archived that the standard (`of`) is not for yet.
    """
    wanted = list(dict.fromkeys(ids))
    named = (
        exists()
        .where(VersionDepartment.department_id == Department.id)
        .where(VersionDepartment.version_id == Version.id, Version.standard_id == of.id)
        .where(Version.state.in_((*NEXT, VersionState.IN_FORCE)))
        if of is not None
        else false()
    )
    query = select(Department.id).where(
        Department.id.in_(wanted), or_(Department.archived_at.is_(None), named)
    )
    known = set(db.session.scalars(query))
    if len(known) != len(wanted):
        raise Invalid(_("Choose departments from the list."), field="departments")
    return wanted


def begin(moderator: Person, wording: Wording, *, idea_id: int | None = None) -> Standard:
    """A new standard with the next free number and a first draft."""
    require(policy.may_begin(moderator))
    with transaction():
        standard = new_standard(wording)
        version = new_version(standard, 1, moderator)
        write_version(standard, version, wording, by=moderator)
        if idea_id is not None:
            db.session.add(VersionIdea(version_id=version.id, idea_id=idea_id))
        _tell(facts.DRAFTED, moderator, standard, version, idea=idea_id)
    return standard


def new_standard(wording: Wording, number: str = "") -> Standard:
    """A standard without a version, in the open write, with a number of its own or the next one."""
    sequence = _next_sequence(number)
    number = number or number_of(sequence)
    thread = open_thread("standard")
    standard = Standard(number=number, sequence=sequence, thread_id=thread.id, title=wording.title)
    db.session.add(standard)
    db.session.flush()
    thread.subject_id = standard.id
    return standard


def number_of(sequence: int) -> str:
    """`PS-001`, or as the company numbers its standards now; numbers that were given stay."""
    known = site()
    return f"{known.number_prefix}-{sequence:0{known.number_digits}d}"


def _next_sequence(number: str = "") -> int:
    """The next free number, in the open write; on SQLite the write itself is the queue. A given
    one of our own kind keeps its place where that is free."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NUMBERING_LOCK})
    wanted = int(number.rpartition("-")[2]) if number else 0
    if wanted and number == number_of(wanted):
        taken = select(Standard.id).where(Standard.sequence == wanted)
        if db.session.scalar(taken) is None:
            return wanted
    sequence = (db.session.scalar(select(func.max(Standard.sequence))) or 0) + 1
    while not number and _is_taken(number_of(sequence)):
        sequence += 1
    return sequence


def _is_taken(number: str) -> bool:
    """Whether a standard has a number, as one that a file brought may. One query."""
    return db.session.scalar(select(Standard.id).where(Standard.number == number)) is not None


def save_draft(editor: Person, standard: Standard, wording: Wording, *, seen: int) -> Version:
    """Save the draft, beginning the next version where there is none.

    Raises Stale when anything about the standard changed since `seen`, Conflict when it is retired.
    """
    require(policy.sees_drafts(editor, standard))
    if standard.state == VersionState.RETIRED:
        raise Conflict(RETIRED)
    with transaction():
        claim(standard, seen)
        draft = draft_for(standard, editor)
        write_version(standard, draft, wording, by=editor)
        _tell(facts.DRAFT_SAVED, editor, standard, draft)
    return draft


def claim(standard: Standard, seen: int) -> None:
    """Lock the standard's row in the open write; Stale when it is not as it was seen."""
    claimed = db.session.execute(
        update(Standard)
        .where(
            Standard.id == standard.id,
            Standard.lock == seen,
            Standard.state != VersionState.RETIRED,
        )
        .values(lock=Standard.lock + 1)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        raise Stale
    db.session.refresh(standard)


def draft_for(standard: Standard, editor: Person) -> Version:
    """The standard's draft, begun if there is none; the standard is claimed.

    A version in approval becomes a draft again. Raises Conflict for one that waits for its day.
    """
    query = select(Version).where(Version.standard_id == standard.id)
    newest = db.session.scalars(
        query.order_by(Version.number.desc()).limit(1).execution_options(populate_existing=True)
    ).one()
    if newest.state == VersionState.COMING:
        raise Conflict(WAITS)
    if newest.state == VersionState.APPROVAL:
        to_draft(editor, standard, newest)
    if newest.state == VersionState.DRAFT:
        return newest
    return new_version(standard, newest.number + 1, editor)


def new_version(standard: Standard, number: int, by: Person) -> Version:
    """An empty draft, in the open write."""
    version = Version(
        standard_id=standard.id, number=number, title=standard.title, created_by_id=by.id
    )
    db.session.add(version)
    db.session.flush()
    return version


def write_version(standard: Standard, draft: Version, wording: Wording, *, by: Person) -> None:
    """Put the wording into a draft, in the open write; one never published shows it in lists."""
    draft.title, draft.lang, draft.change = wording.title, wording.lang, wording.change
    draft.text_id = texts.store(wording.body).id
    keep(draft, wording.clauses)
    draft.minor = wording.minor and standard.in_force is not None
    audience.keep(draft, wording.people)
    uses.claim(wording.body.source, "standard", standard.id, by)
    draft.owner_id, draft.owner_department_id = wording.owner_id, wording.owner_department_id
    draft.edited_at, draft.edited_by_id = now(), by.id
    db.session.execute(delete(VersionDepartment).where(VersionDepartment.version_id == draft.id))
    db.session.add_all(
        VersionDepartment(version_id=draft.id, department_id=d) for d in wording.departments
    )
    if standard.state == VersionState.DRAFT:
        standard.title, standard.lang = wording.title, wording.lang
        standard.excerpt = beginning(wording.body.plain)
        set_owner(standard, draft)
    db.session.flush()


def set_owner(standard: Standard, version: Version) -> None:
    """Its owner is the version's, in the open write; a deputy is their own and goes with them."""
    if standard.owner_id != version.owner_id:
        standard.deputy_id = None
    standard.owner_id, standard.owner_department_id = version.owner_id, version.owner_department_id


def _tell(
    kind: EventType, by: Person, standard: Standard, version: Version, **payload: Any
) -> None:
    about = ("standard", standard.id)
    record(kind, by=by, about=about, version=version.number, **payload)
