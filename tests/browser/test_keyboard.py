"""The main job without a mouse: Tab, Enter and Space reach everything, visibly."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]
MOST_TABS = 150
RINGED = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here.id === "main") return "";
  const shown = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== "none";
  };
  const frames = [here, here.nextElementSibling, here.closest(".editor-frame, .tool")];
  return frames.some((element) => element && shown(element)) ? "" : here.outerHTML.slice(0, 160);
}"""


class Keyboard:
    """Hands that never leave the keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, selector: str) -> None:
        """Press Tab until there, seeing on each step where one is."""
        for _press in range(MOST_TABS):
            if self.is_at(selector):
                return
            self.page.keyboard.press("Tab")
            hidden = self.page.evaluate(RINGED)
            assert not hidden, f"no visible focus on {hidden}"
        raise AssertionError(f"{MOST_TABS} tabs do not reach {selector}")

    def is_at(self, selector: str) -> bool:
        """Whether the focus is on such an element."""
        question = "(selector) => Boolean(document.activeElement?.matches(selector))"
        return bool(self.page.evaluate(question, selector))

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.type(text)


@pytest.fixture
def hands(visit: Enter) -> Callable[[str], Keyboard]:
    """`hands("anna")`: somebody of the demo who has no mouse, at home."""

    def arrive(who: str, address: str = "/") -> Keyboard:
        inside = visit(who)
        inside.goto(address)
        settled(inside.page)
        return Keyboard(inside.page)

    return arrive


Hands = Callable[..., Keyboard]


def test_the_main_job_needs_no_mouse(hands: Hands) -> None:
    anna = hands("anna")
    anna.tab_to("a.new-idea")
    anna.press("Enter")
    anna.page.wait_for_url("**/ideas/new")
    expect(anna.page.locator("#problem")).to_be_focused()
    anna.write("The keyboard drawer jams whenever someone leans on it.")
    anna.tab_to("form[data-guard] > details > summary")
    anna.press("Enter")
    anna.tab_to("[name=departments][value='3']")
    anna.press("Space")
    anna.tab_to("button[value=post]")
    anna.press("Enter")
    anna.page.wait_for_url(re.compile(r"/ideas/\d+$"))
    address = anna.page.url

    second = hands("admin", address)
    second.tab_to(".idea-head .support")
    second.press("Space")
    expect(second.page.locator(".idea-head .support")).to_have_attribute("data-voted", "1")
    second.tab_to("#body")
    second.write("Mine jams too.")
    second.tab_to("form:has(#body) .button.primary")
    second.press("Enter")
    expect(second.page.locator(".comment", has_text="Mine jams too.")).to_be_visible()

    boris = hands("boris", address)
    boris.tab_to("[data-answer=waiting] summary")
    boris.press("Enter")
    boris.tab_to("button[value=no_effect]")
    boris.press("Space")
    expect(boris.page.locator("[data-answer=no_effect]")).to_be_visible()

    moderator = hands("moderator", address)
    moderator.tab_to("#reason")
    moderator.write("New drawers are cheaper than the time lost.")
    moderator.tab_to("button[name=decision][value=accept]")
    moderator.press("Enter")
    expect(moderator.page.locator(".decision-accepted")).to_be_visible()
    moderator.page.reload()
    settled(moderator.page)
    moderator.tab_to("form[action$='/standard'] .button.primary")
    moderator.press("Enter")
    moderator.page.wait_for_url(re.compile(r"/standards/[^/]+/edit$"))
    moderator.tab_to("button[value=publish]")
    moderator.press("Enter")
    expect(moderator.page.locator("[data-standard]")).to_have_attribute("data-state", "in_force")


def test_one_can_skip_to_the_content(hands: Hands) -> None:
    anna = hands("anna", "/ideas")

    anna.press("Tab")
    assert anna.is_at("a.skip")
    anna.press("Enter", "Tab")

    assert anna.is_at("main *")


def test_single_keys_search_write_walk_and_help(hands: Hands) -> None:
    anna = hands("anna", "/ideas")

    anna.press("/")
    assert anna.is_at("#find")
    anna.write("j/kn")
    expect(anna.page.locator("#find")).to_have_value("j/kn")
    anna.press("Escape", "Tab", "j", "j")
    rows = anna.page.locator("[data-row]")
    expect(rows.nth(1)).to_have_class(re.compile(r"\bat\b"))
    anna.press("k")
    expect(rows.nth(0)).to_have_class(re.compile(r"\bat\b"))
    first = rows.nth(0).locator("h2 a").get_attribute("href")
    anna.press("Enter")
    anna.page.wait_for_url(f"**{first}")
    settled(anna.page)
    anna.press("n")
    anna.page.wait_for_url("**/ideas/new")


def test_the_help_keeps_the_focus_and_gives_it_back(hands: Hands) -> None:
    anna = hands("anna", "/ideas")
    anna.tab_to("a.new-idea")

    anna.press("?")
    expect(anna.page.locator("#keys-help")).to_be_visible()
    for _press in range(5):
        anna.press("Tab")
        assert anna.is_at("#keys-help *, body")
    anna.press("Escape")

    expect(anna.page.locator("#keys-help")).to_be_hidden()
    assert anna.is_at("a.new-idea")


@pytest.mark.parametrize(
    "opener",
    ["[popovertarget=person-menu]", "[popovertarget=filter-stage]"],
    ids=["menu", "filter"],
)
def test_what_pops_up_closes_with_escape_and_gives_the_focus_back(
    hands: Hands, opener: str
) -> None:
    anna = hands("anna", "/ideas")
    anna.tab_to(opener)

    anna.press("Enter")
    shown = anna.page.locator(":popover-open")
    expect(shown).to_be_visible()
    anna.press("Tab")
    assert anna.is_at(":popover-open *")
    anna.press("Escape")

    expect(shown).to_have_count(0)
    assert anna.is_at(opener)


def test_single_keys_can_be_switched_off(hands: Hands) -> None:
    hugh = hands("hugh", "/settings")
    hugh.tab_to("#shortcuts")
    hugh.press("Space")
    hugh.tab_to("form[action='/settings'] .button.primary")
    hugh.press("Enter")
    expect(hugh.page.locator("html")).to_have_attribute("data-keys", "off")
    hugh.page.goto("/ideas")
    settled(hugh.page)

    hugh.press("n", "j", "/", "?")

    assert hugh.page.url.endswith("/ideas")
    assert hugh.page.locator(".at").count() == 0
    assert not hugh.is_at("#find")
    assert hugh.page.locator("dialog[open]").count() == 0
