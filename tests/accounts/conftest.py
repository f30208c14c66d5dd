"""What tests of getting in share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from forum.accounts import passwords
from tests.accounts.recovering import ADDRESS, OLD, set_up
from tests.support import make


@pytest.fixture
def throttled(app: Flask) -> Iterator[None]:
    """A forum that counts attempts, as every real one does."""
    app.config["RATE_LIMITS"] = True
    yield
    app.config["RATE_LIMITS"] = False


@pytest.fixture(scope="session")
def hashed():
    """The hash of the password, made once."""
    return passwords.hash_password(OLD)


@pytest.fixture
def vera(app, hashed):
    """Somebody with a password."""
    ways = {"email": "vera@example.org", "login": "4711", "password_hash": hashed}
    return make.person(app, name="Vera", **ways)


@pytest.fixture
def mailing(app):
    """A forum that can mail, and registers people of one domain."""
    set_up(app, mail_url="smtp://localhost:1", address=ADDRESS)
    set_up(app, registration="domain", registration_domains=["example.org"])
