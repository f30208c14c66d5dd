"""The standards, clauses, services and departments that a case touches: typed, kept and read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import delete, or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.core.numbers import number_or_none
from forum.departments.models import Service
from forum.departments.queries import are_open
from forum.departments.services import between
from forum.departments.services.between import ServiceCard
from forum.departments.services.queries import visible_to as services_visible_to
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.models import Standard, Version
from forum.standards.queries import LARGEST
from forum.standards.visibility import shown_number, visible_to
from forum.training.models import Case, CaseClause, CaseDepartment, CaseService, CaseStandard

MOST = 20
"""Standards and clauses that one case or session names."""
_PARTS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of what a case touches, each once, checked to be there."""

    departments: tuple[int, ...]
    services: tuple[int, ...] = ()
    standards: tuple[int, ...] = ()
    clauses: tuple[int, ...] = ()


def check(
    writer: Person, departments: Sequence[int], services: Sequence[int], touches: str
) -> Touched:
    """What a form names. Raises Invalid for what is not there. Three queries."""
    chosen = tuple(dict.fromkeys(departments))
    check_open(chosen)
    known = {card.id for card in between.among(chosen)}
    if not set(services) <= known:
        raise Invalid(_("Choose services between these departments."), field="services")
    standards, clauses = read(writer, touches)
    return Touched(chosen, tuple(dict.fromkeys(services)), standards, clauses)


def check_open(departments: Sequence[int]) -> None:
    """Raises Invalid for none, or one that is archived: nobody would check for it. One query."""
    if not are_open(departments):
        raise Invalid(_("Choose the departments it happened between."), field="departments")


def read(writer: Person, typed: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Standards and clauses from `PS-001, PS-003:2`. Raises Invalid. One query."""
    pairs = [_pair(part) for part in dict.fromkeys(_PARTS.split(typed.strip())) if part]
    if len(pairs) > MOST:
        raise Invalid(_("Name %(num)d standards at most.", num=MOST), field="touches")
    if not pairs:
        return (), ()
    query = (
        select(Standard.number, Standard.id, Clause.key, Clause.id)
        .outerjoin(Clause, Clause.standard_id == Standard.id)
        .where(Standard.number.in_({number for number, _key in pairs}), visible_to(writer))
    )
    rows = db.session.execute(query).all()
    standards = {row[0]: row[1] for row in rows}
    clauses = {(row[0], row[2]): row[3] for row in rows}
    for number, key in pairs:
        if number not in standards or (key is not None and (number, key) not in clauses):
            raise Invalid(_("There is no %(what)s.", what=_said(number, key)), field="touches")
    return (
        tuple(standards[number] for number, key in pairs if key is None),
        tuple(clauses[number, key] for number, key in pairs if key is not None),
    )


def _pair(part: str) -> tuple[str, int | None]:
    number, colon, key = part.upper().partition(":")
    return number[:40], min(number_or_none(key) or 0, LARGEST) if colon else None


def _said(number: str, key: int | None) -> str:
    return number if key is None else f"{number}:{key}"


def keep(case: Case, touched: Touched) -> None:
    """Write it down in place of what there was, in the open write; every check begins anew."""
    sides: tuple[tuple[Any, str, Sequence[int]], ...] = (
        (CaseDepartment, "department_id", touched.departments),
        (CaseService, "service_id", touched.services),
        (CaseStandard, "standard_id", touched.standards),
        (CaseClause, "clause_id", touched.clauses),
    )
    for model, column, ids in sides:
        gone = delete(model).where(model.case_id == case.id)
        db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.add_all(model(case_id=case.id, **{column: number}) for number in ids)
    db.session.flush()


class Named(NamedTuple):
    """A standard, or a clause of one, that a case is about; without a clause, `clause_id` is 0, and
    `title` is the standard's."""

    case_id: int
    standard_id: int
    clause_id: int
    number: str
    key: int
    title: str
    lang: str
    standard: str = ""

    @property
    def value(self) -> str:
        """As it is typed."""
        return _said(self.number, self.key or None)

    @property
    def url(self) -> str:
        """Its page, at the clause."""
        return f"/standards/{self.number}" + (f"#clause-{self.key}" if self.key else "")


def named_in(reader: Person, case_ids: Collection[int]) -> dict[int, list[Named]]:
    """The standards and clauses of cases, as far as the reader sees them. Two queries."""
    ids = list(case_ids)
    whole = (
        select(CaseStandard.case_id, Standard.id, Standard.number, Standard.title, Standard.lang)
        .join(Standard, Standard.id == CaseStandard.standard_id)
        .where(CaseStandard.case_id.in_(ids), visible_to(reader))
        .order_by(Standard.sequence)
    )
    shown = (Version.standard_id == Standard.id) & (Version.number == shown_number())
    title = VersionClause.title
    parts = (
        select(CaseClause.case_id, Standard.id, Clause.id, Standard.number, Clause.key)
        .add_columns(title, Standard.lang, Standard.title)
        .join(Clause, Clause.id == CaseClause.clause_id)
        .join(Standard, Standard.id == Clause.standard_id)
        .join(Version, shown)
        .outerjoin(
            VersionClause,
            (VersionClause.version_id == Version.id) & (VersionClause.clause_id == Clause.id),
        )
        .where(CaseClause.case_id.in_(ids), visible_to(reader))
        .order_by(Standard.sequence, Clause.key)
    )
    found: dict[int, list[Named]] = {}
    row: Any
    for row in db.session.execute(whole):
        found.setdefault(row[0], []).append(Named(row[0], row[1], 0, row[2], 0, row[3], row[4]))
    for row in db.session.execute(parts):
        found.setdefault(row[0], []).append(Named._make((*row[:5], row[5] or "", *row[6:])))
    return found


def services_of(case_id: int) -> list[ServiceCard]:
    """The services of a case. Two queries at most."""
    query = select(CaseService.service_id).where(CaseService.case_id == case_id)
    return between.cards_of(list(db.session.scalars(query)))


class Seen(NamedTuple):
    """A service that a case is about; its page, while there is one."""

    label: str
    url: str


def services_seen(reader: Person, case_id: int) -> list[Seen]:
    """The services of a case that the reader sees. Two queries at most."""
    query = (
        select(CaseService.service_id)
        .join(Service, Service.id == CaseService.service_id)
        .where(CaseService.case_id == case_id, services_visible_to(reader))
    )
    cards = between.cards_of(list(db.session.scalars(query)))
    on = is_on("map")
    return [Seen(card.label, f"/map/services/{card.id}" if on else "") for card in cards]


def standards_named(case_id: int) -> Any:
    """The ids of the standards a case is about, by a clause or as a whole, as a subquery."""
    return select(Standard.id).where(
        or_(
            Standard.id.in_(
                select(CaseStandard.standard_id).where(CaseStandard.case_id == case_id)
            ),
            Standard.id.in_(
                select(Clause.standard_id)
                .join(CaseClause, CaseClause.clause_id == Clause.id)
                .where(CaseClause.case_id == case_id)
            ),
        )
    )
