"""What customers said last of a service, on its page of the map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, select

from forum.accounts.models import Person
from forum.core.db import read_columns
from forum.core.modules import is_on
from forum.core.site import site
from forum.surveys.models import Purpose, Wave
from forum.surveys.policy import may_see
from forum.surveys.results.atoms import Node
from forum.surveys.results.drawn import address
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.results.newest import NEWEST_FIRST, is_not_of_newest
from forum.surveys.waves import last_day_before


class Last(NamedTuple):
    """The newest survey that tells of a service, with the mean of its questions."""

    wave_id: int
    title: str
    lang: str
    closed_at: datetime
    mean: float
    n: int
    service_id: int
    purpose: str = Purpose.REGULAR
    elsewhere: bool = False
    """Whether it is another than the newest regular one."""

    @property
    def ended_on(self) -> date:
        """Its last day."""
        return last_day_before(self.closed_at)

    @property
    def url(self) -> str:
        """Where all of it stands."""
        node: Node = ("service", self.service_id, 0)
        return address(self.wave_id, node)


def on_services(reader: Person, services: Sequence[Any]) -> dict[int, Last]:
    """The newest that is told of each. One query; none while the module is off."""
    return newest_told(reader, [service.id for service in services])


def newest_told(reader: Person, service_ids: Sequence[int]) -> dict[int, Last]:
    """The same of services by their ids."""
    if not is_on("surveys") or not may_see(reader):
        return {}
    wanted = {"services": list(service_ids), "k": site().survey_k}
    found = [Last(*row) for row in read_columns(NEWEST, wanted)]
    return {last.service_id: last for last in found}


def told_of_services(k: Any) -> Any:
    """Which rows tell of a service as a whole to anyone, given how few answers tell of nothing."""
    return and_(WaveOverall.scope == "service", WaveOverall.other == 0, WaveOverall.people >= k)


def _newest() -> Any:
    """The statement, built once."""
    services: Any = bindparam("services", expanding=True, type_=WaveOverall.one.type)
    newest = func.row_number().over(partition_by=WaveOverall.one, order_by=NEWEST_FIRST)
    told = (
        select(Wave.id, Wave.title, Wave.lang, Wave.closes_at)
        .add_columns(WaveOverall.mean, WaveOverall.n, WaveOverall.one, Wave.purpose)
        .add_columns(is_not_of_newest(Wave.id).label("elsewhere"), newest.label("place"))
        .join(WaveOverall, WaveOverall.wave_id == Wave.id)
        .join(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
        .where(WaveOverall.one.in_(services), told_of_services(bindparam("k", type_=Integer)))
        .subquery()
    )
    return select(*list(told.c)[:-1]).where(told.c.place == 1)


NEWEST = _newest()
