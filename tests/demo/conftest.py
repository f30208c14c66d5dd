"""The demo company, made once for the tests of a file; they only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.demo.made import make_company
from tests.support import forums


@pytest.fixture(scope="module")
def told(prepared: forums.Prepared) -> Iterator[Any]:
    """The company made, and how it is told."""
    prepared.reset()
    yield make_company(prepared.app)
    prepared.close()


@pytest.fixture
def company(prepared: forums.Prepared, told: Any) -> Flask:
    """The company as it was made; the tests only look at it."""
    return prepared.app


@pytest.fixture
def looking(company: Flask) -> Iterator[None]:
    with company.app_context():
        yield
