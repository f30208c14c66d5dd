"""Search on a running forum: it finds within two seconds, and outlives its index."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.server import Server, Visitor, wait_until

Serve = Callable[..., Server]
SOON = 2.0


def total(visitor: Visitor, word: str) -> int:
    """How many results a word has."""
    answer = visitor.get(f"/search?q={word}", Accept="application/json")
    assert answer.status == 200, answer
    return int(json.loads(answer.body)["total"])


def posted(visitor: Visitor, word: str) -> float:
    """Post an idea; when it was acknowledged."""
    answer = visitor.post("/ideas/new", problem=f"The {word} is late.", action="post")
    assert answer.status == 303, answer
    return time.monotonic()


def test_what_was_posted_is_found_within_two_seconds(serve: Serve) -> None:
    visitor = Visitor(serve().port).sign_in("writer1@example.org")
    posted(visitor, "forklift")
    assert wait_until(lambda: total(visitor, "forklift") == 1, within=20), "the index is made"

    waits = []
    for word in ("galvanometer", "trolley", "packaging"):
        at = posted(visitor, word)
        assert wait_until(lambda word=word: total(visitor, word) == 1, within=20)
        waits.append(time.monotonic() - at)

    assert min(waits) < SOON, waits


@pytest.mark.parametrize("gone", ["index", "index/CURRENT", "index/b*", "index/b*/*.toc"])
def test_an_index_that_is_deleted_is_made_anew_and_no_search_breaks(
    serve: Serve, folder: Path, gone: str
) -> None:
    visitor = Visitor(serve().port).sign_in("writer1@example.org")
    posted(visitor, "forklift")
    assert wait_until(lambda: total(visitor, "forklift") == 1, within=20)
    broken: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            answer = visitor.get("/search?q=forklift", Accept="application/json")
            if answer.status != 200:
                broken.append(answer)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for path in folder.glob(gone):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
        other = Visitor(visitor.port).sign_in("writer2@example.org")
        posted(other, "trolley")
        found = wait_until(lambda: total(other, "trolley") == total(other, "forklift") == 1, 30)
    finally:
        stop.set()
        asking.join()

    assert found
    assert not broken
