"""Categories, their templates, and how standards are numbered."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.standards.categories.models import Category
from forum.standards.categories.queries import category_of
from tests.standards import standards
from tests.support import make

MONEY = {"name_en": "Money", "name_ru": "Деньги", "parent": "", "template": ""}


def ids(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {row.name_en: row.id for row in db.session.query(Category)}


def filed(app: Flask, number: str) -> int | None:
    with app.app_context():
        return category_of(standards.by_number(number).id)


def test_moderators_make_a_tree_of_categories(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))
    moderator.post("/standards/categories", MONEY)
    money = str(ids(app)["Money"])
    moderator.post("/standards/categories", {**MONEY, "name_en": "Invoices", "parent": money})

    rows = moderator.page("/standards/categories").all("li", data_category=True)

    assert [" ".join(e.text.split())[:10] for e in rows] == ["Money 0 st", "– Invoices"]
    assert sign_in().get("/standards/categories").status_code == 404


def test_a_category_needs_a_name_and_one_is_enough(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))

    nameless = moderator.post("/standards/categories", {**MONEY, "name_en": "", "name_ru": " "})
    moderator.post("/standards/categories", {**MONEY, "name_en": ""})

    assert nameless.status_code == 422
    assert list(ids(app)) == ["Деньги"]


def test_a_category_never_stands_under_itself(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))
    moderator.post("/standards/categories", MONEY)
    money = ids(app)["Money"]
    moderator.post("/standards/categories", {**MONEY, "name_en": "Below", "parent": str(money)})
    below = str(ids(app)["Below"])

    for parent in (str(money), below):
        answer = moderator.post(f"/standards/categories/{money}", {**MONEY, "parent": parent})
        assert answer.status_code == 422
        assert "cannot stand under itself" in answer.text


def test_only_an_empty_category_is_taken_out(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))
    moderator.post("/standards/categories", MONEY)
    money = ids(app)["Money"]
    moderator.post("/standards/new", {"title": "T", "body": "B", "category": str(money)})

    full = moderator.post(f"/standards/categories/{money}/delete")
    fields = standards.fields_of(moderator, "PS-001")
    moderator.post("/standards/PS-001/edit", {**fields, "category": ""})
    empty = moderator.post(f"/standards/categories/{money}/delete")

    assert (full.status_code, empty.status_code) == (409, 303)
    assert ids(app) == {}


def test_a_new_standard_begins_with_the_template_of_its_category(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))
    moderator.post("/standards/categories", {**MONEY, "template": "## Who pays\n\nSay who."})
    money = ids(app)["Money"]
    moderator.post("/standards/categories", {**MONEY, "name_en": "Below", "parent": str(money)})
    below = ids(app)["Below"]

    page = moderator.page(f"/standards/new?category={below}")

    assert "## Who pays" in page.one("textarea", id="body").text
    [chosen] = [e["value"] for e in page.all("option") if "selected" in e and "Below" in e.text]
    assert chosen == str(below)


def test_the_outline_left_as_it_is_gives_way_to_the_template(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))
    moderator.post("/standards/categories", {**MONEY, "template": "## Who pays\n\nSay who."})
    money = str(ids(app)["Money"])
    blank = moderator.page("/standards/new").one("textarea", id="body").text.removeprefix("\n")

    for body in (blank, "## Mine\n\nOwn words."):
        moderator.post("/standards/new", {"title": "T", "body": body, "category": money})

    assert "Who pays" in standards.read(moderator, "/standards/PS-001").text
    assert "Own words" in standards.read(moderator, "/standards/PS-002").text
    assert filed(app, "PS-001") == int(money)


def test_saving_without_the_field_keeps_the_category(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))
    moderator.post("/standards/categories", MONEY)
    money = ids(app)["Money"]
    moderator.post("/standards/new", {"title": "T", "body": "B", "category": str(money)})

    moderator.post("/standards/PS-001/edit", standards.fields_of(moderator, "PS-001"))

    assert filed(app, "PS-001") == money


def test_an_unknown_category_is_said(app: Flask, sign_in) -> None:
    moderator = sign_in(make.moderator(app))

    answer = moderator.post("/standards/new", {"title": "T", "body": "B", "category": "987654"})

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Category).count() == 0


def test_where_there_are_no_categories_nothing_is_asked(app: Flask, sign_in) -> None:
    page = sign_in(make.moderator(app)).page("/standards/new")

    assert [e for e in page.all("select") if e.get("name") == "category"] == []
    assert "Category" not in sign_in().page("/standards").text


def test_new_standards_are_numbered_as_the_company_says(app: Flask, sign_in) -> None:
    first = standards.in_force(app)
    admin = sign_in(make.admin(app))
    sent = {"number_prefix": "iso", "number_digits": "4", "review_months": "12"}
    assert admin.post("/admin/settings/standards", sent).status_code == 303

    second = standards.in_force(app)

    assert (first, second) == ("PS-001", "ISO-0002")
    reader = sign_in()
    assert standards.read(reader, "/standards/PS-001").number == "PS-001"
    assert reader.get("/standards/iso-0002").status_code == 301


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number_prefix", "СТ"),
        ("number_prefix", ""),
        ("number_digits", "9"),
        ("review_months", "0"),
    ],
)
def test_a_scheme_that_makes_no_address_is_refused(
    app: Flask, sign_in, field: str, value: str
) -> None:
    sent = {"number_prefix": "PS", "number_digits": "3", "review_months": "12", field: value}

    answer = sign_in(make.admin(app)).post("/admin/settings/standards", sent)

    assert answer.status_code == 422


def test_a_number_never_comes_twice_whatever_the_scheme(app: Flask) -> None:
    numbers = []
    for digits in (3, 1, 2, 3):
        with app.app_context(), transaction():
            save_settings({"number_digits": digits})
        numbers.append(standards.drafted(app))

    assert numbers == ["PS-001", "PS-2", "PS-03", "PS-004"]
