"""Large segments are merged by a process of its own, and nobody notices but by their number."""

from __future__ import annotations

import pytest

from forum.search import merges, shelf
from forum.search.engine import merging
from forum.search.follower import Follower
from forum.search.open_index import open_index_of
from tests.search.test_finding import found
from tests.search.test_following import current, differing
from tests.support import make
from tests.support.server import wait_until


@pytest.mark.parametrize(
    ("sizes", "dead", "merged"),
    [
        ([], [], []),
        ([9_000, 3_000, 800], [0, 0, 0], []),
        ([9_000, 3_000, 2_000, 2_500, 7_000, 40], [0] * 6, [1, 2, 3, 4, 0]),
        ([90_000, 3_000, 2_000, 2_500, 1_000, 40], [0] * 6, [1, 2, 3, 4]),
        ([90_000, 3_000], [90_001, 0], [0]),
        ([90, 30], [91, 31], []),
        ([200_000] * 5, [0] * 5, []),
        ([200_000] * 9, [0] * 9, list(range(9))),
    ],
)
def test_the_smallest_of_too_many_large_segments_are_merged(sizes, dead, merged):
    assert merging.beside(sizes, dead) == sorted(merged)


@pytest.fixture
def company(app, monkeypatch):
    """A follower and eight ideas, each in a segment of its own; every segment counts as large."""
    monkeypatch.setattr(merging, "AT_ONCE", 0)
    monkeypatch.setattr(merging, "LARGE", 1)
    monkeypatch.setattr(merging, "MOST_LARGE", 100)
    author = make.person(app)
    follower = Follower(app)
    ideas = []
    for number in range(8):
        ideas.append(make.idea(app, author, title=f"Lamp number{number}", problem="It is dark."))
        follower.tick()
    yield follower, author, ideas
    follower.merges.stop()


def segments(app) -> int:
    """How many segments there are."""
    build = current(app)
    return len(shelf.open_index(build)._read_toc().segments)


def merged(app, follower) -> bool:
    """Look once more; whether there is one segment for all that is large."""
    follower.tick()
    return segments(app) <= 3


def test_commits_go_on_while_segments_are_merged(app, sign_in, company, monkeypatch):
    follower, author, ideas = company
    assert segments(app) >= 8
    monkeypatch.setattr(merging, "MOST_LARGE", 2)
    make.idea(app, author, title="One more")
    follower.tick()
    monkeypatch.setattr(merging, "MOST_LARGE", 100)
    make.comment(app, ideas[0], author, body="A comment meanwhile.")
    browser = sign_in(author)
    browser.post(f"/ideas/{ideas[3]}/withdraw")

    assert wait_until(lambda: merged(app, follower), within=60)

    open_index_of(app).look_again()
    titles = sorted(f"Lamp number{number}" for number in range(8))
    assert sorted(set(found(browser, "lamp"))) == titles
    assert len(found(browser, "lamp kind:idea")) == 8
    assert len(found(browser, "meanwhile")) == 1
    assert differing(app) == []
    assert not (current(app) / merges.FOLDER).exists()


def test_a_merge_that_dies_is_begun_again(app, sign_in, company, monkeypatch):
    follower, author, _ideas = company
    monkeypatch.setattr(merging, "MOST_LARGE", 2)
    make.idea(app, author, title="One more")
    follower.tick()
    assert follower.merges._process is not None
    follower.merges._process.kill()
    follower.tick()
    make.idea(app, author, title="Yet one more")

    assert wait_until(lambda: merged(app, follower), within=60)

    open_index_of(app).look_again()
    assert len(found(sign_in(), "lamp")) == 8


def test_a_merge_of_segments_that_are_gone_is_thrown_away(app, sign_in, company, monkeypatch):
    follower, author, _ideas = company
    monkeypatch.setattr(merging, "MOST_LARGE", 2)
    make.idea(app, author, title="One more")
    follower.tick()
    monkeypatch.setattr(merging, "MOST_LARGE", 100)
    told = app.test_cli_runner().invoke(args=["search", "rebuild"])

    assert told.exit_code == 0
    follower.tick()

    assert follower.merges.leave == ()
    open_index_of(app).look_again()
    assert len(found(sign_in(), "lamp")) == 8
