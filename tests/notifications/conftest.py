"""What tests of news share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday morning."""


@pytest.fixture
def clock():
    """A clock that stands until a test moves it."""
    with time_machine.travel(NOW, tick=False) as standing:
        yield standing
