"""The demo company with every module off, and with each of them alone: all its data is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from forum.core.config import MODULES
from tests.demo.walking import Routes, entered, switch, walk

PEOPLE = ("anna", "moderator", "admin", "consultant")
ON = [(), *((name,) for name in MODULES)]


@pytest.fixture
def walked(company: Flask) -> Iterator[Flask]:
    """The company, whose modules are switched while somebody walks through it."""
    yield company
    switch(company, *MODULES)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("on", ON, ids=lambda on: on[0] if on else "none")
def test_no_page_leads_to_a_module_that_is_off(walked: Flask, on: tuple[str, ...]) -> None:
    switch(walked, *on)
    routes = Routes(walked)
    wrong = []

    for who in PEOPLE:
        pages = list(walk(entered(walked, who), routes, each=1 if on else 2))
        reached = {routes.module(address) for address, _response, _leads in pages}
        for address, response, leads in pages:
            if response.status_code not in (200, 301, 302, 303):
                wrong.append((who, address, response.status_code))
            off = {routes.module(each) for each in leads} - {"", *on}
            wrong += [(who, address, name) for name in off]
        assert len(pages) > 30
        own_pages = set(on) - {"anonymous"}  # it has none but those of an idea
        assert who == "consultant" or own_pages <= reached, (who, on)

    assert not wrong
