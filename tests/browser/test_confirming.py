"""Confirming a standard, and being asked again with what changed on top, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.visits import Visit
from tests.standards import standards

Enter = Callable[..., Visit]
FIRST = "## Rule\n\nPay within ten days.\n"
SECOND = "## Rule\n\nPay within five days.\n"


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_what_was_confirmed_is_asked_for_again_once_it_changes(
    visit: Enter, inside: Flask, locale: str
) -> None:
    number = standards.in_force(inside, title="Paying on time", body=FIRST)
    page = visit("anna", locale).page
    row = page.locator(f"li[data-standard={number}]")

    page.goto("/standards/pending")
    row.get_by_role("button").click()
    expect(page.locator(".notice.success")).to_be_visible()
    expect(row).to_have_count(0)

    standards.rewrite(inside, number, body=SECOND)
    page.goto("/standards/pending")
    row.get_by_role("link").first.click()
    expect(page.locator("section[data-fate=changed] ins")).to_have_text(["five"])
    page.locator("#acknowledge button").click()
    expect(page.locator(".notice.success")).to_be_visible()
    expect(page.locator("#acknowledge button")).to_have_count(0)
    expect(page.locator("section[data-fate]")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_moderator_enters_a_signature_and_takes_it_back(
    visit: Enter, inside: Flask, locale: str
) -> None:
    number = standards.in_force(inside, title="Signing", body=FIRST)
    page = visit("moderator", locale).page
    page.goto(f"/standards/{number}/confirmations")

    page.get_by_role("checkbox").first.check()
    page.locator(f"form[action$='/{number}/confirmations'] button").first.click()
    expect(page.locator(".notice.success")).to_be_visible()
    page.goto(f"/standards/{number}/confirmations?show=confirmed")
    expect(page.locator("li[data-person]")).to_have_count(1)

    page.locator("button[form=undo]").click()
    expect(page.locator(".notice.success")).to_be_visible()
    page.goto(f"/standards/{number}/confirmations?show=confirmed")
    expect(page.locator("li[data-person]")).to_have_count(0)
