"""Whatever happens to the files of an index, searches are answered and it is made whole again."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forum.search import shelf
from forum.search.engine.arrays import Arrays
from forum.search.follower import Follower, catch_up, run_follower
from forum.search.open_index import open_index_of
from forum.search.schema import PLAN
from tests.search.test_following import current, differing, newly_total, total
from tests.support import make
from tests.support.server import wait_until


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


@pytest.mark.parametrize("part", ["sets", "values", "starts", "text", "ends"])
def test_columns_that_lead_nowhere_never_break_a_page(app, sign_in, part):
    for number in range(3):
        make.idea(app, title=f"Loading dock {number}")
    catch_up(app)
    browser = sign_in()
    asked = (
        "/search?q=dock+stage:new",
        "/search/suggest?q=do",
        "/search/suggest?filters=1&q=tag:d",
        "/search/similar?title=Loading+dock",
    )
    (path,) = current(app).glob("*.arrays")
    names = [f"label:{name}.{part}" for name in PLAN.labels]
    overwrite(path, [*names, "number:kind"])
    for page in asked:
        open_index_of(app).forget()
        assert browser.get(page).status_code == 200, page

    follower = Follower(app)
    while follower.tick():
        pass
    open_index_of(app).look_again()
    assert total(browser, "dock") == 3


def overwrite(path: Path, names: list[str]) -> None:
    """Give arrays of a file the largest numbers, in a new file that looks sound from outside."""
    content, arrays = bytearray(path.read_bytes()), Arrays(path)
    begin = address(np.frombuffer(arrays._map, dtype=np.uint8))
    for name in names:
        at, size = address(arrays[name]) - begin, arrays[name].nbytes
        content[at : at + size] = b"\xff" * size
    path.unlink()
    path.write_bytes(content)


def address(array: np.ndarray) -> int:
    """Where an array lies."""
    return array.__array_interface__["data"][0]


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
