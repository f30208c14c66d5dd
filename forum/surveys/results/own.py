"""The trend of a survey that asked for one idea: how its service was before, and is after.

The trend of a department or of everybody would be of what others were asked about.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from forum.core.db import db
from forum.core.site import site
from forum.surveys.change.models import IdeaPromise
from forum.surveys.models import Purpose, Wave, WaveService
from forum.surveys.results.atoms import Node
from forum.surveys.results.told import POINTS, Then, Told, asked_of, then_of


def asks_for_a_change(told: Told, node: Node) -> bool:
    """Whether a whole is of more than a service, in a survey before or after a change."""
    return told.wave.purpose != Purpose.REGULAR and node[0] != "service"


def trend_of(told: Told) -> tuple[Then, ...]:
    """Its one service in the surveys of the change, oldest first; nothing where it asked about
    several, whose figures have their own pages. Two queries."""
    of_wave = select(WaveService.service_id).where(WaveService.wave_id == told.wave.id)
    services = db.session.scalars(of_wave.limit(2)).all()
    if len(services) != 1:
        return ()
    query = POINTS.where(_of_the_change(told.wave, services[0]))
    values = asked_of(("service", services[0], 0), site().survey_k)
    return tuple(then_of(db.session.execute(query, values)))


def _of_the_change(wave: Wave, service_id: int) -> ColumnElement[bool]:
    """The surveys before, of the service, and those after."""
    own = or_(Wave.id == wave.id, Wave.id == wave.baseline_id)
    if wave.purpose == Purpose.BASELINE:
        own = or_(own, Wave.baseline_id == wave.id)
    if wave.idea_id is None:
        return own
    before = select(IdeaPromise.baseline_id).where(
        IdeaPromise.idea_id == wave.idea_id, IdeaPromise.service_id == service_id
    )
    after = and_(Wave.purpose == Purpose.AFTER, Wave.idea_id == wave.idea_id)
    return or_(own, Wave.id.in_(before), after)
