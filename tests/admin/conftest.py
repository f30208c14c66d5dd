"""What tests of the administration share."""

from __future__ import annotations

import pytest

from tests.support import make


@pytest.fixture
def admin(app, sign_in):
    """A browser of an administrator."""
    return sign_in(make.admin(app, email="chief@example.org"))


@pytest.fixture
def locked(app):
    """`locked(NAME, value)`: the environment sets it for this test."""
    before = {}

    def lock(name, value):
        before.setdefault(name, app.config[name])
        app.config[name] = value

    yield lock
    app.config.update(before)
