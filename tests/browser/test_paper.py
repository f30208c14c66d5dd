"""Standards as files: a long one is printed apart while its reader waits."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.visits import Visit
from tests.standards import standards

Enter = Callable[..., Visit]
LONG = "".join(
    f"## Порядок {n}\n\n{'Склад считает до полудня, финансы платят по пятницам. ' * 22}\n\n"
    for n in range(1, 61)
)
PRINTED_MS = 180_000
"""What a long PDF may take beside other tests."""


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_long_standard_is_printed_while_its_reader_waits(
    visit: Enter, inside: Flask, locale: str
) -> None:
    # Each has its own text, or the second found what was printed for the first.
    number = standards.in_force(inside, title=f"Порядок, {locale}", body=LONG)
    anna = visit("anna", locale)
    page = anna.page

    page.goto(f"/standards/{number}")
    page.get_by_role("link", name="PDF", exact=True).click()
    expect(page).to_have_url(re.compile(r"/print\?version=1$"))
    page.get_by_role("button", name=anna.says("Make the PDF")).click()
    expect(page.get_by_text(anna.says("The PDF is ready."))).to_be_visible(timeout=PRINTED_MS)
    address = page.get_by_role("link", name=anna.says("Open the PDF")).get_attribute("href")

    assert address is not None
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_what_stands_beside_a_long_standard_is_reached(visit: Enter, inside: Flask) -> None:
    number = standards.in_force(inside, title="Порядок сбоку", body=LONG)
    page = visit("anna").page

    page.goto(f"/standards/{number}")
    page.get_by_role("contentinfo").scroll_into_view_if_needed()
    page.get_by_role("link", name="Other files").click()
    with page.expect_download() as sent:
        page.get_by_role("link", name="Markdown").click()

    assert sent.value.suggested_filename == f"{number}-v1.md"
