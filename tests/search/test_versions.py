"""Older versions of standards are found clause by clause, and only by who asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.admin.erasure import erase
from forum.core.db import db
from forum.departments.merging import merge
from forum.departments.models import Department
from forum.search.follower import catch_up
from forum.search.saved.models import Alert
from tests.search.questions import plain
from tests.search.saved.watching import keep, minute, told
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
FIRST = "Everybody.\n\n## Purpose\n\nSuppliers know.\n\n## Deadlines\n\nCheques within a fortnight."
SECOND = "Everybody.\n\n## Purpose\n\nSuppliers know.\n\n## Deadlines\n\nTransfers in ten days."
THIRD = "Everybody.\n\n## Purpose\n\nSuppliers know.\n\n## Deadlines\n\nTransfers in five days."
V1, V2 = "/standards/PS-001/versions/1", "/standards/PS-001/versions/2"


@pytest.fixture
def finance(app: Flask) -> int:
    """A department whose standard is in its third version."""
    finance = make.department(app, "Finance", slug="finance", code="FIN")
    written: dict[str, Any] = {"departments": [finance]}
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=UTC), tick=False):
        number = standards.in_force(app, title="Paying by cheque", body=FIRST, **written)
    for day, body in ((4, SECOND), (7, THIRD)):
        with time_machine.travel(datetime(2026, 3, day, 9, tzinfo=UTC), tick=False):
            standards.rewrite(app, number, title="Paying suppliers", body=body, **written)
    catch_up(app)
    return finance


def ask(reader: Browser, query: str, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = reader.json("/search", query_string={"q": query, **more})
    return answer


def found(reader: Browser, query: str, **more: str) -> set[str]:
    """The addresses that a search leads to."""
    return {hit["url"] for hit in ask(reader, query, **more)["hits"]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cheques", set()),
        ("cheques version:old", {V1}),
        ("cheques версия:старые", {V1}),
        ("cheques редакция:прежняя", {V1}),
        ("(version:old OR stage:open) -transfers", {V1}),
        ("transfers version:all", {V2, "/standards/PS-001"}),
        ("transfers version:2", {V2}),
        ("transfers version:3", {"/standards/PS-001"}),
        ("version:<3", {V1, V2}),
        ("version:2..3", {V2, "/standards/PS-001"}),
        ("version:old -version:2", {V1}),
        ("-version:old transfers", {"/standards/PS-001"}),
        ("-version:3 suppliers", set()),
        ("version:elsewhere cheques", set()),
        ("version:old kind:standard", {V1, V2}),
        ("version:old kind:idea", set()),
        ("version:old standard:PS-001 clause:deadlines cheques", {V1}),
        ("version:old standard:PS-009", set()),
        ("version:old dept:finance", set()),
        ("version:old affected:finance", {V1, V2}),
        ("version:old lang:ru", set()),
        ("version:old title:cheque", {V1}),
        ("stage:in-force version:all", {"/standards/PS-001"}),
    ],
)
def test_older_versions_are_found_when_asked_for(
    finance: int, sign_in: SignIn, query: str, expected: set[str]
) -> None:
    assert {url for url in found(sign_in(), query) if "/standards/" in url} == expected


def test_one_may_ask_for_them_in_the_address_too(finance: int, sign_in: SignIn) -> None:
    assert found(sign_in(), "cheques", version="old") == {V1}
    assert found(sign_in(), "", version="old") == {V1, V2}


def test_those_of_an_owner_are_found_by_who_keeps_it_today(app: Flask, sign_in: SignIn) -> None:
    anna = make.person(app, name="Anna Keeper")
    make.idea(app, anna, title="An idea with an id")
    standards.in_force(app, title="Rooms", body=FIRST, owner=anna)
    standards.rewrite(app, "PS-001", body=SECOND)
    catch_up(app)

    assert found(sign_in(), "owner:keeper version:old") == {V1}
    assert found(sign_in(), "owner:keeper") == {"/standards/PS-001"}


def test_a_hit_leads_to_the_clause_of_the_version_and_says_until_when(
    finance: int, sign_in: SignIn
) -> None:
    reader = sign_in()
    page = reader.page("/search?q=cheques+version:old")

    [link] = [each["href"] for each in page.all("a") if "#clause-" in each["href"]]
    address, _hash, clause = link.partition("#")
    assert address == V1
    assert reader.page(address).one(id=clause)
    assert "version 1, superseded on Mar 4, 2026" in page.text
    assert "Version: older ones" in page.text
    assert page.all("a", href="/search?q=cheques")
    [hit] = ask(reader, "cheques version:old")["hits"]
    assert (hit["kind"], hit["title"]) == ("standard", "PS-001 Paying by cheque")
    assert "<mark>Cheques</mark> within a fortnight" in hit["snippet"]


def test_what_was_retired_is_an_older_version(app: Flask, finance: int, sign_in: SignIn) -> None:
    standards.retire(app, "PS-001")
    catch_up(app)

    assert found(sign_in(), "transfers") == set()
    assert found(sign_in(), "transfers version:old") == {V2, "/standards/PS-001/versions/3"}
    assert "version 3, retired on" in sign_in().page("/search?q=transfers+version:3").text


def test_a_draft_is_no_older_version(app: Flask, finance: int, sign_in: SignIn) -> None:
    standards.redraft(app, "PS-001", body=f"{THIRD}\n\nZebrigont.", departments=[finance])
    standards.drafted(app, title="Zebrigont", body=FIRST)
    catch_up(app)

    for query in ("zebrigont version:all", "zebrigont version:old", "zebrigont version:4"):
        assert found(sign_in(role="moderator"), query) == set()


def test_a_consultant_finds_those_of_standards_that_they_see_today(
    app: Flask, finance: int, sign_in: SignIn
) -> None:
    sales = make.department(app, "Sales", slug="sales", code="SAL")
    here = make.person(app, kind="consultant", attached=[finance])
    there = make.person(app, kind="consultant", attached=[sales])
    assert found(sign_in(here), "version:old") == {V1, V2}
    assert ask(sign_in(there), "cheques version:old")["total"] == 0

    standards.rewrite(app, "PS-001", body=FIRST, departments=[sales])
    catch_up(app)

    assert found(sign_in(there), "version:old") == {V1, V2, "/standards/PS-001/versions/3"}
    assert ask(sign_in(here), "version:old")["total"] == 0
    standards.retire(app, "PS-001")
    catch_up(app)
    assert ask(sign_in(there), "version:all")["total"] == 0


def test_a_merged_department_takes_its_older_versions_along(
    app: Flask, finance: int, sign_in: SignIn
) -> None:
    sales = make.department(app, "Sales", slug="sales", code="SAL")
    consultant = make.person(app, kind="consultant", attached=[sales])
    admin = make.admin(app)
    with app.app_context():
        old, into = (db.session.get_one(Department, one) for one in (finance, sales))
        merge(db.session.get_one(Person, admin), old, into)
    catch_up(app)

    assert found(sign_in(consultant), "version:old") == {V1, V2}


QUESTIONS = (
    *("transfers", "cheques", "chequs", "suppliers OR paying", "invoice", "cheq*", "type:standard"),
    *("clause:deadlines", "title:cheque", '"fortnight"', "affected:finance", "-version:9 invoice"),
)


def test_whoever_does_not_ask_is_answered_as_if_there_were_none(
    app: Flask, sign_in: SignIn
) -> None:
    """The same company with the last version as its first, and with two before it."""
    reader = make.person(app, email="reader@example.org")
    finance = make.department(app, "Finance", slug="finance", code="FIN")
    for number in range(3):
        make.idea(app, title=f"Invoice {number} transfers", departments=[finance])
    moment = datetime(2026, 3, 9, 9, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        twin = {"title": "Rooms of suppliers", "departments": [finance]}
        standards.in_force(app, body=THIRD, **twin)
        catch_up(app)
        before = _everything(sign_in(reader))
        standards.rewrite(app, "PS-001", **{**twin, "title": "Cheques", "body": FIRST})
        standards.rewrite(app, "PS-001", body=THIRD, **twin)
        catch_up(app)
        after = _everything(sign_in(reader))

    assert after == before


def _everything(reader: Browser) -> dict[str, Any]:
    answers: dict[str, Any] = {q: plain(ask(reader, q)) for q in QUESTIONS}
    answers["suggest"] = reader.json("/search/suggest", query_string={"q": "cheq"})
    answers["filters"] = reader.json(
        "/search/suggest", query_string={"filters": "1", "q": "clause:dead"}
    )
    body = {"title": "Cheques", "body": "Cheques within a fortnight for suppliers"}
    answers["similar"] = plain(reader.json("/search/similar", query_string=body))
    return answers


def test_who_was_erased_is_not_found_in_older_versions_either(app: Flask, sign_in: SignIn) -> None:
    zoya = make.person(app, name="Zoya Wintergreen")
    body = f"## Purpose\n\nCheques are written by @[Zoya Wintergreen](person:{zoya})."
    standards.in_force(app, title="Paying", body=body)
    standards.rewrite(app, "PS-001", body=THIRD)
    catch_up(app)
    assert found(sign_in(), "wintergreen version:old") == {V1}

    admin = make.admin(app)
    with app.app_context():
        erase(db.session.get_one(Person, admin), db.session.get_one(Person, zoya))
    catch_up(app)

    assert ask(sign_in(), '"wintergreen" version:old')["total"] == 0
    assert found(sign_in(), "cheques version:old") == {V1}


def test_filters_are_offered_and_explained(finance: int, sign_in: SignIn) -> None:
    reader = sign_in()
    sent = {"filters": "1", "q": "version:"}
    items = reader.json("/search/suggest", query_string=sent)["items"]
    assert [item["title"] for item in items] == ["version:old", "version:all"]
    assert "version:old" in reader.page("/search/help").text
    notice = "“version:” does not know “oldr”, so it was read as words. Did you mean “older”?"
    assert notice in reader.page("/search?q=version:oldr").text


def test_why_a_version_is_found_is_told(finance: int, sign_in: SignIn) -> None:
    page = sign_in(role="admin").page(f"/search?{urlencode({'q': 'cheques version:1'})}&why=1")
    assert "Why this hit" in page.text


def test_a_page_of_versions_goes_on_where_the_last_one_ended(finance: int, sign_in: SignIn) -> None:
    reader = sign_in()
    first = ask(reader, "version:all", limit="1")
    second = ask(reader, "version:all", limit="1", cursor=first["next"])
    third = ask(reader, "version:all", limit="1", cursor=second["next"])
    urls = [page["hits"][0]["url"] for page in (first, second, third)]
    assert sorted(urls) == ["/standards/PS-001", V1, V2]
    assert (first["total"], third["next"]) == (3, None)
    assert [each["count"] for each in first["facets"]["kind"]] == [3]


def test_a_saved_search_for_older_versions_tells_when_one_grows_old(
    app: Flask, finance: int
) -> None:
    reader = make.person(app)
    asked = keep(app, reader, "transfers version:old", alert=Alert.AT_ONCE)
    plainly = keep(app, reader, "cheques", alert=Alert.AT_ONCE)
    standards.rewrite(app, "PS-001", body=SECOND, departments=[finance])
    minute(app)

    assert [kind for kind, _id in told(app, asked)] == ["version"] * 2
    assert [kind for kind, _id in told(app, plainly)] == []
