"""Votes and comments are known to the search at once, and re-index nothing."""

from __future__ import annotations

import os

import numpy as np
import pytest

from forum.search import figures, shelf
from forum.search.figures import Figures
from forum.search.follower import Follower, catch_up
from forum.search.open_index import open_index_of
from tests.search.test_following import current
from tests.support import make


def kept(app) -> Figures:
    """The figures that this process's searches use."""
    snapshot = open_index_of(app).snapshot()
    assert snapshot is not None
    return figures.of(snapshot)


def test_a_vote_is_known_without_a_commit_or_another_look(app, sign_in):
    idea = make.idea(app, title="Walkie talkies run flat")
    other = make.idea(app, title="Lamps as well")
    catch_up(app)
    before, known = shelf.generation(current(app)), kept(app)
    browser = sign_in()

    browser.post(f"/ideas/{idea}/vote")
    catch_up(app)

    ids = np.array([other, idea])
    assert known.votes(ids).tolist() == [0, 1]
    assert shelf.generation(current(app)) == before
    browser.post(f"/ideas/{idea}/unvote")
    catch_up(app)
    assert known.votes(ids).tolist() == [0, 0]


def test_comments_activity_and_stage_are_known_as_the_database_has_them(app, sign_in):
    idea = make.idea(app, title="Walkie talkies run flat")
    catch_up(app)
    before = kept(app).row(idea)

    sign_in().post(f"/ideas/{idea}/comments", {"body": "Ours too."})
    catch_up(app)

    after = kept(app).row(idea)
    assert (after.comments, after.entered) == (1, before.entered)
    assert after.active > before.active
    with app.app_context():
        assert figures.differing(current(app)) == []


def test_ideas_for_which_there_was_no_room_are_known_after_their_commit(app):
    make.idea(app, title="The first")
    catch_up(app)
    small = np.zeros((4, 2), dtype=np.int64)
    figures.write(current(app), small)

    idea = make.idea(app, title="The second")
    catch_up(app)

    open_index_of(app).look_again()
    assert kept(app).row(idea).active > 0


@pytest.mark.parametrize("harm", ["lost", "cut", "garbled"])
def test_lost_figures_are_read_again_by_the_next_tick(app, sign_in, harm):
    idea = make.idea(app, title="Walkie talkies run flat")
    make.vote(app, idea)
    follower = Follower(app)
    follower.tick()
    path = current(app) / figures.NAME
    content = path.read_bytes()
    path.unlink()
    if harm != "lost":
        path.write_bytes(content[:-8] if harm == "cut" else b"x" * len(content))

    follower.tick()

    open_index_of(app).look_again()
    assert kept(app).votes(np.array([idea])).tolist() == [1]


def test_what_is_posted_while_many_figures_are_read_is_found_at_once(app, sign_in, monkeypatch):
    monkeypatch.setattr(figures, "READ_AT_ONCE", 2)
    ideas = [make.idea(app, title=f"Lamp {number}") for number in range(6)]
    make.vote(app, ideas[-1])
    catch_up(app)
    figures.write(current(app), np.zeros((4, ideas[-1] + 10), dtype=np.int64))
    follower = Follower(app)
    follower.tick()
    make.idea(app, title="Walkie talkies run flat")

    follower.tick()

    open_index_of(app).look_again()
    assert sign_in().json("/search?q=walkie")["total"] == 1
    assert kept(app).votes(np.array(ideas[-1:])).tolist() == [0], "there is more to read"
    follower.tick()
    follower.tick()
    assert kept(app).votes(np.array(ideas[-1:])).tolist() == [1]


@pytest.mark.parametrize("name", [figures.NAME, "arrays"])
def test_a_file_that_is_cut_while_it_is_read_ends_no_process(app, sign_in, name):
    make.idea(app, title="Walkie talkies run flat")
    catch_up(app)
    browser, follower = sign_in(), Follower(app)
    assert browser.json("/search?q=walkie")["total"] == 1
    (path,) = current(app).glob(f"*{name}")

    os.truncate(path, 64)

    assert browser.json("/search?q=walkie")["total"] == 1
    follower.tick()
    open_index_of(app).look_again()
    assert browser.json("/search?q=walkie")["total"] == 1
    assert path.stat().st_size > 64


def test_verify_names_ideas_whose_figures_differ(app):
    idea = make.idea(app, title="Walkie talkies run flat")
    catch_up(app)
    figures.write(current(app), np.zeros((4, idea + 1), dtype=np.int64))

    told = app.test_cli_runner().invoke(args=["search", "verify"])

    assert f"idea:{idea} has other figures" in told.output
    assert told.exit_code == 1
