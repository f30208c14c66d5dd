"""Home: what waits, what moved, what is new; the same cost whatever the rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.queries import DepartmentCard
from forum.home.queries import Fresh, balanced_choice
from forum.ideas import decisions, owning, votes
from forum.ideas.models import Idea
from tests.notifications.inboxes import catch_up
from tests.support import make
from tests.support.pages import Document, undo_of
from tests.support.queries import listening

BUDGET = 9


def waits(page: Document) -> list[str]:
    return [row["data-wait"] for row in page.all("li", data_wait=True)]


def fresh(page: Document) -> list[int]:
    return [int(row["data-idea"]) for row in page.all("li", data_idea=True)]


def moved(page: Document) -> list[int]:
    return [int(row["data-moved"]) for row in page.all("li", data_moved=True)]


def follow(app: Flask, idea: int, person: int) -> None:
    with app.app_context():
        votes.follow(db.session.get_one(Person, person), db.session.get_one(Idea, idea))


def test_a_newcomer_is_welcomed_and_nothing_waits(sign_in) -> None:
    page = sign_in().page("/")

    assert "Welcome" in page.text
    assert "Nothing waits for you" in page.text
    assert "Nothing moved" in page.text
    assert "No open ideas" in page.text


def test_an_answer_due_waits_and_no_effect_takes_one_tap(app, sign_in) -> None:
    finance, representative = make.department(app), make.person(app)
    make.represent(app, representative, finance)
    idea = make.idea(app, departments=[finance], title="Late invoices")
    browser = sign_in(representative)

    page = browser.page("/")
    tap = page.one("button", value="no_effect")
    assert tap["formaction"].startswith(f"/ideas/{idea}/answers/{finance}")
    answer = browser.post(
        tap["formaction"], {"answer": tap["value"]}, headers={"Referer": "http://localhost/"}
    )
    after = browser.page("/")

    assert waits(page) == ["answer"]
    assert (answer.status_code, answer.location) == (303, "/")
    assert waits(after) == []
    assert undo_of(after, f"/ideas/{idea}/answers/{finance}")


def test_moderators_find_their_decisions_and_dates_asked_for(app, sign_in) -> None:
    moderator, head = make.moderator(app), make.person(app)
    owner = make.department(app, head_id=head)
    in_review, accepted = make.idea(app), make.idea(app)
    with app.app_context():
        person = db.session.get_one(Person, moderator)
        decisions.begin_review(person, db.session.get_one(Idea, in_review))
    make.decide(app, accepted, owner_id=owner, due_on=today())
    with app.app_context():
        person, target = db.session.get_one(Person, head), db.session.get_one(Idea, accepted)
        later = today() + timedelta(days=20)
        owning.ask_to_move_date(person, target, due_on=later, reason="")

    assert waits(sign_in(moderator).page("/")) == ["decision", "date"]
    assert waits(sign_in().page("/")) == []


def test_the_owner_finds_what_is_late(app, sign_in) -> None:
    head = make.person(app)
    owner = make.department(app, head_id=head)
    idea = make.idea(app)
    make.decide(app, idea, owner_id=owner, due_on=today())
    with app.app_context(), db.session.no_autoflush:
        from forum.core.db import transaction

        with transaction():
            db.session.get_one(Idea, idea).due_on = today() - timedelta(days=3)

    page = sign_in(head).page("/")

    assert waits(page) == ["owner"]
    assert "3 days late" in page.text


def test_mentions_wait_until_they_are_opened(app, sign_in) -> None:
    anna = make.person(app)
    make.idea(app, title="For Anna", problem=f"Ask @[Anna](person:{anna}).")
    catch_up(app)
    browser = sign_in(anna)

    page = browser.page("/")
    browser.post(page.one("button", class_="news-title")["formaction"])

    assert waits(page) == ["mention"]
    assert waits(browser.page("/")) == []


def test_what_others_did_to_followed_ideas_is_grouped_by_idea(app, sign_in) -> None:
    author, talker = make.person(app), make.person(app, name="Boris")
    finance = make.department(app, "Finance")
    representative = make.person(app)
    make.represent(app, representative, finance)
    first = make.idea(app, author, departments=[finance], title="First")
    second = make.idea(app, talker, title="Second")
    follow(app, second, author)
    make.comment(app, first, talker)
    make.answer(app, first, finance, representative, "helps")
    make.comment(app, second, talker)

    page = sign_in(author).page("/")

    assert moved(page) == [second, first]
    assert "Finance answered: helps us" in page.text
    assert page.text.count("Boris commented") == 2


def test_ones_own_acts_are_no_news(app, sign_in) -> None:
    author = make.person(app)
    make.comment(app, make.idea(app, author), author)

    assert moved(sign_in(author).page("/")) == []


def test_new_and_rising_is_not_all_from_one_department() -> None:
    cards = [DepartmentCard(n, f"D{n}", f"d{n}", f"D{n}", n) for n in (1, 2, 3)]
    rows = [
        Fresh(n, "", "en", "open", n, n / 100, make.ago(), False, "", cards[0 if n > 5 else n % 3])
        for n in range(20, 0, -1)
    ]

    chosen = balanced_choice(rows)

    per_department = [sum(row.department == card for row in chosen) for card in cards]
    assert max(per_department) <= 2
    assert len(per_department) == len([n for n in per_department if n])
    assert len({row.id for row in chosen}) == len(chosen)


def test_a_consultant_sees_only_what_touches_their_departments(app, sign_in) -> None:
    finance, other = make.department(app), make.department(app)
    consultant = make.person(app, kind="consultant", attached=[finance])
    make.represent(app, consultant, other)
    inside = make.idea(app, departments=[finance], title="Inside")
    outside = make.idea(app, departments=[other], title="Outside")
    follow(app, outside, consultant)
    make.comment(app, outside)
    make.comment(app, inside)

    home, queue = sign_in(consultant).page("/"), sign_in(consultant).page("/answers")

    assert fresh(home) == [inside]
    assert "Outside" not in home.text + queue.text
    assert (waits(home), moved(home)) == ([], [])


def test_hidden_ideas_and_drafts_are_nowhere(app, sign_in) -> None:
    from forum.moderation import actions as moderation

    follower = make.person(app)
    idea = make.idea(app, title="Hidden thing")
    follow(app, idea, follower)
    make.comment(app, idea)
    make.idea(app, follower, draft=True, title="Draft thing")
    with app.app_context():
        moderator = db.session.get_one(Person, make.moderator(app))
        moderation.hide(moderator, db.session.get_one(Idea, idea))

    text = sign_in(follower).page("/").text

    assert "Hidden thing" not in text
    assert "Draft thing" not in text


@pytest.mark.parametrize("show", ["moved", "new", "waits", "x" * 300])
def test_on_a_phone_each_column_has_an_address(sign_in, show) -> None:
    page = sign_in().page(f"/?show={show}")

    behind = [section for section in page.all("section", class_="behind")]
    assert len(behind) == 2


def busy(app: Flask, size: int, person: int) -> None:
    finance = make.department(app)
    make.represent(app, person, finance)
    for number in range(size):
        idea = make.idea(app, departments=[finance], problem=f"@[x](person:{person}) {number}")
        follow(app, idea, person)
        make.comment(app, idea)
        make.vote(app, idea)
        accepted = make.idea(app, departments=[finance])
        make.decide(app, accepted, owner_id=finance, due_on=today())
    catch_up(app)


@pytest.mark.parametrize("role", ["employee", "moderator", "consultant"])
def test_home_costs_the_same_whatever_the_rows(app, sign_in, role) -> None:
    costs = []
    for size in (1, 9):
        kind = "consultant" if role == "consultant" else "staff"
        person = make.person(
            app,
            role="employee" if role == "consultant" else role,
            kind=kind,
            department=make.department(app),
        )
        busy(app, size, person)
        if role == "consultant":
            _let_in(app, person)
        browser = sign_in(person)
        browser.page("/")
        with listening(app) as seen:
            browser.page("/")
        costs.append(len(seen))

    assert costs[0] == costs[1]
    assert costs[1] <= BUDGET


def test_for_whom_one_answers_is_looked_up_once_for_all_that_waits(app, sign_in, queries) -> None:
    person = make.person(app, department=make.department(app))
    make.represent(app, person, make.department(app))
    with app.app_context(), transaction():
        save_settings({"modules": ["surveys", "training"]})
    browser = sign_in(person)
    browser.page("/")

    with queries(11):  # the reader, for whom they answer; ideas, mentions, approvals, standards,
        browser.page("/")  # surveys, replies, cases; what is followed, what is new


def _let_in(app: Flask, person: int) -> None:
    from forum.departments import membership
    from forum.departments.queries import answers_for

    with app.app_context():
        for department in answers_for(person):
            membership.attach(None, person, department)


def test_standards_to_read_wait_until_they_are_read(app, sign_in) -> None:
    from forum.core import slots
    from forum.home.views import Waits
    from forum.standards.panels import to_read

    finance = make.department(app)
    with app.app_context():
        person = db.session.get_one(Person, make.person(app, department=finance))
        assert to_read(person, [Waits(person)]) == {}
        assert slots.load("home", person, [Waits(person)]) == {0: []}


def test_one_tap_answers_the_wording_that_was_on_the_page(app, sign_in) -> None:
    author, finance = make.person(app), make.department(app)
    representative = make.person(app)
    make.represent(app, representative, finance)
    idea = make.idea(app, author, departments=[finance])
    browser = sign_in(representative)
    taps = [
        next(b["formaction"] for b in browser.page(page).all("button", value="no_effect"))
        for page in ("/", "/answers")
    ]
    edited = {"problem": "Quite another text.", "departments": finance}
    sign_in(author).post(f"/ideas/{idea}/edit", edited)

    for tap in taps:
        browser.post(tap, {"answer": "no_effect"})
        assert browser.page(f"/ideas/{idea}").all(data_earlier=True)


def test_a_hidden_idea_waits_for_no_decision(app, sign_in) -> None:
    from forum.moderation import actions as moderation

    moderator, idea = make.moderator(app), make.idea(app)
    with app.app_context():
        person, target = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea)
        decisions.begin_review(person, target)
        moderation.hide(person, target)

    assert waits(sign_in(moderator).page("/")) == []


def test_a_date_asked_for_a_hidden_idea_waits_for_nobody(app, sign_in) -> None:
    from forum.moderation import actions as moderation

    moderator, head = make.moderator(app), make.person(app)
    owner, idea = make.department(app, head_id=head), make.idea(app)
    make.decide(app, idea, owner_id=owner, due_on=today())
    with app.app_context():
        target = db.session.get_one(Idea, idea)
        later = today() + timedelta(days=20)
        owning.ask_to_move_date(db.session.get_one(Person, head), target, due_on=later, reason="")
        moderation.hide(db.session.get_one(Person, moderator), target)

    assert waits(sign_in(moderator).page("/")) == []
