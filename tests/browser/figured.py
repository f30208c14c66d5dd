"""Pages of figures."""

from __future__ import annotations

from datetime import timedelta

from forum.core.calendar import company_day
from tests.browser.stops import Stop


def insights() -> list[Stop]:
    """Figures of the last month as they are shown, listed and reported."""
    last = company_day().replace(day=1) - timedelta(days=1)
    rule, asked = "/insights/rows/<string:name>", f"?period={last:%Y}"
    return [
        Stop("/insights", f"/insights{asked}&department=it", "boris"),
        Stop(rule, f"/insights/rows/ideas{asked}", "anna"),
        Stop(rule, f"/insights/rows/standards{asked}", "anna"),
        Stop(rule, f"/insights/rows/stages{asked}", "anna"),
        Stop(rule, f"/insights/rows/thanks{asked}", "anna"),
        Stop("/insights/report/<string:month>", f"/insights/report/{last:%Y-%m}", "anna"),
    ]
