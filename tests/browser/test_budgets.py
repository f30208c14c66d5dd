"""What a first visit costs and how it feels under a thumb, measured in Chromium."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Opens
from tests.browser.visits import Visit

HTML_BUDGET = 60_000
STYLE_BUDGET = 25_000
SCRIPT_BUDGET = 25_000
FONT_BUDGET = 120_000
PHONE = {"width": 360, "has_touch": True, "is_mobile": True}

WATCH_SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
TOO_SMALL = """() => {
  const controls = [
    "button", "summary", "select", "nav a", "a.button", "a.chip", "a.quiet-link", ".choice > label",
    "input:not([type=hidden], [type=checkbox], [type=radio])",
  ].join();
  const found = [];
  for (const control of document.querySelectorAll(controls)) {
    const { width, height } = control.getBoundingClientRect();
    if (!control.checkVisibility() || width <= 1) continue;  // a picture is sent by its label
    const name = control.textContent.trim().slice(0, 30) || control.name;
    if (height < 43.5) found.push(`${control.tagName} ${name}: ${Math.round(height)} px high`);
  }
  return found;
}"""
PAGES = (
    "/",
    "/ideas",
    "/ideas/22",
    "/ideas/new",
    "/standards/PS-001",
    "/departments",
    "/search?q=invoice",
    "/notifications",
    "/answers",
    "/settings",
)


def spent(reader: Visit, address: str) -> Counter[str]:
    """Bytes of everything a page fetches, by ending: scripts as they travel, the rest raw."""
    reader.page.goto(address, wait_until="networkidle")
    fetched = reader.page.evaluate(
        "performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    bytes_of: Counter[str] = Counter()
    for url in {reader.page.url, *fetched}:
        body = reader.context.request.get(url).body()
        ending = PurePosixPath(urlsplit(url).path).suffix
        bytes_of[ending] += len(gzip.compress(body) if ending == ".js" else body)
    return bytes_of


def test_a_first_visit_to_the_list_stays_within_its_budgets(visit: Callable[..., Visit]) -> None:
    reader = visit("moderator", "ru")

    bytes_of = spent(reader, "/ideas")

    assert 0 < bytes_of[""] <= HTML_BUDGET
    assert 0 < bytes_of[".css"] <= STYLE_BUDGET
    assert 0 < bytes_of[".js"] <= SCRIPT_BUDGET
    assert 0 < bytes_of[".woff2"] <= FONT_BUDGET


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_arrives(visit: Callable[..., Visit], width: int) -> None:
    reader = visit("anna", "ru", width=width)
    moved = {}

    for address in ("/", "/ideas", "/ideas/22", "/standards/PS-001"):
        reader.page.goto(address, wait_until="load")
        reader.page.evaluate(WATCH_SHIFTS)
        reader.page.wait_for_load_state("networkidle")
        moved[address] = reader.page.evaluate("document.fonts.ready.then(() => shifted)")

    assert {address: shift for address, shift in moved.items() if shift > 0.01} == {}


def test_everything_to_press_is_large_enough_for_a_thumb(opens: Opens) -> None:
    reader = Visit(opens(**PHONE), "ru")
    reader.enter("boris")
    small = {}

    for address in PAGES:
        reader.page.goto(address, wait_until="load")
        small[address] = reader.page.evaluate(TOO_SMALL)

    assert {address: found for address, found in small.items() if found} == {}


def test_the_sign_in_button_stands_on_the_first_screen_of_a_phone(opens: Opens) -> None:
    for locale in ("en", "ru"):
        stranger = Visit(opens(**PHONE), locale)
        stranger.page.set_viewport_size({"width": 360, "height": 740})

        stranger.page.goto("/sign-in")
        stranger.page.locator(f".languages button[value={locale}]").click()

        box = stranger.button("Sign in").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740
