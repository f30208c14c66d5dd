"""How standards are looked after goes out with an export and comes back: categories and what is
filed under them, intervals, the services that go by each, reviews that were made at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert

from forum.core.db import db, transaction
from forum.departments.models import Service
from forum.standards.categories.models import Category
from forum.standards.categories.queries import category_tree
from forum.standards.review.models import Care, Review
from forum.standards.serving.models import ServiceStandard
from tests.admin.exported import bring, moved
from tests.admin.test_export_standards import refused
from tests.standards import standards
from tests.support import make
from tests.support.forums import Prepared


def add(app: Flask, row: Any) -> int:
    with app.app_context(), transaction():
        db.session.add(row)
        db.session.flush()
        return int(row.id)


def filed(app: Flask, number: str, **care: Any) -> None:
    with app.app_context(), transaction():
        values = {"standard_id": standards.by_number(number).id, "reminded": 0, **care}
        db.session.execute(insert(Care), values)


def records(files: dict[str, str], kind: str) -> list[dict[str, Any]]:
    lines = map(json.loads, files["standards.jsonl"].splitlines())
    return [line for line in lines if line["record"].startswith(kind)]


def test_categories_and_what_is_filed_under_them_come_back(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    other = add(app, Category(name_en="Other", name_ru="Прочее", template="## Aim\n\n…"))
    money = add(app, Category(name_en="Money", name_ru="Деньги"))
    within = add(app, Category(name_en="Other", name_ru="Прочее", parent_id=money))
    deep = add(app, Category(name_en="Taxes", name_ru="Налоги", parent_id=within))
    paying, rooms = standards.in_force(app, title="Paying"), standards.in_force(app, title="Rooms")
    filed(app, paying, category_id=deep, every_months=6, reminded_for=date(2027, 5, 1), reminded=2)
    filed(app, rooms, category_id=other)

    moved(app, prepared, tmp_path)

    with app.app_context():
        tree = category_tree().nodes
        assert [(node.name, node.depth) for node in tree] == [
            *(("Money", 0), ("Other", 1), ("Taxes", 2), ("Other", 0)),
        ]
        called = {node.id: node.name for node in tree}
        care = {each.standard_id: each for each in db.session.query(Care)}
        mine = care[standards.by_number(paying).id]
        assert called[mine.category_id] == "Taxes"
        assert (mine.every_months, mine.reminded, mine.reminded_for) == (6, 2, date(2027, 5, 1))
        assert care[standards.by_number(rooms).id].category_id == tree[-1].id
        assert db.session.get_one(Category, tree[-1].id).template == "## Aim\n\n…"
    assert "created 0, " in bring(app, tmp_path / "one" / "standards.jsonl")


def test_what_was_filed_elsewhere_since_stays_there(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    money = add(app, Category(name_en="Money", name_ru="Деньги"))
    number = standards.in_force(app)
    filed(app, number, category_id=money)
    moved(app, prepared, tmp_path)
    rooms = add(app, Category(name_en="Rooms", name_ru="Комнаты"))
    with app.app_context(), transaction():
        db.session.query(Care).update({"category_id": rooms})

    bring(app, tmp_path / "one" / "standards.jsonl")

    with app.app_context():
        assert db.session.query(Care).one().category_id == rooms


def test_services_go_by_the_same_standard(app: Flask, prepared: Prepared, tmp_path: Path) -> None:
    finance = make.department(app, "Finance", slug="finance")
    sales = make.department(app, "Sales", slug="sales")
    sides = {"provider_id": finance, "customer_id": sales}
    pays = add(app, Service(name="Pays invoices", **sides))
    add(app, Service(name="Answers", **sides))
    number = standards.in_force(app)
    with app.app_context(), transaction():
        standard = standards.by_number(number)
        db.session.add(ServiceStandard(service_id=pays, standard_id=standard.id))

    files = moved(app, prepared, tmp_path)

    [line] = records(files, "service-standard")
    assert line["service"] == ["finance", "sales", "Pays invoices"]
    with app.app_context():
        row = db.session.query(ServiceStandard).one()
        assert db.session.get_one(Service, row.service_id).name == "Pays invoices"
        assert row.standard_id == standards.by_number(number).id


def test_reviews_made_at_once_stay_together(app: Flask, prepared: Prepared, tmp_path: Path) -> None:
    numbers = [standards.in_force(app, title=f"Rule {n}") for n in range(3)]
    with app.app_context(), transaction():
        for place, number in enumerate(numbers[1:]):
            review = Review(standard_id=standards.by_number(number).id, version=1)
            review.outcome, review.closed_at = "valid", make.ago(hours=1)
            db.session.add(review)
            db.session.flush()
            review.batch = review.id - place

    files = moved(app, prepared, tmp_path)

    told = records(files, "standard-review-batch")
    assert len({line["batch"] for line in told}) == 1
    with app.app_context():
        first, second = db.session.query(Review).order_by(Review.id)
        assert first.batch == second.batch == first.id


def test_numbers_that_no_column_holds_are_refused(app: Flask, tmp_path: Path) -> None:
    number = standards.in_force(app)
    review = {"record": "standard-review", "standard": number, "version": 1}
    review |= {"opened_at": "2026-01-01T00:00:00+00:00", "evidence": {}}
    review |= {"outcome": "valid", "note": "", "closed_at": "2026-01-02T00:00:00+00:00"}
    sizes = (10**30, -(10**30), 2**63, 2**31)
    acknowledged = {"record": "version-idea", "idea": "1"}

    said = refused(
        app, tmp_path / "standards.jsonl", [review | {"version": each} for each in sizes]
    )

    assert said == ["version"] * len(sizes)
    odd = [*((number, each) for each in (*sizes, [], {}, [["x"]])), ([], 1), ([[]], 1), "x"]
    file = tmp_path / "standards.jsonl"
    lines = [json.dumps(acknowledged | {"standard_version": each}) for each in odd]
    file.write_text("\n".join(lines), encoding="utf-8")
    for more in (["--dry-run"], []):
        result = app.test_cli_runner().invoke(args=["import", "standards", str(file), *more])
        assert isinstance(result.exception, SystemExit), result.exception
        assert f"refused {len(odd)}" in result.output
