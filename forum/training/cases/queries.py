"""Reading cases: one function a page, each of known cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    column,
    exists,
    false,
    or_,
    select,
    true,
    values,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.paging import Page, decode_cursor, page_of
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard, answerers_of, answers_for, cards_of
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.standards.models import Standard, VersionState
from forum.training import policy
from forum.training.cases.names import names_in
from forum.training.models import Case, CaseDepartment, CaseIdea, CaseState, Check

PAGE, MOST = 20, 100


def may_draft(person: Person) -> bool:
    """Whether somebody may write cases: `policy.may_draft`. Two queries at most."""
    if person.moderates or not policy.is_staff(person):
        return policy.may_draft(person, answers=(), owns=False)
    owns = select(Standard.id).where(
        Standard.owner_id == person.id, Standard.state != VersionState.RETIRED
    )
    answers = answers_for(person.id)
    return policy.may_draft(
        person, answers=answers, owns=not answers and db.session.scalar(owns.limit(1)) is not None
    )


def visible_to(reader: Person, answers: Collection[int]) -> ColumnElement[bool]:
    """`policy.sees_case` for the database."""
    if not policy.may_see(reader):
        return false()
    if policy.is_staff(reader) and reader.moderates:
        return true()
    found = [Case.state == CaseState.OPEN]
    if policy.is_staff(reader):
        found.append(Case.drafted_by_id == reader.id)
    if answers:
        touched = exists().where(
            CaseDepartment.case_id == Case.id, CaseDepartment.department_id.in_(list(answers))
        )
        found.append(and_(Case.state == CaseState.CHECKING, touched))
    return or_(*found)


def case_or_404(reader: Person, case_id: int) -> Case:
    """A case the reader may see. Two queries."""
    query = select(Case).where(Case.id == case_id, visible_to(reader, answers_for(reader.id)))
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


class Row(NamedTuple):
    """A case in a list."""

    case: Case
    begins: str
    departments: list[DepartmentCard]


def open_cases(reader: Person, *, department: int | None = None, after: str = "") -> Page[Row]:
    """A page of the cases everybody may read, newest first. Two queries."""
    query = (
        select(Case, Text.plain)
        .outerjoin(Text, Text.id == Case.learned_id)
        .where(Case.state == CaseState.OPEN, true() if policy.may_see(reader) else false())
        .order_by(Case.id.desc())
    )
    if department is not None:
        query = query.where(_touches(department))
    place = decode_cursor(after, (int,))
    if place is not None:
        query = query.where(Case.id < place[0])
    page = page_of(db.session.execute(query.limit(PAGE + 1)).all(), PAGE, lambda row: (row[0].id,))
    return Page(_rows(page.rows), page.next)


def _touches(department_id: int) -> ColumnElement[bool]:
    return exists().where(
        CaseDepartment.case_id == Case.id, CaseDepartment.department_id == department_id
    )


def in_work(reader: Person) -> list[Row]:
    """Drafts and cases under way that are the reader's to write or check. Three queries."""
    answers = answers_for(reader.id)
    query = (
        select(Case, Text.plain)
        .outerjoin(Text, Text.id == Case.learned_id)
        .where(Case.state != CaseState.OPEN, visible_to(reader, answers))
        .order_by(Case.id.desc())
        .limit(PAGE)
    )
    return _rows(db.session.execute(query).all())


def _rows(found: Sequence[Any]) -> list[Row]:
    places = departments_of([case.id for case, _plain in found])
    return [Row(case, plain or "", places.get(case.id, [])) for case, plain in found]


def departments_of(
    case_ids: Collection[int], *which: ColumnElement[bool]
) -> dict[int, list[DepartmentCard]]:
    """The departments of cases, by name, or some of them. One query."""
    return cards_of(CaseDepartment.case_id, CaseDepartment.department_id, case_ids, *which)


class Words(NamedTuple):
    """The three texts of a case: as typed, as shown, as plain words."""

    situation: Text | None
    happened: Text | None
    learned: Text | None

    @property
    def plain(self) -> str:
        """All of them."""
        return "\n".join(text.plain for text in self if text is not None)


def words_of(case: Case) -> Words:
    """One query."""
    situation, happened, learned = aliased(Text), aliased(Text), aliased(Text)
    query = (
        select(situation, happened, learned)
        .select_from(Case)
        .outerjoin(situation, situation.id == Case.situation_id)
        .outerjoin(happened, happened.id == Case.happened_id)
        .outerjoin(learned, learned.id == Case.learned_id)
        .where(Case.id == case.id)
    )
    return Words(*db.session.execute(query).one())


def suspicious(case: Case, words: Words) -> list[str]:
    """Words of a case that may be names, confirmed or not. One query."""
    return names_in(f"{case.title}\n{words.plain}")


def unconfirmed(case: Case) -> list[str]:
    """Those of which nobody has said that they are none. Two queries."""
    said = set(case.confirmed.split(" "))
    return [word for word in suspicious(case, words_of(case)) if word not in said]


class Said(NamedTuple):
    """What a department says of a case."""

    department: DepartmentCard
    answer: Check
    by_id: int | None
    by: str | None
    note: str
    at: datetime | None


def checks_of(case: Case) -> list[Said]:
    """What each department says, by name. One query."""
    query = (
        select(*CARD, CaseDepartment, Person.name)
        .join(CaseDepartment, CaseDepartment.department_id == Department.id)
        .outerjoin(Person, Person.id == CaseDepartment.by_id)
        .where(CaseDepartment.case_id == case.id)
        .order_by(Department.name)
    )
    return [
        Said(
            DepartmentCard(*row[:5]),
            Check(said.answer),
            said.by_id,
            row[6],
            said.note,
            said.at,
        )
        for row in db.session.execute(query)
        for said in [row[5]]
    ]


def asked_of(person: Person, case: Case) -> set[int]:
    """The departments for which somebody may speak now. Four queries at most."""
    if case.state != CaseState.CHECKING or not policy.is_staff(person):
        return set()
    return _asked_of_each(person, [case], answers_for(person.id)).get(case.id, set())


def _asked_of_each(
    person: Person, found: Sequence[Case], answers: Collection[int]
) -> dict[int, set[int]]:
    """The same of many cases that are being checked. Three queries at most, none for none."""
    checked = {case.id: case for case in found}
    columns = (CaseDepartment.case_id, CaseDepartment.department_id, CaseDepartment.by_id)
    said: dict[int, dict[int, int | None]] = {}
    row: Any
    rows = select(*columns).where(CaseDepartment.case_id.in_(checked))
    for row in db.session.execute(rows) if checked else ():
        said.setdefault(row[0], {})[row[1]] = row[2]
    places = {place for each in said.values() for place in each}
    speaking = answerers_of(places) if places and person.moderates else {}
    return {
        case_id: {
            place
            for place in by
            if policy.may_check(
                person,
                checked[case_id],
                place,
                answers=answers,
                said=by,
                speakers=speaking.get(place),
            )
        }
        for case_id, by in said.items()
    }


class ToCheck(NamedTuple):
    """A case that waits for somebody's word, and for which department."""

    case: Case
    departments: list[DepartmentCard]


def to_check(reader: Person, answers: Collection[int]) -> list[ToCheck]:
    """What waits for the word of somebody of the staff who answers for departments, the oldest
    first. Five queries at most, one where none does, none for those who answer for nothing; three
    more for moderators."""
    if not answers and not reader.moderates:
        return []
    query = _to_check(or_(_OURS, _is_orphaned())) if reader.moderates else _TO_CHECK
    bound = {"reader_id": reader.id, "answering": sorted(answers)}
    found = list(db.session.scalars(query, bound))
    asked = _asked_of_each(reader, found, answers)
    cards = departments_of(asked, CaseDepartment.answer == Check.WAITING) if asked else {}
    rows = [
        ToCheck(case, [card for card in cards.get(case.id, []) if card.id in asked[case.id]])
        for case in found
    ]
    return [row for row in rows if row.departments]


def _to_check(speaks: ColumnElement[bool]) -> Any:
    """`policy.may_check` for the database, of what cases wait for from those for whom a reader
    speaks."""
    theirs = and_(
        CaseDepartment.case_id == Case.id,
        CaseDepartment.answer == Check.WAITING,
        speaks,
        ~_is_barred(bindparam("reader_id", type_=Integer)),
    )
    return (
        select(Case)
        .where(Case.state == CaseState.CHECKING, exists().where(theirs))
        .order_by(Case.id)
        .limit(MOST)
    )


def _is_orphaned() -> ColumnElement[bool]:
    """Whether all who answer for the department are barred, or nobody does. Three queries."""
    asked = (
        select(CaseDepartment.department_id)
        .join(Case, Case.id == CaseDepartment.case_id)
        .where(Case.state == CaseState.CHECKING, CaseDepartment.answer == Check.WAITING)
        .distinct()
    )
    speakers = answerers_of(list(db.session.scalars(asked)))
    pairs = [(place, each) for place, people in speakers.items() for each in people]
    if not pairs:
        return true()
    columns = (column("place", Integer), column("person", Integer))
    speaking = values(*columns, name="speaking").data(pairs).cte()
    speaks_freely = exists().where(
        speaking.c.place == CaseDepartment.department_id, ~_is_barred(speaking.c.person)
    )
    return ~speaks_freely.correlate_except(speaking)


def _is_barred(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether somebody has spoken for another department of the case, or wrote what no other
    department looks at."""
    other = aliased(CaseDepartment)
    another = exists().where(
        other.case_id == CaseDepartment.case_id,
        other.department_id != CaseDepartment.department_id,
    )
    spoke = another.where(other.by_id == person_id).correlate_except(other)
    alone = and_(Case.drafted_by_id == person_id, ~another.correlate_except(other))
    return or_(spoke, alone)


_OURS = CaseDepartment.department_id.in_(bindparam("answering", expanding=True, type_=Integer))
_TO_CHECK = _to_check(_OURS)


class IdeaCard(NamedTuple):
    """An idea by its title."""

    id: int
    title: str
    lang: str


def ideas_of(reader: Person, case_id: int) -> list[IdeaCard]:
    """The ideas that came of a case, as far as the reader sees them. One query."""
    query = (
        select(Idea.id, Idea.title, Idea.lang)
        .join(CaseIdea, CaseIdea.idea_id == Idea.id)
        .where(CaseIdea.case_id == case_id, listed_for(reader))
        .order_by(Idea.id)
    )
    return [IdeaCard._make(row) for row in db.session.execute(query)]
