"""The demo's map beyond what everybody agrees on: a proposal, a dispute, a team, a role, a
consultant and the board as sides; and what some services deliver."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import db
from forum.demo.content import Row
from forum.demo.people import Cast
from forum.departments.models import Service, SideKind
from forum.departments.services import actions, curating, ends
from forum.departments.services.ends import End
from forum.departments.services.saying import Said


def add(told: Row, cast: Cast) -> None:
    """Say what services deliver and who looks after them, and draw those that people draw."""
    for row in told["told"]:
        service = db.session.scalars(select(Service).where(Service.name == row["name"])).one()
        owners = {
            f"{side}_owner_id": cast.people[row[f"{side}_owner"]].id
            for side in (ends.PROVIDER, ends.CUSTOMER)
        }
        said = {"delivered": row["delivered"], "channel": row["channel"]}
        curating.change(None, service, **said, **owners)
    for row in told["drawn"]:
        _draw(row, cast)


def _draw(row: Row, cast: Cast) -> None:
    said = Said(row["name"], row["delivered"])
    provider, customer = _end(row["provider"], cast), _end(row["customer"], cast)
    made = actions.draw(cast.people[row["by"]], provider, customer, said)
    if "confirmed_by" in row:
        actions.confirm(cast.people[row["confirmed_by"]], made)
    for key, why in row.get("denied", ()):
        actions.deny(cast.people[key], made, why)


def _end(row: Row, cast: Cast) -> End:
    if "person" in row:
        return ends.somebody(cast.people[row["person"]])
    department_id = cast.departments[row["department"]]
    for kind in (SideKind.TEAM, SideKind.ROLE):
        if kind.value in row:
            return ends.part_of(department_id, kind, row[kind.value])
    return ends.department(department_id)
