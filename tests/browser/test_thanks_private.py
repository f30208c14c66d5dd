"""A private line between two who read different languages, and everybody whom it is not for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from forum.core import readers
from tests.browser.axe import violations
from tests.browser.visits import Visit

Enter = Callable[..., Visit]
WHY = {
    "en": "The new labels hold in the rain, and you came on a Saturday.",
    "ru": "Новые этикетки держатся под дождём, и вы пришли в субботу.",
}
OTHER = {"en": "ru", "ru": "en"}


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_private_line_is_read_by_a_colleague_and_a_department_and_by_nobody_else(
    visit: Enter, inside: Flask, locale: str
) -> None:
    why = WHY[locale]
    anna = visit("anna", locale, width=360)
    address = says(anna, why, "boris@demo.example", "SAL")
    with inside.app_context():
        readers.catch_up()

    for who in ("boris", "irina"):  # who is named, and who answers for the department
        reads(visit(who, OTHER[locale], width=360), why, address)
    for who in ("moderator", "olga"):
        does_not_read(visit(who, locale), why, address)


def says(author: Visit, why: str, *named: str) -> str:
    """Found by a part of a name, one after the other; the address of what was said."""
    page = author.page
    author.goto("/thanks")
    author.link("Say thank you").first.click()
    for name in named:
        page.locator("#who").fill(name)
        author.button("Add").click()
        expect(page.locator("input[name=to]:checked").last).to_be_visible()
    expect(page.locator("input[name=to]:checked")).to_have_count(len(named))
    page.locator("#why").fill(why)
    page.get_by_text(author.says("Only those I thank"), exact=True).click()
    assert violations(page) == []
    author.button("Send").click()
    author.sees(author.says("Your thanks are on their way."))
    author.sees(why)
    return page.url


def reads(reader: Visit, why: str, address: str) -> None:
    """In the inbox, in the reader's words, and one click on."""
    reader.goto("/notifications")
    news = reader.page.locator("main li", has_text=why).first
    expect(news).to_contain_text(reader.says("%(who)s says thank you", who="Anna Petrova"))
    news.get_by_role("button").first.click()
    reader.page.wait_for_url(f"**{address[address.index('/thanks') :]}*")
    reader.sees(why)
    assert violations(reader.page) == []


def does_not_read(other: Visit, why: str, address: str) -> None:
    """Neither in the feed, nor on the pages of those thanked, nor by its address."""
    for place in ("/thanks", "/departments/sales"):
        other.goto(place)
        expect(other.page.locator("main").get_by_text(why)).to_have_count(0)
    other.watch.expect(404)
    other.goto(address)
    expect(other.page.get_by_text(why)).to_have_count(0)
