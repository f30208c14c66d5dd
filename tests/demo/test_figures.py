"""Every figure of the demo company's insights leads to as many rows as it says."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core.calendar import company_day
from forum.insights.figures.periods import period_around
from tests.demo.walking import entered
from tests.insights.behind import figures, wrong

BACK = {"month": 3, "quarter": 3, "year": 1}


@pytest.mark.parametrize("department", ["", "it", "finance"])
def test_a_figure_leads_to_as_many_rows_as_it_says(company: Flask, department: str) -> None:
    browser = entered(company, "anna")
    with company.app_context():
        periods = [
            period_around(company_day(), size).moved(-n).name
            for size, most in BACK.items()
            for n in range(most + 1)
        ]
    place = f"&department={department}" if department else ""

    assert len(figures(browser, f"?period={periods[-2]}{place}")) > 10
    assert [line for period in periods for line in wrong(browser, f"?period={period}{place}")] == []
