"""Whoever writes the index is killed again and again while people write and search."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading

from forum.core.db import db
from forum.search.follower import catch_up, run_follower
from forum.search.open_index import open_index_of
from tests.search.test_following import differing
from tests.support import make
from tests.support.browser import Browser

KILLS = 4
"""In the benchmark it is fifty."""


def followed(app) -> None:
    """Follow the log until killed, over connections of its own."""
    with app.app_context():
        db.engine.dispose(close=False)
    run_follower(app, threading.Event())


def write_and_search(app, browser: Browser, author: int, number: int) -> int:
    """An idea, its search, an edit and a vote; how many of the searches were not answered."""
    idea = make.idea(app, author, title=f"Lamp number{number}", problem="It is dark in the yard.")
    make.vote(app, idea)
    answers = [browser.get(f"/search?q={word}").status_code for word in ("lamp", "dark", "torch")]
    return sum(status != 200 for status in answers)


def killed_again_and_again(app, browser: Browser, kills: int, *, seed: int) -> tuple[int, int]:
    """Ideas written, and searches that were not answered, while the follower was killed so often.

    It is killed after a random number of writes, in whatever it does just then.
    """
    chance = random.Random(seed)  # noqa: S311
    author, written, failed = make.person(app), 0, 0
    for _kill in range(kills):
        follower = multiprocessing.get_context("fork").Process(target=followed, args=(app,))
        follower.start()
        for _write in range(chance.randrange(1, 12)):
            failed += write_and_search(app, browser, author, written)
            written += 1
        os.kill(follower.pid or 0, signal.SIGKILL)
        follower.join()
    return written, failed


def test_no_kill_is_noticed_and_nothing_is_lost(app, sign_in):
    browser = sign_in()
    catch_up(app)

    written, failed = killed_again_and_again(app, browser, KILLS, seed=7)

    assert failed == 0
    catch_up(app)
    open_index_of(app).look_again()
    assert browser.json("/search?q=lamp+kind:idea")["total"] == written
    assert differing(app) == []


def test_readers_keep_nothing_of_a_hundred_commits(app, sign_in):
    browser, author = sign_in(), make.person(app)
    catch_up(app)

    def commit(number: int) -> int:
        make.idea(app, author, title=f"Lamp number{number}")
        catch_up(app)
        assert browser.json("/search?q=lamp")["total"] == number
        return len(os.listdir("/proc/self/fd"))

    handles = [commit(number) for number in range(1, 121)]

    assert max(handles[60:]) <= max(handles[:60]) + 12, "a segment more or less, and no more"
