"""Who hears of what: who is asked, called, followed or affected, and nobody else."""

from __future__ import annotations

from datetime import timedelta

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db
from forum.departments.models import Department
from forum.ideas import actions, affected, answers, decisions, owning
from forum.ideas.models import Idea
from tests.notifications.inboxes import called, catch_up, follow, news_of, unread
from tests.support import make


def test_representatives_hear_that_an_answer_is_wanted(app) -> None:
    finance, it = make.department(app), make.department(app)
    first, second, other = (make.person(app) for _ in range(3))
    make.represent(app, first, finance)
    make.represent(app, second, finance)
    make.represent(app, other, it)

    make.idea(app, departments=[finance])
    catch_up(app)

    assert news_of(app, first) == news_of(app, second) == ["answer-wanted"]
    assert news_of(app, other) == []


def test_without_representatives_the_head_is_asked(app) -> None:
    head = make.person(app)
    finance = make.department(app, head_id=head)

    make.idea(app, departments=[finance])
    catch_up(app)

    assert news_of(app, head) == ["answer-wanted"]


def test_a_department_tagged_later_is_asked_then(app) -> None:
    author, (finance, representative) = make.person(app), make.represented(app)
    idea = make.idea(app, author)
    catch_up(app)

    with app.app_context():
        person, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea)
        affected.tag_departments(person, target, [finance])
    catch_up(app)

    assert news_of(app, representative) == ["answer-wanted"]


def test_an_answer_given_before_the_reader_came_is_not_asked_for(app) -> None:
    finance, representative = make.represented(app)
    idea = make.idea(app, departments=[finance])
    make.answer(app, idea, finance, representative, "helps")

    catch_up(app)

    assert news_of(app, representative) == []


def test_nobody_hears_of_their_own_act(app) -> None:
    finance = make.department(app)
    author = make.person(app, department=finance)
    make.represent(app, author, finance)

    idea = make.idea(app, author, departments=[finance], problem=called(app, author))
    make.comment(app, idea, author, called(app, author))
    make.answer(app, idea, finance, author, "helps")
    catch_up(app)

    assert news_of(app, author) == []


def test_one_event_is_one_row_with_the_strongest_reason(app) -> None:
    finance = make.department(app)
    representative = make.person(app)
    make.represent(app, representative, finance)

    make.idea(app, departments=[finance], problem=called(app, representative))
    catch_up(app)

    assert news_of(app, representative) == ["answer-wanted"]


def test_people_and_departments_can_be_called(app) -> None:
    finance = make.department(app)
    colleague, representative = make.person(app), make.person(app)
    make.represent(app, representative, finance)
    idea = make.idea(app)

    body = called(app, colleague) + f" And @[Finance](department:{finance})."
    make.comment(app, idea, body=body)
    catch_up(app)

    assert news_of(app, colleague) == ["mentioned"]
    assert news_of(app, representative) == ["mentioned"]


def test_comments_reach_author_followers_and_whom_they_reply_to(app) -> None:
    author, follower, talker = (make.person(app) for _ in range(3))
    idea = make.idea(app, author)
    follow(app, idea, follower)
    first = make.comment(app, idea, talker)
    make.comment(app, idea, parent=first)

    catch_up(app)

    assert news_of(app, author) == ["commented", "commented"]
    assert news_of(app, follower) == ["commented-followed", "commented-followed"]
    assert news_of(app, talker) == ["replied"]


def test_a_decision_reaches_author_follower_and_the_new_owner(app) -> None:
    author, follower, head = (make.person(app) for _ in range(3))
    owner = make.department(app, head_id=head)
    idea = make.idea(app, author)
    follow(app, idea, follower)

    make.decide(app, idea, "accept", owner_id=owner, due_on=today() + timedelta(days=9))
    catch_up(app)

    assert news_of(app, author) == news_of(app, follower) == ["decided"]
    assert news_of(app, head) == ["owners-turn"]


def test_the_moderator_hears_that_the_owner_wants_another_day(app) -> None:
    moderator, head = make.moderator(app), make.person(app)
    owner = make.department(app, head_id=head)
    idea = make.idea(app)
    make.decide(app, idea, "accept", moderator, owner_id=owner, due_on=today())

    with app.app_context():
        person, target = db.session.get_one(Person, head), db.session.get_one(Idea, idea)
        day = today() + timedelta(days=30)
        owning.ask_to_move_date(person, target, due_on=day, reason="Two of us are ill.")
    catch_up(app)

    assert news_of(app, moderator) == ["date-asked"]


def test_answers_and_the_end_reach_the_author(app) -> None:
    author, (finance, representative) = make.person(app), make.represented(app)
    idea = make.idea(app, author, departments=[finance])
    make.answer(app, idea, finance, representative, "no_effect")
    make.decide(app, idea, "accept", owner_id=finance)
    with app.app_context():
        person, target = db.session.get_one(Person, representative), db.session.get_one(Idea, idea)
        decisions.mark_done(person, target, outcome="The form is gone.")

    catch_up(app)

    assert news_of(app, author) == ["answered", "decided", "done"]


def test_votes_are_no_news(app) -> None:
    author = make.person(app)
    idea = make.idea(app, author)

    make.vote(app, idea)
    catch_up(app)

    assert news_of(app, author) == []


def test_drafts_and_deactivated_people_get_nothing(app) -> None:
    finance = make.department(app)
    gone, representative = make.person(app, deactivated_at=make.ago(days=1)), make.person(app)
    make.represent(app, gone, finance)
    make.represent(app, representative, finance)

    make.idea(app, departments=[finance], draft=True)
    make.idea(app, departments=[finance])
    catch_up(app)

    assert news_of(app, gone) == []
    assert news_of(app, representative) == ["answer-wanted"]


def test_a_consultant_hears_only_of_what_touches_their_departments(app) -> None:
    finance, it = make.department(app), make.department(app)
    consultant = make.person(app, kind="consultant", attached=[finance])

    make.idea(app, departments=[it], problem=called(app, consultant))
    make.idea(app, departments=[finance], problem=called(app, consultant))
    catch_up(app)

    assert news_of(app, consultant) == ["mentioned"]


def test_heads_hear_nothing_while_there_are_representatives(app) -> None:
    head, representative = make.person(app), make.person(app)
    finance = make.department(app, head_id=head)
    make.represent(app, representative, finance)

    make.idea(app, departments=[finance])
    catch_up(app)

    assert news_of(app, head) == []
    with app.app_context():
        assert db.session.get_one(Department, finance).head_id == head


def test_what_was_taken_back_before_the_reader_came_is_no_news(app) -> None:
    author, representative, head = (make.person(app) for _ in range(3))
    moderator, finance, owner = make.moderator(app), make.department(app), make.department(app)
    make.represent(app, representative, finance)
    make.represent(app, head, owner)
    idea = make.idea(app, author, departments=[finance])
    make.answer(app, idea, finance, representative, "no_effect")
    with app.app_context():
        someone, target = db.session.get_one(Person, representative), db.session.get_one(Idea, idea)
        answers.take_back_answer(someone, target, finance)
    make.decide(app, idea, "accept", moderator, owner_id=owner)
    with app.app_context():
        boss, target = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea)
        decisions.take_back(boss, target)

    catch_up(app)

    assert news_of(app, author) == news_of(app, head) == []


def test_news_of_a_decision_go_with_it(app) -> None:
    author, moderator = make.person(app), make.moderator(app)
    idea = make.idea(app, author)
    make.decide(app, idea, "accept", moderator)
    catch_up(app)
    assert unread(app, author) == 1
    with app.app_context():
        boss, target = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea)
        decisions.take_back(boss, target)
        affected.tag_departments(boss, target, [])

    catch_up(app)
    assert unread(app, author) == 0

    make.decide(app, idea, "decline", moderator)
    catch_up(app)
    assert unread(app, author) == 1


def test_a_department_named_while_posting_a_draft_is_asked_once(app) -> None:
    author, (finance, representative) = make.person(app), make.represented(app)
    draft = make.idea(app, author, draft=True)
    with app.app_context():
        person, target = db.session.get_one(Person, author), db.session.get_one(Idea, draft)
        wording = actions.word(title="", problem="Lost keys.", departments=[finance])
        actions.post_draft(person, target, wording)

    catch_up(app)

    assert news_of(app, representative) == ["answer-wanted"]
