"""No page of the demo company makes SQLite prepare a statement that it has prepared before."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.demo.walking import Routes, entered, walk
from tests.support.queries import preparing


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("who", ["anna", "moderator"])
def test_no_page_asks_for_what_is_prepared_already(company: Flask, who: str) -> None:
    """A bound value that is held against the condition of a partial index makes a statement be
    prepared at each run, which may cost more than the run."""
    browser = entered(company, who)
    anew = {}

    with preparing(company) as seen:
        addresses = [address for address, _answer, _leads in walk(browser, Routes(company))]
        for address in addresses:
            browser.client.get(address, buffered=True)
            seen.clear()
            browser.client.get(address, buffered=True)
            anew[address] = list(seen)

    assert len(addresses) > 30
    assert not {address: found for address, found in anew.items() if found}
