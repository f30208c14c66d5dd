"""Translations are found by their words, go out with an export and come back."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.texts import Text
from forum.search.follower import catch_up
from forum.standards.tongues.models import Translation
from tests.admin.exported import bring, moved
from tests.standards import standards
from tests.standards.tongues import translating
from tests.standards.tongues.translating import RULE
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared


def found(app: Flask, browser: Browser, query: str) -> list[str]:
    with app.app_context():
        catch_up(app)
    hits = browser.json("/search", query_string={"q": query})["hits"]
    return [hit["url"] for hit in hits if hit["kind"] == "standard"]


def translated(app: Flask, **fields: object) -> str:
    number = standards.in_force(app, title="Оплата в срок", body=RULE, **fields)
    texts = {"title": ("Punctual payment", ""), 1: ("Purpose", "Suppliers anticipate the date.")}
    translating.translate(app, number, texts)
    return number


def test_a_translated_clause_is_found_in_its_language(app: Flask, sign_in) -> None:
    number, reader = translated(app), sign_in()

    address = f"/standards/{number}"
    assert found(app, reader, "anticipated dates") == [address]
    assert found(app, reader, "punctual") == [address]
    assert found(app, reader, "поставщики") == [address]
    [hit] = reader.json("/search", query_string={"q": "anticipate"})["hits"]
    assert "<mark>anticipate</mark>" in hit["snippet"]


def test_what_no_longer_stands_in_the_standard_is_not_found(app: Flask, sign_in) -> None:
    number, reader = translated(app), sign_in()
    body = "## Шаги\n\nБухгалтерия платит."
    standards.rewrite(app, number, title="Оплата в срок", body=body)

    assert found(app, reader, "anticipate") == []
    translating.translate(app, number, {"title": ("", "")})
    assert found(app, reader, "punctual") == []


def test_an_opening_that_a_version_drops_is_found_no_more(app: Flask, sign_in) -> None:
    number = standards.in_force(app, title="Оплата в срок", body=f"Для всех.\n\n{RULE}")
    translating.translate(app, number, {"opening": ("", "Vorpal beginnings.")})
    reader = sign_in()
    assert found(app, reader, "vorpal") == [f"/standards/{number}"]

    standards.rewrite(app, number, title="Оплата в срок", body=RULE)

    assert found(app, reader, "vorpal") == []
    [hit] = reader.json("/search", query_string={"q": "поставщики"})["hits"]
    assert "Vorpal" not in hit["snippet"]


def test_a_translation_into_what_is_now_the_main_language_is_not_found(app: Flask, sign_in) -> None:
    number, reader = translated(app), sign_in()
    body = "## Цель\n\nThe vendors of this company know on which day they are paid."
    standards.rewrite(app, number, title="Paying in good time", body=body)
    assert reader.page(f"/standards/{number}").one("h1")["lang"] == "en"

    assert found(app, reader, "punctual") == []
    assert found(app, reader, "anticipate") == []
    assert found(app, reader, "vendors") == [f"/standards/{number}"]


def test_nobody_finds_the_translation_of_what_they_do_not_see(app: Flask, sign_in) -> None:
    finance, other = make.department(app), make.department(app)
    translated(app, departments=[finance])
    stranger = sign_in(make.person(app, kind="consultant", attached=[other]))

    assert found(app, stranger, "anticipate") == []
    standards.retire(app, "PS-001")
    assert found(app, sign_in(), "anticipate") == []


def test_translations_go_out_with_an_export_and_come_back(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in
) -> None:
    writer = make.moderator(app, email="translator@example.org")
    number = translated(app)
    translating.translate(app, number, {2: ("Steps", "Finance *pays*.")}, by=writer)
    body = RULE.replace("платит", "платит сразу")
    standards.rewrite(app, number, title="Оплата в срок", body=body)
    translating.translate(app, number, {1: ("Aim", "They know.")}, by=writer)

    files = moved(app, prepared, tmp_path)

    lines = [json.loads(line) for line in files["standards.jsonl"].splitlines()]
    told = [line for line in lines if line["record"] == "translation"]
    assert len(told) == 3
    assert {line["by"] for line in told} > {"translator@example.org"}
    assert "created 0, " in bring(app, tmp_path / "one" / "standards.jsonl")
    page = sign_in().page(f"/standards/{number}")
    assert page.one("h1").text == "Punctual payment"
    assert "They know." in page.one("section", id="clause-1").text
    assert "behind by 1 version" in page.one("section", id="clause-2").text
    assert found(app, sign_in(), "punctual") == [f"/standards/{number}"]


def test_translations_come_to_a_standard_that_was_there_before(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in
) -> None:
    number = translated(app)
    files = moved(app, prepared, tmp_path)
    prepared.reset()
    lines = files["standards.jsonl"].splitlines(keepends=True)
    first = tmp_path / "standards.jsonl"
    for name in ("people.csv", "departments.csv"):
        bring(app, tmp_path / "one" / name)
    without = [line for line in lines if '"record": "translation"' not in line]
    first.write_text("".join(without), encoding="utf-8")
    bring(app, first)
    assert sign_in().page(f"/standards/{number}").one("h1").text == "Оплата в срок"

    bring(app, tmp_path / "one" / "standards.jsonl")

    assert sign_in().page(f"/standards/{number}").one("h1").text == "Punctual payment"


def test_people_see_what_they_translated_among_what_is_known_of_them(app: Flask, sign_in) -> None:
    writer = make.moderator(app)
    number = translated(app)
    translating.translate(app, number, {2: ("Steps", "Finance pays.")}, by=writer)

    known = sign_in(writer).json("/settings/data.json")["translations"]["translations"]

    assert [(row["title"], row["text"]) for row in known] == [("Steps", "Finance pays.")]


def test_an_erased_translator_is_named_no_more_and_the_translation_stays(
    app: Flask, sign_in
) -> None:
    writer = make.moderator(app, name="Zoya Wintergreen")
    number = translated(app)
    translating.translate(app, number, {2: ("Steps", "Finance remunerates.")}, by=writer)

    erase(app, sign_in, writer, "Zoya Wintergreen")

    reader = sign_in()
    page = reader.page(f"/standards/{number}").text
    assert "Finance remunerates." in page
    assert found(app, reader, "remunerates") == [f"/standards/{number}"]
    for address in (f"/standards/{number}", f"/standards/{number}/history"):
        assert "Wintergreen" not in reader.get(address).text
    with app.app_context():
        row = db.session.query(Translation).filter_by(key=2).one()
        assert (row.title, row.by_id) == ("Steps", writer)
        assert "Wintergreen" not in db.session.get_one(Person, writer).name


def test_whom_translations_call_is_named_in_them_no_more_once_erased(app: Flask, sign_in) -> None:
    zoya = make.person(app, name="Zoya Wintergreen")
    call = f"@[Zoya Wintergreen](person:{zoya})"
    body = f"{call} отвечает.\n\n## Знает {call}\n\nДень.\n\n## Шаги\n\nБухгалтерия платит."
    number = standards.in_force(app, title="Оплата в срок", body=body)
    texts = {
        "title": ("What @Zoya Wintergreen knows", ""),
        "opening": ("", f"{call} answers."),
        1: ("@Zoya Wintergreen knows", "The day."),
        2: ("Steps of @Zoya Wintergreen", f"Ask {call}, then remunerate."),
    }
    translating.translate(app, number, texts)
    assert found(app, sign_in(), "wintergreen") == [f"/standards/{number}"]

    erase(app, sign_in, zoya, "Zoya Wintergreen")

    reader = sign_in()
    page = reader.page(f"/standards/{number}")
    assert page.one("h1").text == "What @former colleague knows"
    assert "@former colleague knows" in page.one("section", id="clause-1").text
    assert "Steps of @former colleague" in page.one("section", id="clause-2").text
    assert "Wintergreen" not in page.text
    assert "behind" not in page.one("article").text
    assert found(app, reader, "wintergreen") == []
    assert found(app, reader, "remunerate") == [f"/standards/{number}"]
    with app.app_context():
        told = [row.title for row in db.session.query(Translation)]
        told += [row.source + row.html + row.plain for row in db.session.query(Text)]
    assert "Wintergreen" not in " ".join(told)


def test_who_was_typed_into_titles_alone_is_named_in_them_no_more(app: Flask, sign_in) -> None:
    zoya, other = make.person(app, name="Zoya Wintergreen"), make.person(app, name="Olga")
    call, stays = f"@[Zoya Wintergreen](person:{zoya})", f"@[Olga](person:{other})"
    number = standards.in_force(app, title=f"Кому пишет {call}", body=RULE)
    standards.rewrite(app, number, title=f"Что знает {call} и {stays}", body=RULE, change=call)
    texts = {"title": (f"What {call} knows", ""), 1: (f"Purpose of {call}", "They know.")}
    translating.translate(app, number, texts)

    erase(app, sign_in, zoya, "Zoya Wintergreen")

    reader = sign_in()
    for address in ("", "?lang=ru", "/versions/1?lang=ru"):
        page = reader.page(f"/standards/{number}{address}")
        assert "Wintergreen" not in page.text, address
    assert stays in reader.page(f"/standards/{number}?lang=ru").one("h1").text
    page = reader.page(f"/standards/{number}")
    assert "former colleague" in page.one("h1").text
    assert "behind" not in page.one("article").text
    assert "former colleague" in page.one("section", id="clause-1").text


def erase(app: Flask, sign_in, person: int, name: str) -> None:
    answer = sign_in(make.admin(app)).post(f"/admin/people/{person}/erase", {"name": name})
    assert answer.status_code == 303
