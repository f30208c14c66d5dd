"""Pages of surveys: what waits, what ran, planning one, its questions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.departments.services.asked import confirmed_edges
from forum.surveys import planning
from forum.surveys.models import Wave
from tests.browser.stops import Stop


def surveys() -> list[Stop]:
    """The demo's two surveys, and one that has not opened yet."""
    found = db.session.execute(select(Wave.state, Wave.id)).all()
    ended, running = (dict(map(tuple, found))[state] for state in ("closed", "running"))
    planned, rule = _planned(), "/surveys/<int:wave_id>"
    return [
        Stop("/surveys", "/surveys", "anna"),
        Stop("/surveys", "/surveys", "moderator"),
        Stop("/surveys/privacy", "/surveys/privacy", "anna"),
        Stop(rule, f"/surveys/{ended}", "anna"),
        *(Stop(rule, f"/surveys/{each}", "moderator") for each in (running, planned)),
        Stop(f"{rule}/answer", f"/surveys/{running}/answer", "anna"),
        Stop(f"{rule}/answer", f"/surveys/{ended}/answer", "anna"),
        Stop("/surveys/new", "/surveys/new", "moderator"),
        Stop(f"{rule}/edit", f"/surveys/{planned}/edit", "moderator"),
        Stop("/surveys/items", "/surveys/items", "moderator"),
        Stop("/surveys/settings", "/surveys/settings"),
    ]


def _planned() -> int:
    by = db.session.scalars(select(Person).where(Person.email == "moderator@demo.example")).one()
    first = company_day() + timedelta(days=9)
    services = [edge.id for edge in confirmed_edges()]
    wanted = planning.Wanted("Next round", first, first + timedelta(days=9), services)
    return planning.plan(by, wanted).id
