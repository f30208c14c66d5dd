"""The reader of the log: once each, at a fixed cost, and counts that stay right."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, update

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, transaction
from forum.departments import membership
from forum.ideas.models import Idea
from forum.moderation import actions as moderation
from forum.notifications import keeping, reader
from tests.notifications.inboxes import called, catch_up, everything, follow, news_of, unread
from tests.support import make


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
    finance, representative = make.represented(app)
    make.idea(app, departments=[finance])

    def crash(_counts: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "count", crash)
        with pytest.raises(RuntimeError, match="power cut"):
            catch_up(app)

    assert everything(app) == []
    with app.app_context():
        assert readers.position_of("notifications") == 0
    catch_up(app)
    assert news_of(app, representative) == ["answer-wanted"]


def test_two_processes_on_the_reader_apply_a_batch_once(app) -> None:
    finance, representative = make.represented(app)
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

    cost(1)  # the site's settings are known from here on
    assert cost(2) == cost(12)
