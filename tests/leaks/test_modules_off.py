"""While a module is off nothing of it is in mails, feeds or inboxes: neither of what happened
before, nor of what its days bring meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from tests.leaks.modules import ALL, Company, tells_of
from tests.support.post_office import post_office

START = datetime(2026, 3, 4, 9, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def company(app: Flask) -> Iterator[Company]:
    with time_machine.travel(START, tick=False) as clock, post_office("") as office:
        yield Company(app, clock, office)


def test_every_module_that_is_on_has_its_news(company: Company) -> None:
    company.something_happens("read now")
    company.days_pass(9)

    mails, inbox = company.mails(), "\n".join(company.inbox(company.anna)[0])
    for module in ("map", "surveys", "training", "thanks"):
        assert tells_of(module, mails), module
        assert tells_of(module, inbox), module
    assert tells_of("map", company.feeds())
    assert tells_of("training", company.feeds())
    assert "Your week at" in mails


@pytest.mark.parametrize("module", ALL)
def test_nothing_of_a_module_that_is_off_is_told(company: Company, module: str) -> None:
    company.mails_wait()
    company.something_happens("read before")
    company.news_come()
    assert company.office.letters == []
    company.something_happens("read after")

    company.switch_off(module)
    company.days_pass(9)

    assert "Your week at" in company.mails()
    assert tells_of(module, company.mails()) == []
    assert tells_of(module, company.feeds()) == []
    for person in company.browsers:
        news, unread, counted = company.inbox(person)
        assert tells_of(module, "\n".join(news)) == []
        assert counted == unread


def test_what_was_told_before_is_there_again_once_the_module_is_on(company: Company) -> None:
    company.something_happens("read before")
    company.days_pass(6)
    before = {person: company.inbox(person) for person in company.browsers}
    assert tells_of("thanks", "\n".join(before[company.moderator][0]))

    company.switch_off(*ALL)
    company.news_come()
    for person in company.browsers:
        news, unread, counted = company.inbox(person)
        assert [each for module in ALL for each in tells_of(module, "\n".join(news))] == []
        assert counted == unread < before[person][1]

    company.switch_off()
    company.news_come()
    assert {person: company.inbox(person) for person in company.browsers} == before
    assert all(counted == unread for _news, unread, counted in before.values())
