"""What was said of promises is counted beside the marks, and always what the marks say."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, insert, update

from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.standards.kept import counting
from forum.standards.kept.models import PromiseCount, PromiseMark
from forum.standards.kept.shown import since
from tests.standards import standards
from tests.standards.kept.test_marking import BODY, say
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def promised(app: Flask) -> str:
    """A standard with promises, said of by nobody."""
    make.department(app, "Finance", code="FIN")
    return standards.in_force(app, body=BODY)


def sweep(app: Flask) -> int:
    with app.app_context():
        return counting.sweep(since())


def command(app: Flask, *more: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["standards", "verify-promises", *more])
    return result.exit_code, result.output


def marks(app: Flask, number: str, many: int, *, seed: int = 0) -> None:
    """Many marks of few people over two years, counted by nobody."""
    chosen = random.Random(seed)  # noqa: S311 - for a test
    people = [make.person(app) for _each in range(4)]
    with app.app_context(), transaction():
        standard = standards.by_number(number)
        clauses = [row.clause_id for row in db.session.query(PromiseCount)]
        kinds = [(p, d) for p in people for d in range(1, 700)]
        for person, days in chosen.sample(kinds, many):
            day = today() - timedelta(days=days)
            row = {"standard_id": standard.id, "clause_id": chosen.choice(clauses)}
            row |= {"person_id": person, "side": chosen.choice(["customer", "provider"])}
            row |= {"kept": chosen.random() < 0.7, "on_day": day, "at": now()}
            db.session.execute(insert(PromiseMark), row)
        counting.note(standard.id, clauses)


@pytest.mark.parametrize("seed", range(3))
def test_rows_say_what_the_marks_do(app: Flask, promised: str, sign_in: SignIn, seed: int) -> None:
    for key in ("1", "2"):
        sign_in().post(f"/standards/{promised}/kept", {"clause": key, "kept": "1"})
    marks(app, promised, 300, seed=seed)
    page = sign_in().page(f"/standards/{promised}/kept").one("main").text

    assert sweep(app) > 0
    assert sign_in().page(f"/standards/{promised}/kept").one("main").text == page
    assert command(app) == (0, "differing 0, fixed 0\n")
    assert sweep(app) == 0, "there is nothing left to count"


def test_what_is_said_or_taken_back_counts_at_once(
    app: Flask, promised: str, sign_in: SignIn
) -> None:
    for kept in "11101":
        assert say(sign_in(), promised, kept) == 303
    sweep(app)
    reader = sign_in()
    assert "kept 4 of 5" in reader.page(f"/standards/{promised}").text

    say(reader, promised, "0")
    assert "kept 4 of 6" in reader.page(f"/standards/{promised}").text
    reader.post(f"/standards/{promised}/kept/undo", {"clause": "2"})
    assert "kept 4 of 5" in reader.page(f"/standards/{promised}").text


def test_a_day_that_counts_no_more_is_left_out_before_anybody_counts_again(
    app: Flask, promised: str, sign_in: SignIn
) -> None:
    first = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for day, kept in enumerate("011111"):
        with time_machine.travel(first + timedelta(days=day), tick=False):
            say(sign_in(), promised, kept)
            sweep(app)
    with time_machine.travel(first + timedelta(days=6), tick=False):
        assert "kept 5 of 6" in sign_in().page(f"/standards/{promised}").text

    with time_machine.travel(first + timedelta(days=366), tick=False):
        assert "kept 5 of 5" in sign_in().page(f"/standards/{promised}").text
        assert sweep(app) == 1
        assert "kept 5 of 5" in sign_in().page(f"/standards/{promised}").text


def test_a_mark_that_comes_while_it_is_counted_is_counted_again(
    app: Flask, promised: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kept in "1111":
        say(sign_in(), promised, kept)
    late, counted = sign_in(), counting.count

    def interrupted(*args: object, **more: object) -> object:
        found = counted(*args, **more)  # type: ignore[arg-type]
        monkeypatch.setattr(counting, "count", counted)
        say(late, promised, "0")
        return found

    monkeypatch.setattr(counting, "count", interrupted)
    sweep(app)

    assert "kept 4 of 5" in sign_in().page(f"/standards/{promised}").text


def test_a_wrong_figure_is_found_and_put_right(app: Flask, promised: str, sign_in: SignIn) -> None:
    for kept in "11111":
        say(sign_in(), promised, kept)
    sweep(app)
    with app.app_context(), transaction():
        db.session.execute(update(PromiseCount).values(kept=1))
    assert "kept 1 of 5" in sign_in().page(f"/standards/{promised}").text

    code, said = command(app)
    assert (code, said.splitlines()[-1]) == (1, "differing 1, fixed 0")
    assert command(app, "--fix")[0] == 0
    assert "kept 5 of 5" in sign_in().page(f"/standards/{promised}").text
    with app.app_context(), transaction():
        db.session.execute(delete(PromiseCount))
    assert command(app)[0] == 1
    assert command(app, "--fix")[0] == 0
    assert command(app) == (0, "differing 0, fixed 0\n")


def test_the_pages_ask_for_a_row_a_clause(
    app: Flask, promised: str, sign_in: SignIn, queries
) -> None:
    sign_in().post(f"/standards/{promised}/kept", {"clause": "2", "kept": "1"})
    marks(app, promised, 200)
    sweep(app)
    reader = sign_in()
    reader.get(f"/standards/{promised}/kept")

    # the reader, the standard, its clauses, its audience; what was said; the departments, what
    # the reader said today
    with queries(7):
        reader.get(f"/standards/{promised}/kept")
