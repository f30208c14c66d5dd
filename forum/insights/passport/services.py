"""Whom a department serves and who serves it, with what their customers said last."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import and_, select

from forum.accounts.models import Person
from forum.core.i18n import _
from forum.departments.models import Department, Service, Side
from forum.departments.scope import scope_of
from forum.departments.services.queries import COUNTED, STANDING
from forum.insights.map.listing import Line, read_rows, rows_of, scored
from forum.insights.map.names import Called
from forum.insights.passport.marks import SURVEYS, THIS, K, read_by
from forum.insights.passport.registry import Follows
from forum.surveys.models import Wave
from forum.surveys.results.beside import told_of_services
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.results.newest import NEWEST_FIRST, is_not_of_newest

MOST = 200
"""So many fit on a passport that is read; the map has them all."""


class Edge(NamedTuple):
    """A service as one of its sides sees it, with what a survey told of it last."""

    service: Line
    other: Called

    @property
    def matters(self) -> str:
        """How much hangs on it, in the reader's words."""
        level = self.service.criticality
        known = {
            "high": _("work stops without it"),
            "medium": _("of medium importance"),
            "low": _("of low importance"),
        }
        return known.get(level) or (_("importance: %(level)s", level=level) if level else "")


def serves(reader: Person, department: Department) -> list[Edge]:
    """The services a department provides; none for whom the map is limited. Five queries."""
    return [
        Edge(line, line.customer) for line in _services(reader, Service.provider_id, department)
    ]


def served(reader: Person, department: Department) -> list[Edge]:
    """Those it receives. Five queries."""
    return [
        Edge(line, line.provider) for line in _services(reader, Service.customer_id, department)
    ]


_OF_IT = (WaveOverall.one == Service.id, told_of_services(K))
_NEWEST = (
    select(WaveOverall.wave_id)
    .join(Wave, Wave.id == WaveOverall.wave_id)
    .join(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
    .where(*_OF_IT, SURVEYS)
    .order_by(*NEWEST_FIRST)
    .limit(1)
    .correlate(Service)
    .scalar_subquery()
)
_TOLD = and_(WaveOverall.wave_id == _NEWEST, *_OF_IT)
"""By which survey `results.beside` says what customers said last."""


def _services(reader: Person, own: Any, department: Department) -> list[Line]:
    """What both sides agree on."""
    if scope_of(reader).limited:
        return []
    query = rows_of(reader, None).where(own == department.id, Service.state.in_(COUNTED))
    query = query.order_by(Service.name, Service.id).limit(MOST)
    return scored(reader, read_rows(query), None)


def _follows(own: Any, other: Any, side: Any) -> Follows:
    """What the services follow from where a department is the one side of them."""
    query = (
        select(Service.id, Service.name, Service.criticality, Department.name.label("place"))
        .add_columns(Side.kind, Side.name.label("side"), Person.name.label("person"))
        .add_columns(WaveOverall.mean, WaveOverall.n, Wave.purpose, Wave.closes_at)
        .add_columns(is_not_of_newest(WaveOverall.wave_id).label("elsewhere"))
        .outerjoin(Department, Department.id == other)
        .outerjoin(Side, Side.id == side)
        .outerjoin(Person, Person.id == Side.person_id)
        .outerjoin(WaveOverall, _TOLD)
        .outerjoin(Wave, Wave.id == WaveOverall.wave_id)
        .where(own == THIS, Service.state.in_(COUNTED), *STANDING)
    )
    return lambda _moderates: [read_by(query)]


OF_SERVES = _follows(Service.provider_id, Service.customer_id, Service.customer_side_id)
OF_SERVED = _follows(Service.customer_id, Service.provider_id, Service.provider_side_id)
