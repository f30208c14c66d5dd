"""The reports of the demo company on paper."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from tests.demo.test_a_year import months
from tests.demo.walking import entered

pytest.importorskip("weasyprint")

SEEN = 3


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("who", ["anna", "moderator"], ids=["in English", "in Russian"])
def test_the_report_of_a_month_with_every_module_on_is_one_sheet(company: Flask, who: str) -> None:
    browser = entered(company, who)
    with company.app_context():
        newest = [f"{month:%Y-%m}" for month in list(months())[:SEEN]]

    papers = {month: browser.get(f"/insights/report/{month}.pdf").data for month in newest}

    assert {
        month: len(PdfReader(BytesIO(each)).pages) for month, each in papers.items()
    } == dict.fromkeys(newest, 1)
