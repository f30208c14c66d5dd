"""What a search is narrowed by, in words of both languages, over a real index."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from forum.search.follower import catch_up
from tests.search.office import APPROVALS, INVOICES, RULE, SCANNER, office
from tests.support import make
from tests.support.browser import Browser


def titles(browser: Browser, query: str, **options: Any) -> list[str]:
    """The titles of what is found, in order."""
    answer = browser.json("/search", query_string={"q": query, "limit": 100, **options})
    return [hit["title"] for hit in answer["hits"]]


def ideas(browser: Browser, query: str) -> set[str]:
    """The titles of the ideas that are found."""
    return set(titles(browser, query, kind="idea"))


FILTERS = [
    ("title:invoices", "заголовок:invoice", {INVOICES}),
    ("stage:open", "статус:открыта", {INVOICES}),
    ("stage:declined", "этап:отклонённые", {SCANNER}),
    ("stage:open,declined", "статус:открыто,отклонено", {INVOICES, SCANNER}),
    ("-stage:declined", "-статус:отклонена", {INVOICES, APPROVALS}),
    ("stage:standardized", "статус:стандарт", {APPROVALS}),
    ("affected:finance", "затронут:FIN", {SCANNER, APPROVALS}),
    ('affected:"отдел ит"', "затронут:it", {INVOICES, APPROVALS}),
    ("dept:finance", "отдел:finance", {INVOICES, APPROVALS}),
    ("dept:fin", 'отдел:"Отдел ИТ",fin', None),
    ("author:ёлк", "автор:елкина", {INVOICES, APPROVALS}),
    ('author:"smith boris"', "автор:boris", {SCANNER}),
    ("tag:paper", "метка:Paper", {INVOICES}),
    ('tag:"охрана труда"', "тег:охрана-труда", {INVOICES}),
    ("votes:>2", "голоса:>=3", {INVOICES}),
    ("votes:1..3", "голоса:1-3", {INVOICES, APPROVALS}),
    ("votes:0", "голоса:<1", {SCANNER}),
    ("comments:>1", "комментарии:2", {INVOICES}),
    ("before:2025", "до:2025", {INVOICES}),
    ("before:2025-07-01", "до:01.07.2025", {INVOICES}),
    ("after:2025-07-01 before:2025-07-02", "после:01.07.2025 до:02.07.2025", {SCANNER}),
    ("after:yesterday", "после:вчера", {APPROVALS}),
    ("year:2024", "год:2024", {INVOICES}),
    ("year:2024,2025", "год:2024,2025", {INVOICES, SCANNER}),
    ("updated:<2025", "обновлено:<2025", {INVOICES}),
    ("updated:today", "обновлено:сегодня", {APPROVALS}),
    ("stuck:>10d", "застряло:>10д", {INVOICES}),
    ("stuck:<10d", "застряло:<10д", set()),
    ("unanswered:it", "без-ответа:it", {INVOICES}),
    ("has:standard", "есть:стандарт", {APPROVALS}),
    ("standard:PS-001", "стандарт:1", {APPROVALS}),
    ("lang:ru", "язык:русский", {APPROVALS}),
    (
        "(stage:open OR stage:declined) -votes:>2",
        "(статус:открыта | метка:scans) -голоса:3",
        {SCANNER},
    ),
    ("-(tag:paper OR tag:scans)", "-(метка:paper | метка:scans)", {APPROVALS}),
    ("(invoices OR tag:scans)", "(invoices ИЛИ метка:scans)", {INVOICES, SCANNER}),
    ("invoices -tag:paper", "invoices -метка:paper", set()),
]


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_each_filter_finds_what_it_says_in_either_language(app, sign_in, locale):
    office(app)
    browser = sign_in(locale=locale)

    for english, russian, expected in FILTERS:
        for query in (english, russian):
            found = ideas(browser, query)
            assert found == (expected if expected is not None else {*found}), query
            assert "не знает" not in browser.get("/search", query_string={"q": query}).text


def test_kinds_are_named_in_both_languages(app, sign_in):
    office(app)
    browser = sign_in()

    for query in ("type:standard approvals", "вид:стандарт approvals", "kind:standards approval"):
        assert titles(browser, query) == [RULE]
    assert set(titles(browser, "type:idea,person елкина OR invoices")) == {INVOICES, "Анна Ёлкина"}
    assert titles(browser, "type:person dept:it") == ["Boris Smith"]
    assert "Отдел ИТ" in titles(browser, "вид:отделы")


def test_me_is_the_reader_and_their_department(app, sign_in):
    here = office(app)

    anna, boris = sign_in(here.anna), sign_in(here.boris)

    assert ideas(anna, "author:me") == ideas(anna, "автор:я") == {INVOICES, APPROVALS}
    assert ideas(boris, "author:me") == {SCANNER}
    assert ideas(boris, "unanswered:me") == ideas(boris, "ждёт:меня") == {INVOICES}
    assert ideas(anna, "unanswered:me") == set()


def test_an_answer_that_is_given_is_no_longer_waited_for(app, sign_in):
    here = office(app)
    boris = sign_in(here.boris)
    waiting = boris.json("/search?q=unanswered:me")["hits"]

    make.answer(app, int(waiting[0]["id"]), here.it, here.boris, "helps")
    catch_up(app)

    assert ideas(boris, "unanswered:me") == set()


def test_what_is_standardised_is_found_by_the_number_from_then_on(app, sign_in):
    from tests.search.office import _approvals

    finance = make.department(app, "Finance")
    catch_up(app)
    before = ideas(sign_in(), "has:standard")
    _approvals(app, make.person(app), [finance, finance][:1])
    catch_up(app)

    assert before == set()
    assert ideas(sign_in(), "has:standard") == {APPROVALS}
    assert set(titles(sign_in(), "standard:ps-001")) == {APPROVALS, RULE}


def test_only_administrators_find_an_author_by_e_mail(app, sign_in):
    office(app)

    assert ideas(sign_in(role="admin"), "author:ANNA@example.org") == {INVOICES, APPROVALS}
    for other in (sign_in(), sign_in(role="moderator")):
        page = other.page("/search?q=author:anna@example.org&kind=idea")
        assert INVOICES not in page.text
        assert "does not know “anna@example.org”" in page.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "stagge:open invoices",
            "“stagge:” is no filter, so it was read as words. Did you mean “stage:”?",
        ),
        ("qqqq:open invoices", "“qqqq:” is no filter, so it was read as words."),
        (
            "stage:opne invoices",
            "“stage:” does not know “opne”, so it was read as words. Did you mean “open”?",
        ),
        ("tag:papper invoices", "Did you mean “Paper”?"),
        ("dept:finanse invoices", "Did you mean “Finance”?"),
        ("votes:many invoices", "“votes:” does not know “many”, so it was read as words."),
        ("before:2026-13-45 invoices", "“before:” does not know “2026-13-45”"),
        ("author:nobody invoices", "“author:” does not know “nobody”"),
        ("sort:sideways invoices", "“sort:” does not know “sideways”"),
        ("standard:PS-099 invoices", "“standard:” does not know “PS-099”"),
    ],
)
def test_what_a_filter_does_not_know_is_said_and_searched_for(app, sign_in, query, sentence):
    office(app)

    page = sign_in().page(f"/search?q={quote(query)}")

    assert sentence in page.text
    assert INVOICES in page.text


def test_a_service_is_no_kind_while_the_map_is_off(app, sign_in):
    office(app)

    page = sign_in().page("/search?q=type:servise+invoices")

    assert "does not know" in page.text
    assert "Did you mean" not in page.text


@pytest.mark.parametrize(
    ("typed", "address", "order"),
    [
        ("sort:votes", "votes", [INVOICES, APPROVALS, SCANNER]),
        ("порядок:новые", "new", [APPROVALS, SCANNER, INVOICES]),
        ("sort:active", "active", [APPROVALS, SCANNER, INVOICES]),
    ],
)
def test_results_are_ordered_as_asked_page_by_page(app, sign_in, typed, address, order):
    office(app)
    browser = sign_in()

    assert titles(browser, f"type:idea {typed}") == order
    assert titles(browser, "type:idea", sort=address) == order
    first = browser.json("/search", query_string={"q": f"type:idea {typed}", "limit": 2})
    second = browser.json(
        "/search", query_string={"q": f"type:idea {typed}", "limit": 2, "cursor": first["next"]}
    )
    assert [hit["title"] for hit in first["hits"] + second["hits"]] == order


def test_a_vote_counts_for_a_filter_without_another_look_at_the_idea(app, sign_in):
    office(app)
    browser = sign_in()
    before = ideas(browser, "invoices votes:>3")
    make.vote(app, int(browser.json("/search?q=invoices&kind=idea")["hits"][0]["id"]))
    catch_up(app)

    assert before == set()
    assert ideas(browser, "invoices votes:>3") == {INVOICES}


def test_filters_and_what_is_excluded_are_never_relaxed(app, sign_in):
    office(app)
    browser = sign_in()

    assert titles(browser, '"seen it" zzz kind:idea') == []
    assert titles(browser, "invoices zzz -late") == []
    assert titles(browser, "scanner zzz tag:paper") == []
    assert titles(browser, "invoices zzz tag:paper") == [INVOICES]
