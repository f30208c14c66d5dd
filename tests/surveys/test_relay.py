"""The relay: who serves asks whoever wrote a text, whom nobody knows, and is answered once."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.site import save_settings
from forum.ops import logs
from forum.surveys.models import SurveyText
from forum.surveys.relay.keys import key_of
from forum.surveys.relay.models import VoiceAnswer, VoiceQuestion
from forum.surveys.results import keeping
from tests.admin.exported import moved
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared
from tests.surveys import company
from tests.surveys.test_answering import everything

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app, **company.GENEROUS)


class Ended(NamedTuple):
    """A wave that ended and is told, who answers for who serves, and the author of a text."""

    wave: int
    service: int
    provider: int
    representative: int
    author: int
    address: str
    key: str

    @property
    def page(self) -> str:
        return f"/surveys/{self.wave}/results/service/{self.service}"

    @property
    def ask(self) -> str:
        return f"/surveys/{self.wave}/ask/{self.key}"


def addresses(browser: Browser, answered: Any) -> list[str]:
    """Where somebody who has just answered can be asked, as they are shown it."""
    page = browser.page(answered.location)
    shown = [field["value"] for field in page.all("input", readonly=True)]
    return ["/surveys/relay/" + each.rsplit("/", 1)[1] for each in shown]


def wrote(app: Flask, browser: Browser, wave: int, *services: int, words: str) -> list[str]:
    sent = company.form(app, wave, *services, words=words)
    return addresses(browser, browser.post(f"/surveys/{wave}/answer", sent))


def tell(app: Flask, wave: int) -> None:
    company.end(app, wave)
    with app.app_context():
        keeping.sweep()


@pytest.fixture
def ended(app: Flask, sign_in: SignIn) -> Ended:
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    service = company.service(app, it, finance)
    representative = make.person(app, department=it)
    people = [make.person(app, department=finance) for _each in range(6)]
    make.represent(app, representative, it)
    wave = company.running(app, [service])
    (address,) = wrote(app, sign_in(people[0]), wave, service, words="The desk is shut at noon.")
    for number, person in enumerate(people[1:]):
        company.say(app, person, wave, service, words=f"Fine {number}.")
    tell(app, wave)
    key = key_of(address.rsplit("/", 1)[1])
    return Ended(wave, service, it, representative, people[0], address, key)


def put(sign_in: SignIn, ended: Ended, question: str = "Which desk?") -> int:
    browser = sign_in(ended.representative)
    return int(browser.post(ended.ask, {"question": question}).status_code)


def reply(browser: Browser, ended: Ended, answer: str) -> Any:
    browser.page(ended.address)
    return browser.post(ended.address, {"question": "1", "answer": answer})


def test_who_serves_asks_once_and_is_answered_once_by_nobody(
    app: Flask, sign_in: SignIn, anonymous: Browser, ended: Ended
) -> None:
    browser = sign_in(ended.representative)
    assert len(browser.page(ended.page).all("a", href=ended.ask)) == 1

    asked = browser.post(ended.ask, {"question": "Which desk?"})
    again = browser.post(ended.ask, {"question": "And when?"})
    page = anonymous.page(ended.address)
    first = anonymous.post(ended.address, {"question": "1", "answer": "The one on two."})
    second = anonymous.post(ended.address, {"question": "1", "answer": "No, on three."})

    assert (asked.status_code, asked.location) == (303, ended.page)
    assert again.status_code == 409
    assert "asked about already" in again.text
    assert "And when?" in again.text
    assert "The desk is shut at noon." in page.text
    assert "IT asks:" in page.text
    assert "Which desk?" in page.text
    assert (first.status_code, second.status_code) == (303, 409)
    assert "cannot be changed" in second.text
    assert "No, on three." in second.text
    shown = sign_in().page(ended.page)
    assert "Which desk?" in shown.one("p", data_asked=True).text
    assert "The one on two." in shown.one("p", data_answered=True).text
    assert "No, on three." not in shown.text
    assert not shown.all("a", href=ended.ask)
    assert "The one on two." in anonymous.page(ended.address).text


def test_only_who_answers_for_the_department_that_serves_may_ask(
    app: Flask, sign_in: SignIn, ended: Ended
) -> None:
    other = make.person(app)
    make.represent(app, other, make.department(app, "Elsewhere"))
    for who in (other, make.admin(app), make.moderator(app), ended.author):
        browser = sign_in(who)
        assert not browser.page(ended.page).all("a", href=ended.ask)
        assert browser.get(ended.ask).status_code == 403
        assert browser.post(ended.ask, {"question": "Who?"}).status_code == 403
    consultant = sign_in(make.person(app, kind="consultant"))
    assert consultant.post(ended.ask, {"question": "Who?"}).status_code == 404
    assert company.rows(app, VoiceQuestion) == []


@pytest.mark.parametrize("typed", ["  ", "x" * 2001])
def test_a_question_or_an_answer_that_says_nothing_or_too_much_is_refused(
    app: Flask, sign_in: SignIn, anonymous: Browser, ended: Ended, typed: str
) -> None:
    assert put(sign_in, ended, typed) == 422
    put(sign_in, ended)

    assert reply(anonymous, ended, typed).status_code == 422
    assert company.rows(app, VoiceAnswer) == []


def test_a_wrong_secret_and_the_key_itself_find_nothing(anonymous: Browser, ended: Ended) -> None:
    anonymous.page(ended.address)
    for secret in ("no-such-secret", ended.key, ended.address[-5:]):
        assert anonymous.get(f"/surveys/relay/{secret}").status_code == 404
        sent = {"question": "1", "answer": "Not mine."}
        assert anonymous.post(f"/surveys/relay/{secret}", sent).status_code == 404


def test_before_anybody_asks_and_before_the_end_nothing_is_answered(
    app: Flask, sign_in: SignIn, anonymous: Browser, ended: Ended
) -> None:
    browser = sign_in(make.person(app))
    running = company.running(app, [ended.service], title="Summer")
    (early,) = wrote(app, sign_in(ended.author), running, ended.service, words="Too early.")

    assert "has not ended yet" in anonymous.page(early).text
    assert "Too early." not in anonymous.page(early).text
    key = key_of(early.rsplit("/", 1)[1])
    asking = sign_in(ended.representative)
    assert asking.post(f"/surveys/{running}/ask/{key}", {"question": "?"}).status_code == 404
    assert asking.post(f"/surveys/{ended.wave}/ask/{key}", {"question": "?"}).status_code == 404
    assert "Nobody has asked anything" in anonymous.page(ended.address).text
    assert reply(anonymous, ended, "Unasked.").status_code == 409
    assert "Unasked." not in browser.page(ended.page).text
    assert company.rows(app, VoiceAnswer) == []


def test_of_texts_told_further_up_nobody_is_told_whose_they_are_by_a_question(
    app: Flask, sign_in: SignIn, anonymous: Browser
) -> None:
    top = make.department(app, "Works")
    names = ("IT", "Stores", "Finance", "Sales")
    it, stores, finance, sales = (make.department(app, name, parent_id=top) for name in names)
    services = [company.service(app, it, finance), company.service(app, stores, sales, "Desks")]
    wave, kept = company.running(app, services), []
    for service, place, count in ((services[0], finance, 3), (services[1], sales, 4)):
        people = [make.person(app, department=place) for _each in range(count)]
        company.run(app)
        kept.append((service, people))
    wave = company.running(app, services, title="Summer")
    for service, people in kept:
        for person in people:
            address = wrote(app, sign_in(person), wave, service, words=f"Of {service}.")
    tell(app, wave)
    representative = make.person(app)
    make.represent(app, representative, stores)
    browser = sign_in(representative)
    page = browser.page(f"/surveys/{wave}/results/tree/{top}")

    assert len(page.all("p", data_voice=True)) == 7
    assert "Ask who wrote it" not in page.text
    key = key_of(address[0].rsplit("/", 1)[1])
    assert browser.post(f"/surveys/{wave}/ask/{key}", {"question": "?"}).status_code == 404
    assert "Nobody can ask about it" in anonymous.page(address[0]).text


def test_a_smallest_number_that_was_raised_hides_text_question_and_answer_together(
    app: Flask, sign_in: SignIn, anonymous: Browser, ended: Ended
) -> None:
    put(sign_in, ended)
    reply(anonymous, ended, "The one on two.")
    with app.app_context(), transaction():
        save_settings({"survey_k": 9})

    page = sign_in(ended.representative).page(ended.page).text

    for hidden in ("shut at noon", "Which desk?", "The one on two."):
        assert hidden not in page
    assert sign_in(ended.representative).get(ended.ask).status_code == 404


def test_the_address_is_shown_once_and_one_for_each_text(app: Flask, sign_in: SignIn) -> None:
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    services = [company.service(app, it, finance, name) for name in ("Laptops", "Desks")]
    person = make.person(app, department=finance)
    wave, browser = company.running(app, services), sign_in(person)
    sent = company.form(app, wave, *services, words="A word.")

    answered = browser.post(f"/surveys/{wave}/answer", sent)
    shown, later = browser.get(answered.location), browser.get(answered.location)

    found = re.findall(r"/surveys/relay/([\w-]{43})", shown.text)
    assert len(set(found)) == 2
    assert "/surveys/relay/" not in later.text
    assert {answered.headers["Cache-Control"], shown.headers["Cache-Control"]} == {"no-store"}
    assert {key_of(each) for each in found} == {row.key for row in company.rows(app, SurveyText)}


def test_who_wrote_nothing_is_shown_no_address(app: Flask, sign_in: SignIn) -> None:
    service, people = company.served(app)
    wave = company.running(app, [service])
    assert wrote(app, sign_in(people[0]), wave, service, words="") == []


def test_answering_writes_one_row_without_person_time_or_number(
    app: Flask, sign_in: SignIn, anonymous: Browser, ended: Ended
) -> None:
    put(sign_in, ended)
    browser = sign_in(ended.author)
    browser.page(ended.address)
    before = everything(app)

    browser.post(ended.address, {"question": "1", "answer": "The one on two."})

    after = everything(app)
    assert {name for name in before if before[name] != after[name]} == {"voice_answer"}
    assert set(VoiceAnswer.__table__.columns.keys()) == {"key", "lang", "body"}
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            made = db.session.connection().exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE name = 'voice_answer'"
            )
            assert "WITHOUT ROWID" in str(made.scalar())
        told = db.session.scalars(select(Event).where(Event.type == "survey.author-asked"))
        assert [event.actor_id for event in told] == [ended.representative]


def test_neither_row_ties_texts_of_one_person_together_nor_leads_to_the_secret(
    app: Flask, ended: Ended
) -> None:
    dump = json.dumps(everything(app))
    secret = ended.address.rsplit("/", 1)[1]

    assert secret not in dump
    assert {name for name, rows in everything(app).items() if ended.key[:16] in str(rows)} == {
        *("survey_text", "wave_voice")
    }


@pytest.mark.only_on("sqlite")
def test_the_secret_lies_nowhere_in_the_files_of_the_database(app: Flask, ended: Ended) -> None:
    with app.app_context():
        file = Path(str(db.engine.url.database))
    secret = ended.address.rsplit("/", 1)[1].encode()

    for each in file.parent.glob(f"{file.name}*"):
        assert secret not in each.read_bytes()


def test_no_line_of_the_log_tells_of_the_authors_page(
    app: Flask,
    sign_in: SignIn,
    ended: Ended,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(sign_in, ended)
    browser, written = sign_in(ended.author), io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("DEBUG")
    try:
        browser.get("/surveys")
        seen = browser.get(ended.address, headers={"X-Request-Id": "tell-tale"})
        browser.post(ended.address, {"question": "1", "answer": "A secret word."})
        browser.get("/surveys/relay/no-such-secret")
    finally:
        logs.configure("ERROR")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]

    assert [line["route"] for line in lines if line["event"] == "request"] == ["/surveys"]
    assert not re.search(r"relay|tell-tale|secret", written.getvalue())
    assert seen.headers["Cache-Control"] == "no-store"


def test_a_form_whose_token_ran_out_keeps_question_and_answer(
    sign_in: SignIn, anonymous: Browser, ended: Ended
) -> None:
    asking = sign_in(ended.representative)
    asking.token = "stale"
    refused = asking.post(ended.ask, {"question": "Which desk, please?"})
    put(sign_in, ended)
    anonymous.page(ended.address)
    anonymous.token = "stale"
    late = anonymous.post(ended.address, {"question": "1", "answer": "The one on two."})

    assert (refused.status_code, late.status_code) == (400, 400)
    assert "Which desk, please?" in refused.text
    assert "The one on two." in late.text


def test_a_module_that_is_off_hides_the_authors_page_and_keeps_what_was_said(
    app: Flask, sign_in: SignIn, anonymous: Browser, ended: Ended
) -> None:
    put(sign_in, ended)
    with app.app_context(), transaction():
        save_settings({"modules": []})
    assert anonymous.get(ended.address).status_code == 404
    company.switch_on(app)
    assert "Which desk?" in anonymous.page(ended.address).text


def test_questions_and_answers_come_along_with_an_export(
    app: Flask,
    sign_in: SignIn,
    anonymous: Browser,
    prepared: Prepared,
    tmp_path: Path,
    ended: Ended,
) -> None:
    put(sign_in, ended)
    reply(anonymous, ended, "The one on two.")

    files = moved(app, prepared, tmp_path)

    told = [json.loads(line) for line in files["records.jsonl"].splitlines()]
    (said,) = (each for each in told if each["record"] == "voice-answer")
    assert set(said) - {"record", "#"} == {"key", "lang", "body"}
    assert [each.body for each in company.rows(app, VoiceQuestion)] == ["Which desk?"]
    assert [each.body for each in company.rows(app, VoiceAnswer)] == ["The one on two."]
    company.switch_on(app)
    assert "The one on two." in anonymous.page(ended.address).text


def test_who_asked_learns_that_they_did_and_no_answer_is_their_data(
    app: Flask, sign_in: SignIn, anonymous: Browser, ended: Ended
) -> None:
    put(sign_in, ended)
    reply(anonymous, ended, "The one on two.")

    asked = sign_in(ended.representative).json("/settings/data.json")
    author = sign_in(ended.author).json("/settings/data.json")

    assert [each["body"] for each in asked["survey-relay"]["questions"]] == ["Which desk?"]
    assert "The one on two." not in json.dumps([asked, author])
    assert "Which desk?" not in json.dumps(author)


def test_a_page_of_texts_costs_the_same_however_many_were_asked_about(
    app: Flask,
    sign_in: SignIn,
    queries: Callable[[int], AbstractContextManager[None]],
    ended: Ended,
) -> None:
    browser = sign_in(ended.representative)
    browser.get(ended.page)
    # As without texts, and: what was asked about them, for whom one answers.
    with queries(6):
        browser.get(ended.page)
    put(sign_in, ended)
    with queries(6):
        browser.get(ended.page)
