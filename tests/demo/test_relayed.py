"""The demo shows the relay: what IT asked whoever wrote a text, and an answer that is nobody's."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import Event
from forum.demo import relayed
from forum.surveys.models import SurveyText
from forum.surveys.relay import facts
from forum.surveys.relay.models import VoiceAnswer, VoiceQuestion
from tests.demo.made import count
from tests.demo.walking import entered


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(("who", "locale"), [("anna", "en"), ("boris", "ru")])
def test_who_reads_the_results_comes_to_the_question_and_its_answer(
    company: Flask, who: str, locale: str
) -> None:
    with company.app_context():
        asked = db.session.scalars(select(VoiceQuestion)).one()
        results = f"/surveys/{asked.wave_id}/results"
        way = [results, f"{results}/provider/{asked.department_id}"]
    browser = entered(company, who, locale)

    assert way[1] in {link.get("href") for link in browser.page(way[0]).all("a")}
    page = browser.page(way[-1])

    for words in (relayed.UNCLEAR, relayed.QUESTION, relayed.ANSWER):
        assert words in page.text
    assert "Information Technology" in page.text


@pytest.mark.only_on("sqlite")
@pytest.mark.usefixtures("looking")
def test_the_answer_has_a_random_key_and_neither_a_time_nor_a_trace() -> None:
    answer = db.session.scalars(select(VoiceAnswer)).one()
    columns = {column.name for column in VoiceAnswer.__table__.columns}

    assert columns == {"key", "lang", "body"}
    assert re.fullmatch("[0-9a-f]{32}", answer.key)
    keys = list(db.session.scalars(select(SurveyText.key)))
    assert answer.key in keys
    assert len({key[:4] for key in keys}) > len(keys) * 0.9, "keys have nothing in common"
    asked = select(Person.email).join(Event, Event.actor_id == Person.id)
    asked = asked.where(Event.type == facts.ASKED.name)
    assert list(db.session.scalars(asked)) == ["boris@demo.example"]
    told = list(db.session.scalars(select(Event.payload)))
    assert not any(answer.key in str(payload) for payload in told)
    assert count(VoiceQuestion) == 1
