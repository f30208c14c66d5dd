"""News of modules that are off: kept, but neither shown nor counted until the module is on again.

Modules are switched by a setting or by the environment, which no event tells, so the jobs look: at
all news when the modules are others than at the last look or another process looked before, else
at those that came since.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select, update

from forum.core.db import db, end_read, transaction
from forum.core.site import site
from forum.moderation import policy
from forum.moderation.models import Matter
from forum.notifications import elsewhere, keeping
from forum.notifications.kinds import Thing
from forum.notifications.models import Notification

AT_ONCE = 200
LATE = 500
"""So many of the newest are looked at again: what is written at once is committed in any order."""
LOOKED = "forum.news-of-modules"


class Look(NamedTuple):
    """Which modules were on, and which news was the last."""

    modules: frozenset[str]
    last: int


def recheck() -> int:
    """Conceal news of modules that were switched off, show those of others again; how many."""
    last = db.session.scalar(select(func.max(Notification.id))) or 0
    look = Look(frozenset(site().modules), last)
    before: Look = current_app.extensions.get(LOOKED, Look(frozenset(), -1))
    since = before.last - LATE if before.modules == look.modules and before.last <= last else 0
    turned = _turn(_of_modules(on=False), since, concealed=True)
    turned += _turn(_of_modules(on=True), since, concealed=False)
    current_app.extensions[LOOKED] = look
    return turned


def forget() -> None:
    """Look at all news next time: meanwhile another process may have looked."""
    current_app.extensions.pop(LOOKED, None)


def is_told(thing: Thing) -> bool:
    """Whether a thing belongs to no module that is off. One query for a matter of moderators."""
    kind, number = thing
    if kind != "matter":
        return elsewhere.is_told(kind)
    query = select(Matter.id).where(Matter.id == number, Matter.thing_kind.in_(policy.gone()))
    return db.session.scalar(query) is None


def _of_modules(*, on: bool) -> ColumnElement[bool]:
    """News that belong to modules which are on, or off; what moderators look at too."""
    kinds = [kind for kind in elsewhere.of_modules() if elsewhere.is_told(kind) is on]
    gone = policy.gone()
    things = [kind for kind in policy.MODULES if (kind not in gone) is on]
    matters = select(Matter.id).where(Matter.thing_kind.in_(things))
    return or_(
        Notification.object_kind.in_(kinds),
        and_(Notification.object_kind == "matter", Notification.object_id.in_(matters)),
    )


def _turn(which: ColumnElement[bool], since: int, *, concealed: bool) -> int:
    """Conceal or show again what is of these and came after a piece of news."""
    turned = 0
    while ids := _next(which, since, concealed=not concealed):
        end_read()
        with transaction():
            query = (
                update(Notification)
                .where(Notification.id.in_(ids), Notification.concealed.is_(not concealed))
                .values(concealed=concealed)
                .returning(Notification.person_id, Notification.read_at, Notification.behind_id)
                .execution_options(synchronize_session=False)
            )
            rows = db.session.execute(query).all()
            counted = Counter(r.person_id for r in rows if r.read_at is None and not r.behind_id)
            counts: Counter[int] = Counter()
            (counts.subtract if concealed else counts.update)(counted)
            keeping.count(counts)
        turned, since = turned + len(rows), ids[-1]
    return turned


def _next(which: ColumnElement[bool], since: int, *, concealed: bool) -> list[int]:
    query = (
        select(Notification.id)
        .where(Notification.id > since, which, Notification.concealed.is_(concealed))
        .order_by(Notification.id)
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(query))
