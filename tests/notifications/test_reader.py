"""Who hears of what, once each, and never of what they may not see."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from forum.accounts.models import Person
from forum.core import readers
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.departments import membership
from forum.departments.models import Department
from forum.ideas import actions, affected, answers, decisions, owning, votes
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.notifications import reader
from tests.notifications.inboxes import catch_up, everything, news_of, unread
from tests.support import make


def follow(app: Flask, idea: int, person: int) -> None:
    with app.app_context():
        votes.follow(db.session.get_one(Person, person), db.session.get_one(Idea, idea))


def called(app: Flask, person: int) -> str:
    return f"Ask @[Somebody](person:{person}) about it."


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
    author, representative = make.person(app), make.person(app)
    finance = make.department(app)
    make.represent(app, representative, finance)
    idea = make.idea(app, author)
    catch_up(app)

    with app.app_context():
        person, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea)
        affected.tag_departments(person, target, [finance])
    catch_up(app)

    assert news_of(app, representative) == ["answer-wanted"]


def test_an_answer_given_before_the_reader_came_is_not_asked_for(app) -> None:
    representative = make.person(app)
    finance = make.department(app)
    make.represent(app, representative, finance)
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
    author, representative = make.person(app), make.person(app)
    finance = make.department(app)
    make.represent(app, representative, finance)
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


def test_reading_the_log_again_from_its_start_changes_nothing(app) -> None:
    finance = make.department(app)
    representative = make.person(app)
    make.represent(app, representative, finance)
    idea = make.idea(app, departments=[finance])
    make.comment(app, idea, body=called(app, representative))
    catch_up(app)
    before = everything(app)

    with app.app_context(), transaction():
        db.session.execute(delete(readers.ReaderCursor))
    catch_up(app)

    assert everything(app) == before
    assert unread(app, representative) == 2


def test_a_crash_while_writing_leaves_neither_rows_nor_a_moved_cursor(app, monkeypatch) -> None:
    representative = make.person(app)
    finance = make.department(app)
    make.represent(app, representative, finance)
    make.idea(app, departments=[finance])

    def crash(_counts: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(reader, "_count", crash)
        with pytest.raises(RuntimeError, match="power cut"):
            catch_up(app)

    assert everything(app) == []
    with app.app_context():
        assert readers.position_of("notifications") == 0
    catch_up(app)
    assert news_of(app, representative) == ["answer-wanted"]


def test_two_processes_on_the_reader_apply_a_batch_once(app) -> None:
    representative = make.person(app)
    finance = make.department(app)
    make.represent(app, representative, finance)
    make.idea(app, departments=[finance])
    ready = threading.Barrier(2)
    waiting = readers.Reader("notifications", lambda batch: _after(ready, reader.prepare(batch)))
    handled: list[int] = []

    def run() -> None:
        with app.app_context():
            handled.append(readers.advance(waiting))
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(handled)[0] == 0
    assert len(handled) == 2
    assert news_of(app, representative) == ["answer-wanted"]


def _after(barrier, apply):  # type: ignore[no-untyped-def]
    barrier.wait(10)
    return apply


def test_a_hidden_idea_leaves_the_count_and_comes_back_with_it(app) -> None:
    author = make.person(app)
    idea = make.idea(app, make.person(app))
    moderator = make.moderator(app)
    follow(app, idea, author)
    make.comment(app, idea)
    catch_up(app)
    assert unread(app, author) == 1

    with app.app_context():
        person, target = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea)
        moderation.hide(person, target)
    catch_up(app)
    assert unread(app, author) == 0

    with app.app_context():
        person, target = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea)
        moderation.show_again(person, target)
    catch_up(app)
    assert unread(app, author) == 1
    news_of(app, author)


def test_the_count_follows_a_consultants_attachments(app) -> None:
    finance = make.department(app)
    consultant = make.person(app, kind="consultant", attached=[finance])
    make.idea(app, departments=[finance], problem=called(app, consultant))
    catch_up(app)
    assert unread(app, consultant) == 1

    with app.app_context():
        membership.detach(None, consultant, [finance])
    catch_up(app)

    assert unread(app, consultant) == 0
    news_of(app, consultant)


def test_an_attachment_that_runs_out_by_the_clock_is_noticed(app) -> None:
    from forum.departments.models import Attachment

    finance = make.department(app)
    consultant = make.person(app, kind="consultant", attached=[finance])
    make.idea(app, departments=[finance], problem=called(app, consultant))
    catch_up(app)

    with app.app_context():
        with transaction():
            db.session.execute(update(Attachment).values(until=make.ago(minutes=1)))
        assert reader.recheck_consultants() == 1
        assert reader.recheck_consultants() == 0

    assert unread(app, consultant) == 0


def test_the_cost_of_a_batch_does_not_grow_with_it(app) -> None:
    from tests.support.queries import listening

    def cost(ideas_in_batch: int) -> int:
        finance = make.department(app)
        representative = make.person(app)
        make.represent(app, representative, finance)
        for _ in range(ideas_in_batch):
            idea = make.idea(app, departments=[finance], problem=called(app, representative))
            make.comment(app, idea, representative)
        with app.app_context():
            batch = readers.events.after(readers.position_of("notifications"), limit=200)
        with listening(app) as seen, app.app_context():
            reader.prepare(batch)
        catch_up(app)
        return len(seen)

    assert cost(2) == cost(12)


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
    author, representative = make.person(app), make.person(app)
    finance = make.department(app)
    make.represent(app, representative, finance)
    draft = make.idea(app, author, draft=True)
    with app.app_context():
        person, target = db.session.get_one(Person, author), db.session.get_one(Idea, draft)
        wording = actions.word(title="", problem="Lost keys.", departments=[finance])
        actions.post_draft(person, target, wording)

    catch_up(app)

    assert news_of(app, representative) == ["answer-wanted"]
