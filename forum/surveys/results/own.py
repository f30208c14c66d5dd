"""The trend of a survey that asked for one idea: how its service was before, and is after.

The trend of a department or of everybody would be of what others were asked about.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from forum.core.db import db
from forum.core.site import site
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
    query = POINTS.where(_of_the_change(told.wave))
    values = asked_of(("service", services[0], 0), site().survey_k)
    return tuple(then_of(db.session.execute(query, values)))


def _of_the_change(wave: Wave) -> ColumnElement[bool]:
    """The survey before and those after."""
    if wave.purpose == Purpose.BASELINE:
        return or_(Wave.id == wave.id, Wave.baseline_id == wave.id)
    own = or_(Wave.id == wave.id, Wave.id == wave.baseline_id)
    if wave.idea_id is None:
        return own
    return or_(own, and_(Wave.purpose == Purpose.AFTER, Wave.idea_id == wave.idea_id))
