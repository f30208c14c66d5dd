"""Nothing on a page of results leads to a page that is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support import make
from tests.support.browser import Browser
from tests.surveys.results.company import company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]


@pytest.fixture
def silent(app: Flask, company: dict[str, int]) -> int:
    """A department with another below it, before a wave that asks about neither."""
    found = make.department(app, "Silent", parent_id=company["top"])
    make.department(app, "Quiet", parent_id=found)
    return found


def test_every_link_on_results_of_a_company_with_a_tree_leads_to_a_page(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    silent: int,
    spring: int,
) -> None:
    browser, base = sign_in(make.person(app)), f"/surveys/{spring}/results"

    waiting, seen = [base], set[str]()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        found = {link.get("href", "") for link in browser.page(address).all("a")}
        waiting += [each for each in found - seen - {*waiting} if each.startswith(f"{base}/")]

    assert f"{base}/tree/{company['top']}" in seen
    assert f"{base}/tree/{silent}" not in seen
    assert len(seen) > 5
