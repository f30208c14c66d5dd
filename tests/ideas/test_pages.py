"""What the pages of ideas cost, whatever there is to show, and what the idea's page says."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core import readers
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.ideas import support, votes
from forum.ideas.models import Idea
from forum.ideas.suggest import suggest_departments
from tests.support import make
from tests.support.pages import undo_of
from tests.support.queries import listening

LIST, IDEA, VOTE = 4, 8, 5


def cost(app: Flask, browser, address: str, *, post: bool = False) -> int:
    """How many queries a second look costs."""
    browser.get(address.rsplit("/vote", 1)[0])
    with listening(app) as seen:
        answer = browser.post(address) if post else browser.get(address)
    assert answer.status_code in (200, 303), answer.text[:500]
    # The lock that orders the log on PostgreSQL reads nothing.
    return len([statement for statement in seen if "pg_advisory" not in statement])


def busy_idea(app: Flask, size: int, *, decided: bool = False) -> int:
    departments = [make.department(app) for _ in range(size)]
    idea = make.idea(app, departments=departments, tags=[f"tag {n}" for n in range(size)])
    for department in departments:
        representative = make.person(app, department=department)
        make.represent(app, representative, department)
        make.answer(app, idea, department, representative, "helps")
        make.vote(app, idea, representative)
        make.comment(app, idea, parent=make.comment(app, idea))
    if decided:
        make.decide(app, idea, "accept", owner_id=departments[0], due_on=today())
    return idea


def readers_of(app: Flask) -> dict[str, int]:
    return {
        "employee": make.person(app, department=make.department(app)),
        "moderator": make.moderator(app),
        "board": make.person(app, kind="board"),
    }


@pytest.mark.parametrize("decided", [False, True])
def test_an_ideas_page_keeps_its_budget_for_everybody(app, sign_in, decided) -> None:
    small, large = busy_idea(app, 1, decided=decided), busy_idea(app, 6, decided=decided)

    for name, person in readers_of(app).items():
        browser = sign_in(person)
        costs = [cost(app, browser, f"/ideas/{idea}") for idea in (small, large)]

        assert costs[0] == costs[1], name
        assert costs[1] <= IDEA, name


def test_a_consultants_page_keeps_the_budget_too(app, sign_in) -> None:
    idea = busy_idea(app, 3, decided=True)
    with app.app_context():
        owner = db.session.get_one(Idea, idea).owner_department_id
    consultant = make.person(app, kind="consultant", attached=[owner or 0])

    assert cost(app, sign_in(consultant), f"/ideas/{idea}") <= IDEA


@pytest.mark.parametrize("length", [1, 15])
def test_the_list_keeps_its_budget(app, sign_in, length) -> None:
    for _ in range(length):
        busy_idea(app, 2)

    for person in readers_of(app).values():
        assert cost(app, sign_in(person), "/ideas") <= LIST


def test_what_is_pinned_costs_the_list_no_query(app, sign_in) -> None:
    moderator = sign_in(make.moderator(app))
    for idea in (busy_idea(app, 2), busy_idea(app, 1)):
        assert moderator.post(f"/ideas/{idea}/pin").status_code == 303

    for person in readers_of(app).values():
        for order in ("new", "supported", "active", "balanced"):
            assert cost(app, sign_in(person), f"/ideas?sort={order}") <= LIST


def test_a_vote_keeps_its_budget(app, sign_in) -> None:
    idea = busy_idea(app, 2)

    assert cost(app, sign_in(), f"/ideas/{idea}/vote", post=True) <= VOTE


def test_tags_stand_in_the_order_their_author_chose(app, sign_in) -> None:
    idea = make.idea(app, tags=["zebra", "apple pie", "Пропуска"])

    page = sign_in().page(f"/ideas/{idea}")

    shown = [a.text for a in page.all("a", class_="chip") if a.text.startswith("#")]
    assert shown == ["#zebra", "#apple pie", "#Пропуска"] or [t.lower() for t in shown] == [
        "#zebra",
        "#apple pie",
        "#пропуска",
    ]


def test_support_by_department_folds_what_is_small(app, sign_in) -> None:
    large, medium, small = (make.department(app, name) for name in ("Large", "Medium", "Small"))
    people = {
        d: [make.person(app, department=d) for _ in range(n)]
        for d, n in ((large, 7), (medium, 5), (small, 2))
    }
    idea = make.idea(app, departments=[large])
    for person in [*people[large][:3], *people[medium][:2], *people[small][:1]]:
        make.vote(app, idea, person)
    with app.app_context():
        readers.advance(support.SUPPORT)

    text = sign_in().page(f"/ideas/{idea}").text

    assert "Large3" in text.replace(" ", "")
    assert "Everybodyelse3" in text.replace(" ", "")
    assert "Medium" not in text


def test_a_consultant_is_not_told_of_other_departments(app, sign_in) -> None:
    finance, other = make.department(app, "Finance"), make.department(app, "Elsewhere")
    voters = [make.person(app, department=d) for d in (finance, other) for _ in range(6)]
    idea = make.idea(app, departments=[finance])
    for person in voters:
        make.vote(app, idea, person)
    with app.app_context():
        readers.advance(support.SUPPORT)
    consultant = make.person(app, kind="consultant", attached=[finance])

    assert "Elsewhere" not in sign_in(consultant).page(f"/ideas/{idea}").text
    assert "Elsewhere" in sign_in().page(f"/ideas/{idea}").text


def test_an_answer_can_be_taken_back_from_the_notice(app, sign_in) -> None:
    finance, representative = make.department(app), make.person(app)
    make.represent(app, representative, finance)
    idea = make.idea(app, departments=[finance])
    browser = sign_in(representative)

    browser.post(f"/ideas/{idea}/answers/{finance}", {"answer": "no_effect"})
    page = browser.page(f"/ideas/{idea}")

    undo = undo_of(page, f"/ideas/{idea}/answers/{finance}")
    assert "Answered." in page.text
    browser.post(undo)
    tile = browser.page(f"/ideas/{idea}").one("li", data_department=finance)
    assert tile["data-answer"] == "waiting"


def test_following_is_remembered(app, sign_in) -> None:
    idea, person = make.idea(app), make.person(app)
    with app.app_context():
        votes.follow(db.session.get_one(Person, person), db.session.get_one(Idea, idea))

    assert "Unfollow" in sign_in(person).page(f"/ideas/{idea}").text


def test_an_unknown_tag_is_left_out_and_named_and_any_spelling_of_a_known_one_finds(
    app, sign_in
) -> None:
    idea = make.idea(app, tags=["Общий склад"])
    reader = sign_in()

    assert reader.page("/ideas?tag=Общий+склад").all("article", data_idea=idea)
    odd = reader.page("/ideas?tag=nowhere")
    assert odd.all("article", data_idea=idea)
    assert "left out: tag" in odd.text


def test_a_closed_department_is_not_suggested(app, sign_in) -> None:
    closing, author = make.department(app), make.person(app)
    make.idea(app, problem="Invoice numbers vanish daily.", departments=[closing])
    with app.app_context(), transaction():
        db.session.get_one(Department, closing).archived_at = make.ago(days=1)
    with app.app_context():
        writer = db.session.get_one(Person, author)

        assert suggest_departments(writer, "Invoice numbers vanish again.") == []
