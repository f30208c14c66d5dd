"""Any form of a word finds any other, and different words stay apart: through the real index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from forum.core.textcheck import word_set
from forum.search import indexer, language
from forum.search.analysis import words_of
from forum.search.documents import Document
from forum.search.engine.opened import read
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.ranking import FORMULA, less, match
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf, open_index
from forum.search.snippets import Wanted, marked

HERE = Path(__file__).parent
RARELY_WRITTEN = {"PRTF", "PRTS", "GRND", "Arch", "Infr", "Erro", "V-oy", "V-ey", "V-ej", "V-ie"}
"""Participles and gerunds are words of their own to whoever searches; the rest are forms that
nobody writes: archaic, infrequent and wrong ones, рукою, быстрей, знанье; so are по- comparatives
(Cmp2) and superlatives in -ейший (Supr)."""
RARELY_WRITTEN |= {"Cmp2", "Supr"}
NEW_WORDS = word_set("дашборд логин дедлайн онбординг тимлид чатбот скриншот битрикс зум спринт")
ENDINGS = ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах")

APART_RU = """
заявка заявление, стол стул, договор говор, отдел отделка, счёт счётчик, план планета, смена семена,
банк банкет, почта почёт, касса кассета, отчёт чёт, склад складка, закупка купка, срок сорок,
завод заводь, цех цехин, приказ указ, часть частный, доход доходчивый, налог аналог, право правило,
совет советский, рабочий рабство, служба служебник, дело делёж, цена ценз, товар товарищ,
карта картина, работа робот, ответ отвес
"""
APART_EN = """
university universe, organization organ, general generic, policy police, news new,
department depart, important import, authority author, customer custom, internal intern,
international internal,
business busy, several severe, experience experiment, position positive, terminal terminate,
publication public, invoice voice, critic critical, part party, army arm, digit digital,
secret secretary, object objective, past paste, station state, apartment apart, community commune,
form format, wander wand
"""
BEGUN_OTHERWISE_RU = word_set("идти человек ребёнок год быть хороший плохой малый мы слать ёлка")
BEGUN_OTHERWISE_EN = """
go went, good better best, bad worse, eat ate, die dies dying, inquiry enquiry enquiries,
curb kerb kerbs, edema oedema, estrogen oestrogen, paediatric pediatric, person people
"""


@pytest.fixture(scope="module")
def finder(tmp_path_factory):
    """A function that indexes words, a document each, and gives one that searches them."""

    def index(words: Iterable[str]) -> Any:
        listed = list(dict.fromkeys(words))
        target = Shelf(tmp_path_factory.mktemp("forms") / "index")
        build = target.new_build()
        documents = (Document("idea", n, "", f"{word}.") for n, word in enumerate(listed, 1))
        indexer.fill(build, Position("forms", 0), documents)
        view = View(read(open_index(build), PLAN, {}), FORMULA)

        def find(query: str) -> set[str]:
            parsed = language.parse(query)
            groups = language.without_stop_words(parsed)
            docs = match(Search(view), groups, less(parsed.without)).docs
            return {listed[int(i) - 1] for i in view.snapshot.column("id")[docs]}

        return find

    return index


def missed(families: list[list[str]], find: Any) -> tuple[list[str], int]:
    """What was not found, as `query → form`, and how many pairs there were."""
    misses, pairs = [], 0
    for forms in families:
        for query in forms:
            pairs += len(forms)
            misses += [f"{query} → {form}" for form in sorted(set(forms) - find(query))]
    return misses, pairs


@cache
def analyzer() -> Any:
    """pymorphy3 itself, not the one of our lemmas."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


def paradigm(word: str) -> list[str]:
    """All forms of a word that people write, as pymorphy3 inflects it."""
    parse = next(p for p in analyzer().parse(word) if p.normal_form == word)
    return sorted({form.word for form in parse.lexeme if not RARELY_WRITTEN & form.tag.grammemes})


def test_any_form_of_a_russian_word_finds_any_other(finder):
    words = (HERE / "forms_ru.txt").read_text(encoding="utf-8").split()
    families = [paradigm(word) for word in words]

    misses, pairs = missed(families, finder(form for forms in families for form in forms))

    assert len(words) >= 300
    assert len(misses) <= 0.01 * pairs, "\n".join(misses)


def test_new_russian_words_are_found_by_any_form(finder):
    families = [[f"{word}{ending}".replace("гы", "ги") for ending in ENDINGS] for word in NEW_WORDS]

    misses, _pairs = missed(families, finder(form for forms in families for form in forms))

    assert misses == []


def test_any_form_of_an_english_word_finds_any_other(finder):
    lines = (HERE / "forms_en.txt").read_text(encoding="utf-8").splitlines()
    families = [line.split() for line in lines]

    misses, pairs = missed(families, finder(form for forms in families for form in forms))

    assert len(families) >= 100
    assert len(misses) <= 0.01 * pairs, "\n".join(misses)


def test_what_a_text_is_found_by_is_marked_in_it_however_it_begins():
    words = (HERE / "forms_ru.txt").read_text(encoding="utf-8").split()
    lines = (HERE / "forms_en.txt").read_text(encoding="utf-8").splitlines()
    families = [*map(paradigm, (*words, *BEGUN_OTHERWISE_RU)), *map(str.split, lines)]
    families += [pair.split() for pair in BEGUN_OTHERWISE_EN.split(",")]

    unmarked = [
        f"{forms[0]} → {form}"
        for forms in families
        for form in forms
        if found_by(forms[0]) & found_by(form)
        if f"<mark>{escape(form)}</mark>"
        not in marked(form, Wanted(language.parse(forms[0]).operands))
    ]

    assert unmarked == []


def found_by(word: str) -> set[str]:
    """The terms that the index has a word under."""
    return {term for each in words_of(word) for term in each.lemmas}


@pytest.mark.parametrize("pairs", [APART_RU, APART_EN], ids=["ru", "en"])
def test_different_words_do_not_find_one_another(finder, pairs):
    apart = [pair.split() for pair in pairs.split(",")]
    find = finder(word for pair in apart for word in pair)

    joined = [(one, other) for one, other in apart if other in find(one) or one in find(other)]

    assert len(apart) == 30
    assert joined == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"цена стали"', "Цены стали растут"),
        ('"марка сталь"', "Все марки стали"),
        ('"онлайн касса"', "Нет онлайн-кассы"),
        ("онлайн-касса", "Кассы онлайн-касс"),
        ("email", "No e-mails"),
        ("e-mail", "Send an email"),
        ("10 кг", "Мешок 10кг"),
        ("10кг", "Мешок 10 кг"),
        ("100 000", "Лимит 100000 рублей"),
        ("100000", "Лимит 100 000 рублей"),
        ("PS 014", "Смотри PS-014"),
        ("ps014", "Смотри PS 014"),
        ("PS-014", "Смотри ps014"),
        ("1С", "Обмен с 1C"),
        ("petrova", "Пишите anna.petrova@corp.example"),
        ("anna.petrova@corp.example", "Пишите anna.petrova@corp.example"),
        ("отпуск", "https://wiki.corp.example/hr/отпуска"),
        ("wiki.corp.example", "https://wiki.corp.example/hr"),
        ("счета", "Новый cчёт"),
        ("5 %", "Скидка 5%"),
        ("сталь", "Мы стали выше"),
    ],
)
def test_what_is_written_differently_is_found(finder, query, text):
    find = finder([text])

    assert find(query) == {text}
