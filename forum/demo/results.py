"""What the demo's surveys tell, in the order in which they were asked: those of all services, and
those before and after the standards of some ideas."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from forum.core.calendar import add_working_days, company_day, midnight
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import site
from forum.demo import replies, surveys
from forum.demo.content import Content, Row
from forum.demo.ideas import Story
from forum.demo.people import Cast
from forum.demo.surveys import Levels, Past
from forum.departments.models import Service
from forum.departments.services.asked import confirmed_edges
from forum.ideas.models import Idea
from forum.standards.models import Standard, Version, VersionIdea
from forum.surveys import wordings
from forum.surveys.change.measuring import AFTER, TAKES, title_of
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.models import Purpose
from forum.surveys.results import keeping
from forum.surveys.rows import add_missing

PROMISED = time(9, 30)
"""When in the day of its decision an owner said what an idea is to move."""


class Measured(NamedTuple):
    """An idea that is measured: on which service, by which standard, since when."""

    idea: Idea
    service_id: int
    standard_id: int
    since: date
    baseline: int
    """The place of the survey before among those of all services."""


class Asked(NamedTuple):
    """A survey to write, and the idea it is asked for."""

    past: Past
    measured: Measured | None = None


def add(content: Content, cast: Cast, stories: dict[str, Story]) -> None:
    """All surveys with their answers, what ideas promised, the figures, and what departments said
    to them."""
    told = content.surveys
    with transaction():
        wordings.ensure()
    for row in told["promised"]:
        _promise(row, stories, cast)
    found = [_measured(row, stories, cast) for row in told["measured"]]
    _ask([*map(Asked, surveys.regular(told, cast)), *_after(found)], Levels(told["levels"]))
    surveys.ask(cast)
    keeping.sweep()
    replies.add(told["replies"], cast, stories)


def _ask(asked: list[Asked], levels: Levels) -> None:
    """Write them in the order in which they opened; of a measured idea the survey before counts."""
    before: list[int] = []
    for past, measured in sorted(asked, key=lambda each: each.past.opened):
        if measured is None:
            before.append(surveys.write(past, surveys.edges_at(past.opened), levels))
            continue
        baseline = before[measured.baseline - 1]
        _measure(measured, baseline)
        edges = confirmed_edges([measured.service_id])
        surveys.write(past._replace(baseline_id=baseline), edges, levels)


def _promise(row: Row, stories: dict[str, Story], cast: Cast) -> int:
    """What an idea is to move, said by who leads its owner department; the service's number."""
    story = stories[row["idea"]]
    verdict = story.row["decision"]
    service_id = db.session.scalars(select(Service.id).where(Service.name == row["service"])).one()
    items = {each.key: each.item_id for each in wordings.current()}
    on = company_day() - timedelta(days=verdict["days_ago"] - 1)
    said: dict[str, Any] = {
        "by_id": cast.heads[verdict["owner"]].id,
        "at": datetime.combine(on, PROMISED, ZoneInfo(site().time_zone)),
    }
    promise = {"idea_id": story.idea.id, "service_id": service_id, **said}
    with transaction():
        add_missing(IdeaPromise, [{**promise, "item_id": items[key]} for key in row["items"]])
    return service_id


def _measured(row: Row, stories: dict[str, Story], cast: Cast) -> Measured:
    """Since the version that an idea led to is in force."""
    service_id, idea = _promise(row, stories, cast), stories[row["idea"]].idea
    query = (
        select(Version.standard_id, Version.published_at)
        .join(VersionIdea, VersionIdea.version_id == Version.id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(VersionIdea.idea_id == idea.id)
        .order_by(Version.number)
        .limit(1)
    )
    standard_id, published_at = db.session.execute(query).one()
    return Measured(idea, service_id, standard_id, company_day(published_at), row["baseline"])


def _measure(measured: Measured, baseline: int) -> None:
    row = {"idea_id": measured.idea.id, "standard_id": measured.standard_id}
    promised = update(IdeaPromise).where(IdeaPromise.idea_id == measured.idea.id)
    with transaction():
        add_missing(IdeaMeasure, [{**row, "since": measured.since}])
        db.session.execute(promised.values(baseline_id=baseline))


def _after(found: list[Measured]) -> list[Asked]:
    """The surveys some weeks after each standard came into force, as far as they are over."""
    asked = []
    for each in found:
        for later in AFTER:
            opens = add_working_days(each.since + later, 0)
            last = add_working_days(opens, TAKES - 1)
            title = title_of(each.idea.title, each.idea.lang, Purpose.AFTER, later)
            past = Past(
                title,
                midnight(opens),
                midnight(last + timedelta(days=1)),
                {},
                Purpose.AFTER,
                each.idea.id,
            )
            if past.ended < now():
                asked.append(Asked(past, each))
    return asked
