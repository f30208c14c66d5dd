"""A demo company behind the real server, and real Chromium in front of it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from tests.browser.visits import Visit
from tests.browser.watch import TELL_PAINTED, Watch
from tests.support.chromium import launched
from tests.support.server import forum, opened, serving

FOLDER = Path(__file__).parent
PATIENCE_MS = 15_000
"""How long a page may take on a machine that runs other tests beside it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Chromium."""
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company's data folder as it was made, once a run: to copy, not to use."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "demo-company"
    with (shared / "demo-company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "ready").exists():
            done = forum("demo", "--no-serve", folder=made)
            assert done.returncode == 0, done.stderr
            (made / "ready").touch()
    return made


@pytest.fixture(scope="session")
def company(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it for every worker."""
    return Path(shutil.copytree(demo, tmp_path_factory.mktemp("company") / "data"))


@pytest.fixture(scope="session")
def site(company: Path) -> Iterator[str]:
    """The address of the demo, served as a company would serve it."""
    with serving(company) as address:
        yield address


@pytest.fixture(scope="session")
def inside(site: str, company: Path) -> Iterator[Flask]:
    """The same forum as an application, to find in it what there is to visit."""
    with opened(company) as app:
        yield app


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with launched() as browser:
        yield browser


Opens = Callable[..., BrowserContext]


@pytest.fixture
def opens(chromium: Browser, site: str) -> Iterator[Opens]:
    """`opens(width=360)`: a browser of somebody; what it complains of fails the test."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def window(*, width: int = 1280, **options: object) -> BrowserContext:
        size = {"width": width, "height": 800}
        options.setdefault("locale", "en-GB")
        options.setdefault("base_url", site)
        context = chromium.new_context(viewport=size, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(TELL_PAINTED)
        contexts.append((context, Watch(context)))
        context.watch = contexts[-1][1]  # type: ignore[attr-defined]
        return context

    yield window
    for context, _watch in contexts:
        context.close()
    for _context, watch in contexts:
        watch.check()


@pytest.fixture
def visit(opens: Opens) -> Callable[..., Visit]:
    """`visit("anna", "ru")`: a browser in which somebody of the demo has signed in."""

    def enter(
        who: str, locale: str = "en", *, by_the_door: bool = False, **options: object
    ) -> Visit:
        person = Visit(opens(**options), locale)
        if by_the_door:
            person.sign_in(who)
        else:
            person.enter(who)
            person.goto("/")
        return person

    return enter
