"""Standards are found clause by clause, by their headings and by who keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from forum.search.follower import catch_up
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
BODY = """Everybody who pays.

## Purpose

Suppliers know the day.

## Сроки оплаты

### Urgent invoices

Cheques are written within a day.

### All others

Within ten days."""
PAYING, ROOMS = "PS-001 Paying suppliers", "PS-002 Meeting rooms"


@pytest.fixture
def company(app: Flask) -> tuple[int, int]:
    """Two standards of two owners; the ids of those."""
    finance = make.department(app, "Finance", slug="finance", code="FIN")
    anna = make.person(app, name="Анна Ёлкина", department=finance)
    boris = make.person(app, name="Boris Smith", department=finance)
    standards.in_force(app, title="Paying suppliers", body=BODY, owner=anna, departments=[finance])
    standards.in_force(
        app, title="Meeting rooms", body="## Purpose\n\nRooms are free.", owner=boris
    )
    catch_up(app)
    return anna, boris


def found(reader: Browser, query: str) -> set[str]:
    hits = reader.json("/search", query_string={"q": query, "kind": "standard"})["hits"]
    return {hit["title"] for hit in hits}


def offered(reader: Browser, typed: str) -> list[dict[str, Any]]:
    items = reader.json("/search/suggest", query_string={"filters": "1", "q": typed})["items"]
    return [item for item in items if item["kind"] == "filter"]


def places(reader: Browser, query: str) -> list[tuple[str, str]]:
    """The clauses that the page of results leads to, with their addresses."""
    page = reader.page(f"/search?{urlencode({'q': query})}")
    return [
        (" ".join(link.text.split()), link["href"])
        for link in page.all("a")
        if "#clause-" in link["href"]
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("clause:purpose", {PAYING, ROOMS}),
        ("section:2.1", {PAYING}),
        ("clause:2.1.", {PAYING}),
        ("clause:9", set()),
        ('clause:"сроки оплаты"', {PAYING}),
        ("пункт:СРОКИ", {PAYING}),
        ("раздел:оплат", {PAYING}),
        ("clause:purpose -clause:others", {ROOMS}),
        ("clause:purpose suppliers", {PAYING}),
        ("owner:smith", {ROOMS}),
        ('owner:"анна елкина"', {PAYING}),
        ("ответственный:Boris,ёлкина", {PAYING, ROOMS}),
        ("-owner:boris clause:purpose", {PAYING}),
        ("владелец:finance", {PAYING, ROOMS}),
    ],
)
def test_clause_and_owner_narrow_to_standards(
    company: tuple[int, int], sign_in: SignIn, query: str, expected: set[str]
) -> None:
    assert found(sign_in(), query) == expected


def test_me_are_the_standards_that_one_keeps_today(
    app: Flask, company: tuple[int, int], sign_in: SignIn
) -> None:
    assert found(sign_in(company[0]), "owner:me") == {PAYING}
    assert found(sign_in(company[1]), "ответственный:я") == {ROOMS}
    assert found(sign_in(), "owner:me") == set()


def test_a_department_is_found_though_a_name_begins_like_its_own(
    app: Flask, company: tuple[int, int], sign_in: SignIn
) -> None:
    hr = make.department(app, "Human Resources", slug="human-resources", code="HR")
    hristo = make.person(app, name="Hristo Human", department=hr)
    keeper = make.person(app, name="Vera Keeper", department=hr)
    body = "## Purpose\n\nLeave is asked for."
    standards.in_force(app, title="Leave", body=body, owner=keeper, departments=[hr])
    catch_up(app)
    reader, leave = sign_in(), {"PS-003 Leave"}

    assert found(reader, "owner:hr") == found(reader, "department:hr") == leave
    assert found(reader, "owner:human-resources") == leave
    assert found(reader, "owner:human") == leave, "nobody called so keeps any"
    assert found(reader, "owner:hristo") == set()
    assert "Owner: Hristo Human" in reader.page("/search?q=leave+owner:hristo").text

    other = "## Purpose\n\nNew people are shown around."
    standards.in_force(app, title="First day", body=other, owner=hristo, departments=[hr])
    catch_up(app)

    assert found(reader, "owner:human") == {"PS-004 First day"}
    assert found(reader, "owner:hr") == {*leave, "PS-004 First day"}


def test_their_chips_take_them_away(company: tuple[int, int], sign_in: SignIn) -> None:
    page = sign_in().page("/search?q=suppliers+clause:purpose+owner:ёлк")

    assert "Clause: purpose" in page.text
    assert "Owner: Анна Ёлкина" in page.text
    assert page.all("a", href="/search?q=suppliers+owner%3A%D1%91%D0%BB%D0%BA")


def test_names_and_values_are_offered_while_one_types(
    company: tuple[int, int], sign_in: SignIn
) -> None:
    reader = sign_in()

    assert [item["title"] for item in offered(reader, "cla")] == ["clause:"]
    assert [item["title"] for item in offered(reader, "пункт")] == ["пункт:"]
    assert [item["text"] for item in offered(reader, "clause:сро")] == ['clause:"сроки оплаты" ']
    assert [item["text"] for item in offered(reader, "owner:smi")] == ['owner:"Boris Smith" ']
    helped = reader.page("/search/help").text
    assert "clause:deadlines" in helped
    assert "owner:me" in helped


@pytest.mark.parametrize(
    "value",
    ["'; DROP TABLE clause--", "%", "_", "x" * 300, ".", "…", "2.1.1.1.1", "0" * 90],
)
def test_a_value_that_means_nothing_is_said(
    company: tuple[int, int], sign_in: SignIn, value: str
) -> None:
    for name in ("clause", "owner"):
        page = sign_in().page("/search?" + urlencode({"q": f'{name}:"{value}"'}))

        assert f"“{name}:” does not know" in page.text


def test_a_hit_leads_to_the_clause_that_has_the_words(
    company: tuple[int, int], sign_in: SignIn
) -> None:
    reader = sign_in()

    [place] = places(reader, "cheques")
    page = reader.page("/search?q=cheques")

    assert place[0] == "Clause: 2.1 Urgent invoices"
    assert reader.page(place[1].partition("#")[0]).all(id=place[1].partition("#")[2])
    assert [mark.text for mark in page.all("mark")] == ["Cheques"]
    assert "Suppliers know" not in page.one("article", class_="hit").text


def test_a_hit_leads_to_the_clause_that_was_asked_for(
    company: tuple[int, int], sign_in: SignIn
) -> None:
    reader = sign_in()

    assert [name for name, _url in places(reader, "suppliers clause:others")] == [
        "Clause: 2.2 All others"
    ]
    assert [name for name, _url in places(reader, "clause:2.2")] == ["Clause: 2.2 All others"]


def test_what_stands_before_the_clauses_leads_to_none(
    company: tuple[int, int], sign_in: SignIn
) -> None:
    assert places(sign_in(), "everybody") == []


def test_the_last_clause_of_a_long_standard_is_shown_too(app: Flask, sign_in: SignIn) -> None:
    body = "\n\n".join(f"## Part {n}\n\n{'Nothing new here. ' * 60}" for n in range(60))
    standards.in_force(app, title="Long", body=f"{body}\n\n## Last\n\nA pelican lives here.")
    catch_up(app)

    page = sign_in().page("/search?q=pelican")

    assert "61 Last" in page.text
    assert [mark.text for mark in page.all("mark")] == ["pelican"]


def test_drafts_and_older_versions_have_no_clause_to_find(
    app: Flask, company: tuple[int, int], sign_in: SignIn
) -> None:
    standards.drafted(app, title="Secret", body="## Redundancies\n\nSoon.", owner=company[0])
    standards.rewrite(app, "PS-002", body="## Booking\n\nBook rooms.")
    catch_up(app)

    for reader in (sign_in(), sign_in(company[0]), sign_in(make.moderator(app))):
        assert "does not know" in reader.page("/search?q=clause:redundancies").text
        assert not offered(reader, "clause:redu")
        assert found(reader, "clause:purpose") == {PAYING}
        assert found(reader, "owner:ёлкина") == {PAYING}


def test_a_consultant_learns_of_no_clause_elsewhere(
    app: Flask, company: tuple[int, int], sign_in: SignIn
) -> None:
    depot = make.department(app, "Depot")
    standards.in_force(app, title="Racks", body="## Racks\n\nHigh.", departments=[depot])
    catch_up(app)
    guest = sign_in(make.person(app, kind="consultant", attached=[depot]))

    assert found(guest, "clause:racks") == {"PS-003 Racks"}
    assert "does not know" in guest.page("/search?q=clause:urgent").text
    assert not offered(guest, "clause:urg")
    assert "does not know" in guest.page("/search?q=owner:smith").text


def test_places_cost_one_query_however_many_standards(
    app: Flask, company: tuple[int, int], sign_in: SignIn, queries: Any
) -> None:
    reader = sign_in()
    reader.page("/search?q=suppliers")

    with queries(5):  # reader, departments, the glossary's revision, standards, their clauses
        reader.page("/search?q=purpose")
