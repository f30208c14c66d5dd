"""The index follows the log, survives what happens to files, and is nobody's treasure."""

from __future__ import annotations

import multiprocessing
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from whoosh.index import TOC

from forum.search import indexer, loading, shelf
from forum.search.engine.opened import all_opened
from forum.search.follower import EVERY, Follower, catch_up, run_follower, shelf_of
from forum.search.open_index import open_index_of
from forum.search.schema import PLAN
from forum.search.verify import differences
from tests.support import make
from tests.support.server import wait_until


def total(browser: Any, query: str) -> int:
    """How many results a search has."""
    return int(browser.json("/search", query_string={"q": query})["total"])


def newly_total(app: Any, browser: Any, query: str) -> int:
    """The same over the newest index, however lately this process has looked."""
    open_index_of(app).look_again()
    return total(browser, query)


def differing(app: Any) -> list[str]:
    """What `verify` finds, but for people: tests make them without telling anybody."""
    with app.app_context():
        found = list(differences(shelf_of(app)))
    return [line for line in found if not line.startswith("person:")]


def current(app: Any) -> Path:
    """The folder of the index in use."""
    build = shelf_of(app).current()
    assert build is not None
    return build


def test_the_follower_makes_what_was_posted_findable_by_itself(app, sign_in):
    stop = threading.Event()
    thread = threading.Thread(target=run_follower, args=(app, stop))
    thread.start()
    try:
        make.idea(app, title="Walkie talkies run flat")
        browser = sign_in()
        assert wait_until(lambda: total(browser, "walkie") == 1, within=20)
    finally:
        stop.set()
        thread.join()


def test_one_look_is_enough_and_the_looks_are_close_together(app, sign_in):
    follower, browser = Follower(app), sign_in()
    follower.tick()
    make.idea(app, title="Walkie talkies run flat")

    follower.tick()

    assert newly_total(app, browser, "walkie") == 1
    assert EVERY <= 0.5


def test_a_tick_without_news_costs_one_query(app, queries):
    make.idea(app)
    follower = Follower(app)
    while follower.tick():
        pass
    follower.tick()

    with queries(1):  # the end of the log, with its epoch
        follower.tick()


def test_search_answers_while_there_is_no_index(app, sign_in):
    browser = sign_in()

    page = browser.page("/search?q=anything")

    assert "being rebuilt" in page.text
    assert total(browser, "anything") == 0


def test_a_deleted_index_is_made_again_by_the_next_tick(app, sign_in):
    make.idea(app, title="Loading dock")
    follower = Follower(app)
    follower.tick()
    shutil.rmtree(app.config["DATA_DIR"] / "index")

    follower.tick()
    open_index_of(app).forget()

    assert total(sign_in(), "dock") == 1


def test_an_index_of_another_epoch_is_rebuilt(app, sign_in):
    from forum.core import epoch

    make.idea(app, title="Loading dock")
    catch_up(app)
    build = current(app)
    with app.app_context():
        epoch.renew()

    catch_up(app)

    assert current(app) != build
    assert total(sign_in(), "dock") == 1


def test_a_position_past_the_end_of_the_log_means_a_rebuild(app):
    make.idea(app)
    catch_up(app)
    build = current(app)
    at = shelf.position(build)
    assert at is not None
    beyond = shelf.Position(at.epoch, at.event + 100)
    shelf.note_position(build, shelf.generation(build), beyond)

    catch_up(app)

    assert current(app) != build


def test_a_thing_that_is_in_the_index_twice_does_not_stop_the_search(app, sign_in):
    idea = make.idea(app, title="Loading dock")
    catch_up(app)
    build = current(app)
    at = shelf.position(build)
    assert at is not None
    with app.app_context():
        indexer.write(build, [], loading.load([("idea", idea)]), at)

    sign_in().page("/search?q=dock")

    assert any("idea" in line for line in differing(app)), "and it is noticed"


def test_a_crash_between_position_and_commit_loses_nothing(app, sign_in, monkeypatch):
    make.idea(app, title="First dock")
    catch_up(app)
    make.idea(app, title="Second dock")

    def crash(writer: Any, **_how: Any) -> None:
        writer.cancel()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(indexer.Writer, "commit", crash)
        with pytest.raises(KeyboardInterrupt):
            catch_up(app)
    catch_up(app)

    assert total(sign_in(), "dock") == 2


def test_an_older_position_repeats_events_and_changes_nothing(app, sign_in):
    make.idea(app, title="First dock")
    catch_up(app)
    place = current(app) / shelf.POSITIONS
    before = place.read_bytes()
    idea = make.idea(app, title="Second dock")
    make.comment(app, idea, body="A third dock")
    catch_up(app)
    place.write_bytes(before)

    catch_up(app)

    assert total(sign_in(), "dock") == 3


def test_only_one_process_writes_at_a_time(app):
    make.idea(app)
    target = shelf_of(app)
    context = multiprocessing.get_context("fork")
    held, free = context.Event(), context.Event()

    def hold() -> None:
        with target.lock(wait=True):
            held.set()
            free.wait(10)

    other = context.Process(target=hold)
    other.start()
    try:
        assert held.wait(10)
        assert Follower(app).tick() == 0, "another process has the lock"
        assert target.current() is None
    finally:
        free.set()
        other.join()

    assert Follower(app).tick() > 0


def test_the_folder_belongs_to_its_owner_alone(app):
    make.idea(app)
    catch_up(app)

    for folder in (shelf_of(app).folder, current(app)):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_rebuild_serves_the_old_index_until_the_new_one_is_whole(app, sign_in, monkeypatch):
    make.idea(app, title="Loading dock")
    catch_up(app)
    browser, seen = sign_in(), []
    everything = indexer.everything

    def watched(*after: Any) -> Any:
        for document in everything(*after):
            open_index_of(app).look_again()
            seen.append(total(browser, "dock"))
            yield document

    monkeypatch.setattr(indexer, "everything", watched)
    target = shelf_of(app)
    with app.app_context(), target.lock(wait=True):
        indexer.rebuild(target)

    assert set(seen) == {1}


def test_stock_whoosh_reads_the_same_documents(app):
    from whoosh.index import open_dir
    from whoosh.query import Term

    idea = make.idea(app, title="Loading dock")
    catch_up(app)

    with open_dir(str(current(app))).searcher() as searcher:
        found = [hit["docid"] for hit in searcher.search(Term("title", "dock"))]

    assert found == [f"idea:{idea}"]


def test_the_commands_tell_the_truth(app):
    idea = make.idea(app, title="Loading dock")
    run = app.test_cli_runner().invoke

    assert "no index" in run(args=["search", "status"]).output
    assert run(args=["search", "rebuild"]).exit_code == 0
    assert ", lag 0.0 s" in run(args=["search", "status"]).output
    assert run(args=["search", "verify"]).exit_code == 0

    from sqlalchemy import update

    from forum.core.db import db, transaction
    from forum.ideas.models import Idea

    with app.app_context(), transaction():
        db.session.execute(update(Idea).where(Idea.id == idea).values(stage_kind="review"))
    answer = run(args=["search", "verify"])
    assert f"idea:{idea} differs" in answer.output
    assert answer.exit_code != 0


def test_health_says_how_far_the_index_is(app, anonymous):
    make.idea(app)
    assert anonymous.json("/health/ready")["index"] == "rebuilding"

    catch_up(app)

    assert anonymous.json("/health/ready")["index"] == "ok"


def test_a_segment_that_a_commit_takes_away_while_it_is_opened_is_gone_and_not_damaged(app):
    make.idea(app, title="Loading dock")
    catch_up(app)
    index = shelf.open_index(current(app))
    before = TOC.read(index.storage, index.indexname)
    make.idea(app, title="Loading bay")
    catch_up(app)

    with pytest.raises(FileNotFoundError):
        all_opened(index.storage, before.schema, before.segments, PLAN, {})
