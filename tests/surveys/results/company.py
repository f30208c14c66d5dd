"""A small company with services, and waves that asked about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.core.clock import now
from forum.core.db import transaction
from forum.core.site import save_settings
from tests.support import make
from tests.surveys import waves

FIVE = [5, 4, 4, 3, 2]


@pytest.fixture
def company(app: Flask) -> dict[str, int]:
    """IT serves two departments, Sales one; all are below the Works."""
    with app.app_context(), transaction():
        save_settings({"modules": ["surveys"]})
    top = make.department(app, "Works")
    names = {name: make.department(app, name, parent_id=top) for name in ("IT", "Sales", "Stores")}
    return {
        "top": top,
        **names,
        "help": waves.service(app, names["IT"], names["Sales"], "Help desk"),
        "phones": waves.service(app, names["IT"], names["Stores"], "Phones"),
        "visits": waves.service(app, names["Sales"], names["Stores"], "Visits"),
    }


@pytest.fixture
def spring(app: Flask, company: dict[str, int]) -> int:
    """A wave in which the help desk may be told, and the phones may not."""
    return waves.wave(
        app,
        {
            company["help"]: {
                "quality": [5, 5, 4, 4, 3, 1],
                "recommend": [10, 9, 9, 7, 3, 2],
            },
            company["phones"]: {"quality": [1, 2]},
        },
        texts={company["help"]: ["Quick", "Kind", "Slow", "Late", "Good"]},
        closed_at=now() - timedelta(days=90),
        title="Spring",
    )
