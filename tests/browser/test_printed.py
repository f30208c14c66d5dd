"""Pages of figures on a sheet of paper and on the narrowest phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from forum.core.calendar import company_day
from forum.core.db import db
from forum.surveys.models import Wave
from tests.browser.visits import Visit

Enter = Callable[..., Visit]
LEADS = "h1, h2, h3, summary.titled, .lead-in"
"""What announces something, and means nothing when that begins a sheet later."""
LOCALES = pytest.mark.parametrize("locale", ["en", "ru"])


@pytest.fixture
def results(inside: Flask) -> str:
    """Where the figures of the demo's last survey of the whole company are."""
    last = select(Wave.id).where(Wave.title.startswith("Fourth survey"))
    with inside.app_context():
        return f"/surveys/{db.session.scalars(last).one()}/results"


@LOCALES
def test_each_trend_is_printed_under_the_name_of_what_it_shows(
    visit: Enter, results: str, locale: str
) -> None:
    page = visit("anna", locale).page
    page.goto(results)
    page.emulate_media(media="print")

    names = page.locator(".trend > summary")

    expect(names).to_have_count(6)
    for name in names.all():
        expect(name).to_be_visible()
    expect(page.locator(".trend table").last).to_be_visible()


@LOCALES
def test_no_sheet_ends_with_what_announces_the_next(
    visit: Enter, results: str, locale: str
) -> None:
    page = visit("moderator", locale).page
    page.goto(results)

    provider = page.locator("[data-scope] .items a").first.get_attribute("href")

    for address in (results, str(provider), "/departments/it/passport", "/surveys/changes"):
        page.goto(address)
        assert _announced_at_the_end(page) == []


@LOCALES
def test_tables_of_figures_stay_within_a_phone(
    visit: Enter, inside: Flask, results: str, locale: str
) -> None:
    page = visit("moderator", locale, width=360).page
    with inside.app_context():
        month = company_day().replace(day=1) - timedelta(days=1)
    report = f"/insights/report/{month:%Y-%m}"

    for address in (results, "/thanks/flow", report):
        page.goto(address)
        page.locator("details.trend").evaluate_all("all => all.forEach(one => one.open = true)")
        tables = page.locator("table.folds")

        assert tables.count() > 0
        assert tables.evaluate_all("all => all.filter(one => one.scrollWidth > 328)") == []
        leads = tables.locator("td.lead").evaluate_all("all => all.map(one => one.clientWidth)")
        assert min(leads) > 300


def _announced_at_the_end(page: Page) -> list[str]:
    """The last line of each sheet that is, or ends, a heading."""
    leads = {" ".join(words.split()) for words in page.locator(LEADS).all_inner_texts()}
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert len(sheets) > 1
    ends = [" ".join(sheet.extract_text().strip().splitlines()[-1].split()) for sheet in sheets]
    return [end for end in ends if any(lead.endswith(end) for lead in leads)]
