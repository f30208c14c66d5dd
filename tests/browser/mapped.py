"""The map of services: the matrix, stars, services in each state, and their forms."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.clock import today
from forum.core.db import db
from forum.departments.models import Service
from tests.browser.stops import Stop


def _numbered(name: str) -> int:
    return db.session.scalars(select(Service.id).where(Service.name == name)).one()


def mapped() -> list[Stop]:
    """As one who speaks for a side, as one who speaks for none, and as a moderator."""
    proposed, disputed = _numbered("Handheld scanners"), _numbered("Запчасти для срочных выездов")
    one, star = "/map/services/<int:service_id>", "/map/<slug>"
    return [
        Stop("/map", "/map", "boris"),
        Stop("/map", "/map?branch=operations", "anna"),
        Stop("/map", f"/map?as-of={today().replace(year=2020)}", "anna"),
        Stop(star, "/map/it", "boris"),
        Stop(star, "/map/warehouse", "moderator"),
        Stop("/map/services", "/map/services", "anna"),
        Stop("/map/services", "/map/services?state=disputed", "anna"),
        Stop("/map/services/new", "/map/services/new", "boris"),
        Stop("/map/services/new", "/map/services/new?provider=it&customer=sales", "moderator"),
        Stop("/map/services", "/map/services", "consultant"),
        Stop("/map/services/new", "/map/services/new", "consultant"),
        Stop("/map/services/new/sides", "/map/services/new/sides", "boris"),
        Stop(one, f"/map/services/{proposed}", "boris"),
        Stop(one, f"/map/services/{proposed}", "moderator"),
        Stop(one, f"/map/services/{disputed}", "anna"),
        Stop(f"{one}/edit", f"/map/services/{proposed}/edit", "boris"),
    ]
