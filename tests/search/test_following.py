"""The index follows the log, survives what happens to files, and is nobody's treasure."""

from __future__ import annotations

import multiprocessing
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from forum.search import documents, indexer, shelf
from forum.search.follower import EVERY, Follower, catch_up, run_follower, shelf_of
from forum.search.open_index import open_index_of
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


@pytest.mark.parametrize("name", ["CURRENT", "position.json"])
@pytest.mark.parametrize("content", [b"", b"\xff\x00{", b"[]", b'{"epoch": 1}'])
def test_a_damaged_note_means_a_rebuild(app, sign_in, name, content):
    make.idea(app, title="Loading dock")
    catch_up(app)
    build = current(app)
    place = build.parent / name if name == "CURRENT" else build / name
    place.write_bytes(content)

    Follower(app).tick()
    open_index_of(app).look_again()

    assert current(app) != build
    assert total(sign_in(), "dock") == 1


# Whoosh leaves the files it had opened to the garbage collector when a later one is damaged.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("ending", [".toc", ".trm", ".pst", "_stored.col"])
@pytest.mark.parametrize("damage", ["truncate", "remove", "scramble"])
def test_a_damaged_index_never_breaks_a_page_and_is_rebuilt(app, sign_in, ending, damage):
    for number in range(3):
        make.idea(app, title=f"Loading dock {number}")
    catch_up(app)
    file = next(path for path in current(app).iterdir() if path.name.endswith(ending))
    content = file.read_bytes()
    if damage == "remove":
        file.unlink()
    else:
        file.write_bytes(content[: len(content) // 2] if damage == "truncate" else b"\x80" * 400)
    open_index_of(app).forget()
    browser, stop = sign_in(), threading.Event()

    browser.page("/search?q=dock")
    thread = threading.Thread(target=run_follower, args=(app, stop))
    thread.start()
    try:
        wait_until(lambda: newly_total(app, browser, "dock") == 3, within=5)
    finally:
        stop.set()
        thread.join()

    assert total(browser, "dock") == 3


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
        indexer.write(build, [], documents.load([("idea", idea)]), at)

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


def test_evaluate_prints_its_figures(app, tmp_path):
    (tmp_path / "docs.jsonl").write_text(
        '{"id": "a", "title": "Invoices", "text": "late invoices"}\n'
        '{"id": "b", "title": "", "text": "велосипеды и парковка"}\n'
    )
    (tmp_path / "queries.tsv").write_text("1\tinvoice\n2\tвелосипед\n")
    (tmp_path / "qrels.tsv").write_text("1\ta\t1\n2\tb\t1\n")

    lines = app.test_cli_runner().invoke(args=["search", "evaluate", str(tmp_path)]).output

    assert lines.splitlines()[:3] == ["nDCG@10 1.0000", "MAP 1.0000", "R@100 1.0000"]
    assert lines.splitlines()[3].startswith("ms/query ")


def test_judgments_of_other_queries_are_refused_in_a_sentence(app, tmp_path):
    (tmp_path / "docs.jsonl").write_text('{"id": "a", "title": "Invoices", "text": "late"}\n')
    (tmp_path / "queries.tsv").write_text("1\tinvoice\n")
    (tmp_path / "qrels.tsv").write_text("7\ta\t1\n")

    answer = app.test_cli_runner().invoke(args=["search", "evaluate", str(tmp_path)])

    assert answer.exit_code != 0
    assert "judges none of its queries" in str(answer.exception)


def test_a_folder_that_is_no_collection_is_told_what_it_lacks(app, tmp_path):
    (tmp_path / "docs.jsonl").write_text("")

    answer = app.test_cli_runner().invoke(args=["search", "evaluate", str(tmp_path)])

    assert answer.exit_code != 0
    assert "needs docs.jsonl, queries.tsv and qrels.tsv" in str(answer.exception)


@pytest.mark.parametrize("harm", ["deleted", "cut", "changed"])
def test_arrays_that_are_lost_are_made_again_and_change_nothing(app, sign_in, harm):
    make.idea(app, title="Loading dock", problem="Lorries wait at the dock")
    catch_up(app)
    browser, follower = sign_in(), Follower(app)
    follower.tick()
    before = browser.json("/search?q=dock")
    (path,) = current(app).glob("*.arrays")
    whole = path.read_bytes()

    lose(path, harm)
    open_index_of(app).forget()
    if harm != "changed":
        assert answers(browser.json("/search?q=dock")) == answers(before)
    follower.tick()

    assert path.read_bytes() == whole
    assert answers(browser.json("/search?q=dock")) == answers(before)


def lose(path: Path, harm: str) -> None:
    """Do harm to a file without writing over it, which somebody may be reading."""
    content = path.read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(content[:-64])
    elif harm == "changed":
        path.write_bytes(content[:-200] + b"\xff" * 136 + content[-64:])


def answers(found: dict[str, Any]) -> dict[str, Any]:
    """What a search tells, but how long it took."""
    return {name: value for name, value in found.items() if name != "took_ms"}


@pytest.mark.parametrize("ending", ["_stored.col", ".pst", ".trm"])
def test_a_file_of_whooshs_that_changes_while_the_arrays_answer_is_noticed(app, sign_in, ending):
    for number in range(3):
        make.idea(app, title=f"Loading dock {number}")
    follower = Follower(app)
    follower.tick()
    build = current(app)
    file = next(path for path in build.iterdir() if path.name.endswith(ending))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.unlink()
    file.write_bytes(content)

    while follower.tick() or shelf.position(current(app)) is None:
        pass

    assert current(app) != build
    assert newly_total(app, sign_in(), "dock") == 3
    assert differing(app) == []
