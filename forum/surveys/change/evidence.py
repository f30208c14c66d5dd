"""Falling satisfaction speaks for looking at the standard of a relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import _, lazy
from forum.core.modules import is_on
from forum.core.site import site
from forum.departments.models import Service
from forum.standards.models import Standard, Version, VersionDepartment
from forum.standards.review.evidence import Evidence, Kind, Told, register
from forum.standards.review.queries import Standing
from forum.surveys.change.models import RelationFall
from forum.surveys.models import Purpose, Wave
from forum.surveys.policy import may_see
from forum.surveys.results.beside import told_of_services
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.results.newest import NEWEST_FIRST

NAME = "satisfaction"


def install() -> None:
    """Register the kind."""
    register(Kind(NAME, lazy("Satisfaction has fallen"), _load, _tell))


def _load(standings: Sequence[Standing]) -> list[Evidence]:
    """Services from the owner of each standard to its audience that the newest regular wave that
    tells of them calls worse, told since the standard was last looked at. One query; none while
    surveys are off."""
    if not is_on("surveys"):
        return []
    by_version = {each.version_id: each for each in standings}
    query = (
        select(Version.id, RelationFall.service_id, WaveReport.told_on)
        .join(Standard, Standard.id == Version.standard_id)
        .join(VersionDepartment, VersionDepartment.version_id == Version.id)
        .join(
            RelationFall,
            and_(
                RelationFall.provider_id == Standard.owner_department_id,
                RelationFall.customer_id == VersionDepartment.department_id,
            ),
        )
        .join(WaveReport, WaveReport.wave_id == RelationFall.wave_id)
        .where(Version.id.in_(list(by_version)), RelationFall.wave_id == newest())
        .order_by(RelationFall.service_id)
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for version_id, service_id, told_on in db.session.execute(query):
        standing = by_version[version_id]
        if told_on >= standing.since.date():
            found[standing.id].append(("service", service_id))
    return [
        Evidence(NAME, standard_id, True, len(things), things=tuple(things))
        for standard_id, things in found.items()
    ]


def newest() -> Any:
    """The regular wave that told last of the service of a fall."""
    return (
        select(WaveOverall.wave_id)
        .join(Wave, Wave.id == WaveOverall.wave_id)
        .join(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
        .where(
            Wave.purpose == Purpose.REGULAR,
            WaveOverall.one == RelationFall.service_id,
            told_of_services(site().survey_k),
        )
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .correlate(RelationFall)
        .scalar_subquery()
    )


def is_told() -> ColumnElement[bool]:
    """Whether the survey's figures of the service are told still, since more people may be wanted
    by now."""
    return exists().where(
        WaveOverall.wave_id == RelationFall.wave_id,
        WaveOverall.one == RelationFall.service_id,
        told_of_services(site().survey_k),
    )


def _tell(reader: Person, _standing: Standing, found: Sequence[Evidence]) -> list[Told]:
    """One query; nothing for consultants."""
    if not may_see(reader):
        return []
    ids = [number for each in found for _kind, number in each.things]
    query = select(Service.name).where(Service.id.in_(ids)).order_by(Service.name)
    names = ", ".join(db.session.scalars(query))
    return [
        Told(_("Its customers are clearly less satisfied than before: %(names)s.", names=names))
    ]
