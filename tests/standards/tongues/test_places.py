"""A search leads to the clause whose translation has the words, in the language that has them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask

from forum.search.follower import catch_up
from tests.standards import standards
from tests.standards.tongues import translating
from tests.standards.tongues.translating import within
from tests.support import make
from tests.support.browser import Browser

RULE = """Для всех, кто платит.

## Цель

Поставщики знают день из SAP.

## Шаги

Бухгалтерия платит.

## Исключения

Их нет."""
Shown = tuple[str, str, str, str, str]


@pytest.fixture
def number(app: Flask) -> str:
    """A Russian standard of three clauses; its opening and the first two are in English too."""
    number = standards.in_force(app, title="Оплата в срок", body=RULE)
    texts = {
        "opening": ("", "For whoever purchases."),
        1: ("Purpose", "Suppliers anticipate the date in SAP, and SAP pays."),
        2: ("Steps", "Finance pays."),
    }
    translating.translate(app, number, texts)
    catch_up(app)
    return number


def place(reader: Browser, query: str) -> Shown:
    """The only hit's clause with its language and address, and its passage with its own."""
    page = reader.page(f"/search?{urlencode({'q': query})}")
    hit = page.one("article", class_="hit")
    [link] = [each for each in page.all("a") if hit in each.inside and "#" in each["href"]]
    name = within(page, link, "span")
    [passage] = [each for each in page.all("p") if hit in each.inside and "class" not in each]
    return name.text, name["lang"], link["href"], passage.text.strip(), passage["lang"]


def test_a_hit_leads_to_the_clause_whose_translation_has_the_words(
    number: str, app: Flask, sign_in
) -> None:
    said = "Suppliers anticipate the date in SAP, and SAP pays."
    address = f"/standards/{number}"

    for reader, url in (
        (sign_in(), f"{address}#clause-1"),
        (sign_in(make.person(app, locale="ru")), f"{address}?lang=en#clause-1"),
    ):
        shown = place(reader, "anticipate")

        assert shown == ("1 Purpose", "en", url, said, "en")
        assert said in reader.page(url.partition("#")[0]).one("section", id="clause-1").text


def test_a_word_of_both_languages_leads_to_its_clause_in_the_reader_s(
    number: str, app: Flask, sign_in
) -> None:
    url = f"/standards/{number}#clause-1"
    russian = sign_in(make.person(app, locale="ru"))

    assert place(sign_in(), "SAP")[:3] == ("1 Purpose", "en", url)
    shown = place(russian, "SAP")
    assert shown == ("1 Цель", "ru", url, "Поставщики знают день из SAP.", "ru")


def test_clauses_are_found_by_their_translated_headings(number: str, sign_in) -> None:
    url = f"/standards/{number}#clause-2"

    assert place(sign_in(), "clause:steps") == ("2 Steps", "en", url, "Finance pays.", "en")
    assert place(sign_in(), "clause:шаги finance") == ("2 Steps", "en", url, "Finance pays.", "en")
    assert place(sign_in(), "пункт:шаги")[0] == "2 Шаги"


def test_a_translated_opening_leads_to_no_clause(number: str, sign_in) -> None:
    page = sign_in().page("/search?q=purchases")

    assert "Clause:" not in page.one("article", class_="hit").text
    [mark] = page.all("mark")
    assert (mark.text, mark.inside[-1]["lang"]) == ("purchases", "en")
