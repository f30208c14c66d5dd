"""What tests of getting in share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def throttled(app: Flask) -> Iterator[None]:
    """A forum that counts attempts, as every real one does."""
    app.config["RATE_LIMITS"] = True
    yield
    app.config["RATE_LIMITS"] = False
