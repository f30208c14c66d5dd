"""Before a wave opens: whom it would ask today, and what their month leaves room for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.site import site
from forum.departments.services.asked import Served, confirmed_edges, served_by
from forum.surveys import burden
from forum.surveys.asking import SMALLEST_K
from forum.surveys.models import WaveRequest
from forum.surveys.wordings import number_asked


class Preview(NamedTuple):
    """What a wave would do if it opened today."""

    services: int
    people: int
    spared: int
    """Who is served and would not be asked: their month is full."""
    narrowed: int
    """Who is served by more than fits, and would be asked about some."""
    most_services: int
    questions: int
    small: int
    """Services that fewer than k people use: nothing of these will ever be shown."""
    k: int


def preview(services: Collection[int]) -> Preview:
    """Counted by department, whatever the number of people. Five queries."""
    edges = confirmed_edges(services) if services else []
    served, per_service = served_by(edges), number_asked()
    people = _people(served)
    full = _full(served, company_day(), per_service)
    most = burden.room(burden.NEVER).services(per_service)
    k = max(site().survey_k, SMALLEST_K)
    users: dict[int, int] = dict.fromkeys((edge.id for edge in edges), 0)
    for department, count in people.items():
        for service_id in served.services_of(department):
            users[service_id] += count
    everybody = sum(people.values())
    return Preview(
        services=len(edges),
        people=everybody - full if most else 0,
        spared=full if most else everybody,
        narrowed=sum(n for each, n in people.items() if len(served.services_of(each)) > most),
        most_services=most,
        questions=per_service,
        small=sum(count < k for count in users.values()),
        k=k,
    )


def _people(served: Served) -> dict[int, int]:
    """How many people of each department are served."""
    query = select(Person.department_id, func.count()).where(served.people())
    rows = db.session.execute(query.group_by(Person.department_id))
    return {int(row[0] or 0): row[1] for row in rows}


def _full(served: Served, today: date, per_service: int) -> int:
    """How many of them have no room for one more service this month."""
    known = site()
    full = (
        select(WaveRequest.person_id)
        .join(Person, Person.id == WaveRequest.person_id)
        .where(served.people(), WaveRequest.asked_on > today - burden.MONTH)
        .group_by(WaveRequest.person_id)
        .having(
            (func.count() >= known.survey_requests)
            | (func.sum(WaveRequest.questions) > known.survey_questions - per_service)
        )
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(full)) or 0
