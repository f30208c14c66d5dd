"""Once more people are wanted, verdicts on figures that are hidden then are told no more either."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.standards.models import Standard
from forum.standards.review import opening
from forum.standards.review.models import Review
from forum.surveys.change.models import RelationFall
from tests.admin.exported import contents, run
from tests.standards.standards import in_force
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company
from tests.surveys.test_change import HIGH, LOW, after, before, idea, into_force, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]
MORE = [*HIGH, *HIGH]


def want_more(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"survey_k": len(LOW) + 1})


def leaving(app: Flask, folder: Path) -> set[str]:
    """The kinds of rows that an export takes along."""
    run(app, "export", str(folder))
    return {json.loads(line)["record"] for line in contents(folder)["records.jsonl"].splitlines()}


def told(browser: Browser, idea: int) -> list[str]:
    """Before, after and the verdict of its one promise, and the verdict of all."""
    page = browser.page(f"/ideas/{idea}")
    cells = [cell.text for cell in page.all("td", data_label=True)]
    return [*cells, browser.page("/surveys/changes").one("p", data_summary=True).text]


@pytest.mark.parametrize("raised_first", [False, True])
def test_a_verdict_on_a_figure_that_is_hidden_now_is_too_few_answers(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int, raised_first: bool
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    if raised_first:
        want_more(app)
    after(app, company, idea, MORE)
    browser = sign_in(make.person(app))
    if not raised_first:
        assert "better" in told(browser, idea)[2]
        want_more(app)

    first, second, verdict, summary = told(browser, idea)

    assert first.startswith("too few answers")
    assert "16 answers" in second
    assert "too few answers" in verdict
    assert summary == "– too few answers: 1"


def test_a_fall_from_a_figure_that_is_hidden_now_is_not_told(
    app: Flask, company: dict[str, int]
) -> None:
    before(app, company, HIGH)
    want_more(app)
    waves.wave(app, {company["help"]: {"quality": [*LOW, *LOW]}}, title="Autumn")

    with app.app_context():
        assert db.session.scalars(select(RelationFall)).all() == []


def test_a_fall_to_a_figure_that_is_hidden_now_opens_no_review(
    app: Flask, company: dict[str, int]
) -> None:
    boris = make.person(app, department=company["IT"])
    in_force(app, owner=boris, departments=[company["Sales"]])
    with app.app_context(), transaction():
        db.session.execute(update(Standard).values(in_force_since=now() - timedelta(days=90)))
    before(app, company, HIGH)
    waves.wave(app, {company["help"]: {"quality": LOW}}, title="Autumn")
    want_more(app)

    with app.app_context():
        assert db.session.scalars(select(RelationFall)).all()
        opening.sweep()
        assert db.session.scalars(select(Review)).all() == []


def test_neither_leaves_with_an_export(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int, tmp_path: Path
) -> None:
    before(app, company, HIGH)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, LOW)
    waves.wave(app, {company["help"]: {"quality": LOW}}, title="Autumn")
    found = {"idea-outcome", "relation-fall"}
    assert found <= leaving(app, tmp_path / "before")
    want_more(app)

    left = leaving(app, tmp_path / "after")

    assert "idea-promise" in left
    assert not found & left
