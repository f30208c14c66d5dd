"""A forum that listens for what is asked of each request, and the places found in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.hostile.forum import Forum, rewound
from tests.hostile.places import ListeningRequest, Place, discover
from tests.support.forums import Prepared

_found: dict[str, list[Place]] = {}


@pytest.fixture(scope="session")
def rewind(prepared: Prepared) -> Callable[..., Forum]:
    """Fills the forum once a run and database."""
    return rewound(prepared)


@pytest.fixture
def fresh(
    app: Flask, rewind: Callable[..., Forum], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Forum]:
    """`fresh()`: the forum as it was before anything was sent."""
    monkeypatch.setattr(app, "request_class", ListeningRequest)
    return rewind


@pytest.fixture
def places(app: Flask, fresh: Callable[..., Forum], database: str) -> list[Place]:
    """Every place where something may be sent; found once a run and database."""
    if database not in _found:
        _found[database] = discover(app, fresh(indexed=True))
    return _found[database]
