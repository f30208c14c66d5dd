"""The list and the reading page: filters, paging, costs, clauses, paper."""

from __future__ import annotations

import sys
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from forum.core.clock import today
from forum.core.paging import encode_cursor
from forum.standards.document import lay_out
from tests.standards import standards
from tests.support import make


def listed(browser, address: str = "/standards") -> list[str]:
    page = browser.page(address)
    return [e["data-standard"] for e in page.all("article", data_standard=True)]


def test_an_empty_list_says_what_belongs_there(sign_in) -> None:
    page = sign_in().page("/standards")

    assert "No standards yet" in page.text


def test_the_list_is_filtered_and_sorted_by_its_address(app: Flask, sign_in) -> None:
    finance = make.department(app, "Finance", slug="finance")
    one = standards.in_force(app, departments=[finance])
    two = standards.in_force(app)
    three = standards.drafted(app, departments=[finance])
    standards.rewrite(app, one, body="Again.", departments=[finance])
    reader, moderator = sign_in(), sign_in(make.moderator(app))

    assert listed(reader) == [one, two]
    assert listed(reader, "/standards?sort=recent") == [one, two]
    assert listed(reader, "/standards?department=finance") == [one]
    assert listed(moderator) == [one, two, three]
    assert listed(moderator, "/standards?department=finance&state=draft") == [three]
    assert listed(reader, "/standards?state=draft") == []
    odd = reader.page("/standards?state=none&department=x&sort=y&after=z")
    assert "state, department, sort, after" in odd.text


@pytest.mark.parametrize("sort", ["number", "recent"])
def test_pages_follow_one_another_without_gaps(app: Flask, sign_in, sort: str) -> None:
    numbers = [standards.in_force(app) for _each in range(33)]
    reader = sign_in()
    first = reader.page(f"/standards?sort={sort}")
    [following] = [e["href"] for e in first.all("a", rel="next")]

    found = listed(reader, f"/standards?sort={sort}") + listed(reader, following)

    assert found == (numbers if sort == "number" else numbers[::-1])


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_whatever_the_rows(app: Flask, sign_in, queries, rows: int) -> None:
    for _each in range(rows):
        standards.in_force(app, departments=[make.department(app), make.department(app)])
    reader = sign_in()
    reader.get("/standards")

    with queries(5):  # the reader, departments and categories to choose from, standards, audiences
        reader.get("/standards")


@pytest.mark.parametrize("size", [1, 8])
def test_a_page_costs_the_same_whatever_is_on_it(app: Flask, sign_in, queries, size: int) -> None:
    departments = [make.department(app) for _each in range(size)]
    idea = standards.accepted(app, owner=departments[0], departments=departments)
    number = standards.standardise(app, idea)
    standards.publish(app, number)
    for version in range(size):
        standards.rewrite(app, number, body=f"## Rule\n\nText {version}.", departments=departments)
    reader = sign_in()
    for _each in range(size):
        reader.post(f"/standards/{number}/comments", {"body": "I agree."})

    # The reader, the version, its clauses, audience, versions, ideas, comments; reviews, backlinks.
    with queries(9):
        reader.get(f"/standards/{number}")
    with queries(11):  # and the standard, and which of its versions it was that day
        reader.get(f"/standards/{number}?as-of={today()}")
    moderator = sign_in(make.moderator(app))
    with queries(10):  # and how many have read it
        moderator.get(f"/standards/{number}")
    # The reader, standard, text, category, clauses, audience, roles, departments, owners, tree.
    with queries(10):
        moderator.get(f"/standards/{number}/edit")
    with queries(6):  # the reader, the standard, two versions, audiences, clauses, what to choose
        reader.get(f"/standards/{number}/compare")


def test_headings_become_numbered_clauses_with_addresses(app: Flask, sign_in) -> None:
    purpose = "## Purpose\n\nWhy.\n\n### Detail\n\nMore."
    number = standards.in_force(app, body=f"Before all.\n\n{purpose}\n\n## Steps\n\n> ## Quoted\n")

    page = sign_in().page(f"/standards/{number}")

    assert [e["id"] for e in page.all("section", class_="clause")] == [
        "clause-1",
        "clause-2",
        "clause-3",
    ]
    assert [e.text for e in page.all("a", class_="clause-number")] == ["1", "1.1", "2"]
    toc = page.one("nav", class_="toc")
    assert " ".join(toc.text.split()) == "Contents1 Purpose2 Steps"
    assert [e.text for e in page.all("h3") if e.text == "Detail"] == ["Detail"]


def test_an_authors_own_numbers_are_not_doubled() -> None:
    document = lay_out("<h4>1. Purpose</h4><p>a</p><h4>2. Steps</h4><p>b</p>")

    assert [clause.number for clause in document.clauses] == ["", ""]


def test_a_text_without_headings_is_still_a_document() -> None:
    document = lay_out("<p>Just this.</p>")

    assert (str(document.opening), document.clauses) == ("<p>Just this.</p>", ())


def test_a_standard_prints_as_pdf(app: Flask, sign_in) -> None:
    pytest.importorskip("weasyprint")
    number = standards.in_force(app, title="Оплата в срок", body="## Цель\n\nПлатить вовремя.")

    answer = sign_in().get(f"/standards/{number}.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")


def test_after_printing_a_picture_cut_off_on_its_way_is_still_refused(app: Flask, sign_in) -> None:
    pytest.importorskip("weasyprint")
    number = standards.in_force(app)
    browser, whole = sign_in(), BytesIO()
    Image.new("RGB", (40, 20), "navy").save(whole, "PNG")
    browser.get(f"/standards/{number}.pdf")

    cut = whole.getvalue()[:60]
    sent = browser.post("/files", {"file": (BytesIO(cut), "cut.png")})

    assert sent.status_code == 422


def test_without_the_extra_the_pdf_page_says_what_to_do(
    app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = standards.in_force(app)
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    answer = sign_in().get(f"/standards/{number}.pdf")

    assert answer.status_code == 501
    assert "print it instead" in answer.text


def test_a_cursor_of_an_impossible_moment_is_named_and_ignored(app: Flask, sign_in) -> None:
    after = encode_cursor(["0001-01-01T00:00:00+14:00", 1])

    page = sign_in().page(f"/standards?sort=recent&after={after}")

    assert "after" in page.text
