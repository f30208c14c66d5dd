"""A standard of 200 clauses, 50 pages and 100 versions is read and written like a small one."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core.limits import STANDARD_TEXT
from tests.standards import standards
from tests.support import make

CLAUSES = "".join(f"## Clause {n}\n\n{'Финансы платят. ' * 55}\n\n" for n in range(200))


@pytest.mark.parametrize("versions", [2, 30])
def test_a_page_asks_no_more_however_many_versions_there_are(
    app: Flask, sign_in, queries, versions: int
) -> None:
    number = standards.in_force(app)
    for version in range(versions - 1):
        standards.rewrite(app, number, body=f"## Rule\n\nText {version}.")
    reader = sign_in()
    reader.get(f"/standards/{number}")

    # The reader, the version, its clauses, audience, versions, ideas, comments, reviews, links.
    with queries(9):
        reader.get(f"/standards/{number}")


def test_the_newest_versions_stand_beside_and_all_on_a_page(app: Flask, sign_in, queries) -> None:
    number = standards.in_force(app)
    for version in range(8):
        standards.rewrite(app, number, body=f"## Rule\n\nText {version}.")
    reader = sign_in()

    page = reader.page(f"/standards/{number}")
    with queries(3):  # the reader, the standard, its versions
        reader.get(f"/standards/{number}/versions")
    every = reader.page(f"/standards/{number}/versions")

    there = f"/standards/{number}/versions/"
    beside = [e["href"] for e in page.all("a") if e.get("href", "").startswith(there)]
    assert beside == [f"{there}{n}" for n in (9, 8, 7, 6, 5, 4)]
    assert page.one("a", href=f"/standards/{number}/versions").text == "All versions"
    listed = [e["href"] for e in every.all("a") if e.get("href", "").startswith(there)]
    assert listed == [f"{there}{n}" for n in range(9, 0, -1)]
    comparisons = [e["href"] for e in every.all("a") if "/compare?" in e.get("href", "")]
    assert len(comparisons) == 8


def test_a_draft_is_not_among_the_versions_of_others(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)
    moderator.post(f"/standards/{number}/edit", {**fields, "body": "Secret."})

    assert "Version 2" in moderator.get(f"/standards/{number}/versions").text
    assert "Version 2" not in sign_in().get(f"/standards/{number}/versions").text


def test_two_hundred_clauses_are_written_previewed_and_read(app: Flask, sign_in) -> None:
    assert 150_000 < len(CLAUSES) <= STANDARD_TEXT.value
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)

    saved = moderator.post(
        f"/standards/{number}/edit", {**fields, "body": CLAUSES, "action": "publish"}
    )
    shown = moderator.client.post(
        "/preview",
        data={"text": CLAUSES, "csrf_token": moderator.token},
        content_type="multipart/form-data",
    )

    assert saved.status_code == 303
    page = sign_in().page(f"/standards/{number}")
    assert len(page.all("section", class_="clause")) == 200
    assert page.all("a", class_="clause-number")[-1].text == "200"
    assert shown.text.count("Clause 199") == 1
