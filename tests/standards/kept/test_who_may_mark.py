"""Who stands on a side of a promise says whether it was kept; everybody else reads at most."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.standards.kept.models import IdeaClause, PromiseMark
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Queries = Callable[..., AbstractContextManager[list[str]]]
BODY = (
    "## Promises\n\n| Who | Promises | To whom |\n|---|---|---|\n"
    "| Finance | Pays | Sales |\n\n## Exceptions\n\nNone."
)


@dataclass(frozen=True, slots=True)
class Company:
    finance: int
    sales: int
    service: int
    stranger: int
    number: str


@pytest.fixture
def company(app: Flask) -> Company:
    """Finance promises; Sales is named in the text, Service in the audience, Legal nowhere."""
    places = [make.department(app, name) for name in ("Finance", "Sales", "Service", "Legal")]
    number = standards.in_force(app, body=BODY, departments=[places[2]])
    return Company(*places, number)


def say(browser: Browser, number: str, clause: str = "1", kept: str = "0", **more: str) -> int:
    fields = {"clause": clause, "kept": kept, **more}
    return browser.post(f"/standards/{number}/kept", fields).status_code


@pytest.mark.parametrize(
    ("place", "side"),
    [("finance", "provider"), ("sales", "customer"), ("service", "customer"), ("stranger", None)],
)
def test_a_department_speaks_from_its_side(
    app: Flask, sign_in: SignIn, company: Company, place: str, side: str | None
) -> None:
    browser = sign_in(make.person(app, department=getattr(company, place)))

    answered = say(browser, company.number)

    assert answered == (303 if side else 403)
    buttons = browser.page(f"/standards/{company.number}/kept").all("button", name="kept")
    assert len(buttons) == (2 if side else 0)
    with app.app_context():
        assert list(db.session.scalars(select(PromiseMark.side))) == [side] * bool(side)


def test_boards_and_consultants_do_not_say(app: Flask, sign_in: SignIn, company: Company) -> None:
    board = sign_in(make.person(app, department=company.sales, kind="board"))
    guest = sign_in(make.person(app, kind="consultant", attached=[company.service]))

    assert [say(each, company.number) for each in (board, guest)] == [403, 403]
    assert guest.get(f"/standards/{company.number}/kept").status_code == 200


def test_a_consultant_elsewhere_is_told_of_no_such_standard(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    guest = sign_in(make.person(app, kind="consultant", attached=[company.stranger]))

    assert guest.get(f"/standards/{company.number}/kept").status_code == 404
    assert guest.get(f"/standards/{company.number}/history").status_code == 404
    assert say(guest, company.number) == 404


def test_nothing_is_said_of_a_draft_nor_of_what_is_retired(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    drafted = standards.drafted(app, body=BODY, departments=[company.service])
    browser = sign_in(make.person(app, department=company.service))
    assert browser.get(f"/standards/{drafted}/kept").status_code == 404
    assert say(browser, drafted) == 404

    standards.retire(app, company.number)

    assert say(browser, company.number) == 409
    assert not browser.page(f"/standards/{company.number}/kept").all("button", name="kept")


@pytest.mark.parametrize("clause", ["9", "0", "-1", "x", "", "9" * 30])
def test_a_clause_that_is_not_there_is_not_marked(
    app: Flask, sign_in: SignIn, company: Company, clause: str
) -> None:
    browser = sign_in(make.person(app, department=company.service))

    assert say(browser, company.number, clause) == 404
    undo = browser.post(f"/standards/{company.number}/kept/undo", {"clause": clause})
    assert undo.status_code == 404
    assert browser.get(f"/standards/{company.number}/kept?clause={clause}").status_code == 200


def test_a_note_that_is_too_long_is_kept_for_its_writer(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    browser = sign_in(make.person(app, department=company.service))
    long = "Nobody came. " * 60

    answer = browser.post(
        f"/standards/{company.number}/kept", {"clause": "1", "kept": "0", "note": long}
    )

    assert answer.status_code == 422
    assert "Nobody came." in answer.text
    assert "Say it in one line." in answer.text


def test_an_idea_remembers_the_clause_that_was_ticked_as_long_as_its_reader_sees_it(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    browser = sign_in(make.person(app, department=company.service))
    shown = browser.page(f"/ideas/new?about={company.number}:2")
    assert f"It is about “Exceptions” in {company.number}" in shown.text
    fields = {"problem": "There are some.", "about": f"{company.number}:2", "about-shown": "1"}

    browser.post("/ideas/new", fields)
    guest = sign_in(make.person(app, kind="consultant", attached=[company.stranger]))
    unseen = guest.page(f"/ideas/new?about={company.number}:2")

    with app.app_context():
        assert len(list(db.session.scalars(select(IdeaClause.clause_id)))) == 1
    assert "Exceptions" not in unseen.text


def test_the_page_of_promises_costs_the_same_however_many_marks(
    app: Flask, sign_in: SignIn, queries: Queries, company: Company
) -> None:
    reader = sign_in(make.person(app, department=company.service))
    reader.get(f"/standards/{company.number}/kept")
    for turn in range(7):
        browser = sign_in(make.person(app, department=company.service))
        say(browser, company.number, kept=str(turn % 2))

    # the reader, the standard, its clauses, its audience; what was said, and once more of what
    # waits to be counted; the departments, what the reader said today
    with queries(8):
        reader.get(f"/standards/{company.number}/kept")
