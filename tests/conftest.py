"""A forum for every test: its own database, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, has_app_context

from forum.accounts import passwords
from tests.support import forums, make
from tests.support.browser import Browser
from tests.support.queries import count_queries

DATABASES = tuple(os.environ.get("FORUM_TEST_DATABASES", "sqlite postgresql").split())
DATA = Path(os.environ.get("FORUM_TEST_DATA", "../shared/data"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that opens the database once for each database, or for those it is about."""
    if "database" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only_on")
        names = [name for name in DATABASES if only is None or name in only.args]
        metafunc.parametrize("database", names, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what opens a database; keep the exhaustive variants for `make test-full`."""
    for item in items:
        if "database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)
    if not os.environ.get("FORUM_TEST_FULL"):
        later = {item for item in items if item.get_closest_marker("full")} | _spared(items)
        items[:] = [item for item in items if item not in later]
        config.hook.pytest_deselected(items=list(later))


def _spared(items: list[pytest.Item]) -> set[pytest.Item]:
    """The cases on PostgreSQL of which a test's `share` runs every day."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("share") and "[postgresql" in item.nodeid:
            cases[item.nodeid.split("[")[0]].append(item)
    shares = {name: found[0].get_closest_marker("share") for name, found in cases.items()}
    return {
        case
        for name, found in cases.items()
        for number, case in enumerate(found)
        if number % shares[name].args[0]
    }


def pytest_collection_finish() -> None:
    """Spare the collector what the whole run keeps: looking through it again and again takes a
    sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was run on which database."""
    for line in forums.summary(terminalreporter):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Passwords are hashed for next to nothing; what they cost is told where a command sets one."""
    real = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._hasher = real


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """No test leaves an application's context to the next, whose commands would run in it."""
    yield
    assert not has_app_context()


@pytest.fixture(scope="session")
def prepared(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[forums.Prepared]:
    """An application on a migrated, empty database; made once a worker and database."""
    base = tmp_path_factory.getbasetemp()
    compiled = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "templates"
    compiled.mkdir(exist_ok=True)
    made = forums.prepare(database, tmp_path_factory.mktemp(database), compiled=compiled)
    yield made
    made.end()


@pytest.fixture
def app(prepared: forums.Prepared) -> Iterator[Flask]:
    """The forum with an empty database."""
    prepared.reset()
    yield prepared.app
    prepared.close()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context for tests that call actions and queries; requests get their own."""
    with app.app_context():
        yield


@pytest.fixture
def anonymous(app: Flask) -> Browser:
    """A browser nobody has signed in with."""
    return Browser(app)


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Browser]:
    """`sign_in(person)`: a browser signed in as that person, or as a new employee."""

    def signed_in(person_id: int | None = None, **fields: Any) -> Browser:
        browser = Browser(app)
        browser.enter_as(person_id if person_id is not None else make.person(app, **fields))
        return browser

    return signed_in


@pytest.fixture
def queries(app: Flask) -> Callable[[int], AbstractContextManager[list[str]]]:
    """`with queries(4):` pins how many queries the block costs."""
    return lambda expected: count_queries(app, expected)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real corpora; tests that want it make their own stand-in where it is absent."""
    return DATA
