"""What was typed is not lost, by no network and no second tab, and stays on no shared terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Opens
from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]
TEXT = "The label printer in hall three"
SAVED_WITHIN_MS = 8_000
"""Two seconds after the last key, and a machine that runs other tests."""


def writing(visit: Visit, address: str = "/ideas/new") -> Page:
    """The page for writing, with its scripts at work."""
    visit.page.goto(address)
    settled(visit.page)
    return visit.page


def kept(page: Page) -> list[str]:
    """The texts this browser holds for itself."""
    return list(page.evaluate("Object.values(localStorage)"))


def saves(page: Page) -> None:
    """Wait until the forum has it."""
    expect(page.locator("#whisper")).to_have_text("Saved", timeout=SAVED_WITHIN_MS)


def test_text_survives_a_lost_network(visit: Enter) -> None:
    anna = visit("anna")
    page = writing(anna)
    anna.watch.offline()

    anna.context.set_offline(True)
    page.locator("#problem").press_sequentially(f"{TEXT} stops every night.")
    said = "No connection: kept on this device"
    expect(page.locator("#whisper")).to_have_text(said, timeout=SAVED_WITHIN_MS)
    page.on("dialog", lambda dialog: dialog.accept())
    anna.context.set_offline(False)
    page.reload()
    settled(page)

    expect(page.locator("#problem")).to_have_value(f"{TEXT} stops every night.")
    anna.sees("Your text from before is back.")
    saves(page)
    assert kept(page) == []


def test_a_draft_goes_on_at_another_device(visit: Enter) -> None:
    at_work = visit("roland")
    page = writing(at_work)
    page.locator("#problem").press_sequentially(f"{TEXT} prints twice.")
    saves(page)

    at_home = visit("roland", width=360)
    at_home.goto("/ideas/new")
    at_home.page.get_by_role("link", name=TEXT).first.click()

    expect(at_home.page.locator("#problem")).to_have_value(f"{TEXT} prints twice.")


def test_two_tabs_never_overwrite_one_another(visit: Enter) -> None:
    priya = visit("priya")
    first = writing(priya)
    first.locator("#problem").press_sequentially(f"{TEXT} is slow.")
    saves(first)
    draft = first.locator("form[data-autosave]").get_attribute("data-autosave")
    assert draft is not None
    address = draft.replace("/autosave", "/edit")
    second = priya.context.new_page()
    second.goto(address)
    settled(second)

    first.locator("#problem").press_sequentially(" Said in the first.")
    expect(first.locator("form[data-autosave]")).to_have_attribute("data-version", "2")
    priya.watch.expect(409)
    second.locator("#problem").press("End")
    second.locator("#problem").press_sequentially(" Said in the second.")

    warning = second.locator("#notices", has_text="changed in another window")
    expect(warning).to_be_visible(timeout=SAVED_WITHIN_MS)
    expect(second.locator("#problem")).to_have_value(f"{TEXT} is slow. Said in the second.")
    elsewhere = visit("priya")
    elsewhere.goto(address)
    expect(elsewhere.page.locator("#problem")).to_have_value(f"{TEXT} is slow. Said in the first.")


def test_a_text_that_was_sent_does_not_come_back(visit: Enter) -> None:
    anna = visit("anna")
    page = writing(anna)

    page.locator("#problem").fill(f"{TEXT} wants paper nobody orders.")
    anna.button("Post").click()
    page.wait_for_url("**/ideas/*")
    writing(anna)

    expect(page.locator("#problem")).to_have_value("")
    assert kept(page) == []


@pytest.fixture
def terminal(opens: Opens) -> Visit:
    """A terminal in the hall that several people use."""
    context: BrowserContext = opens()
    visit = Visit(context)
    visit.sign_in("svetlana", shared=True)
    return visit


def test_a_shared_terminal_keeps_nothing(terminal: Visit) -> None:
    page = writing(terminal)

    page.locator("#problem").press_sequentially(f"{TEXT} is mine.")
    saves(page)
    assert kept(page) == []
    page.get_by_role("button", name="Your menu").click()
    terminal.button("Sign out").click()
    page.wait_for_url("**/sign-in*")

    assert kept(page) == []
    page.go_back()
    assert TEXT not in page.content()
