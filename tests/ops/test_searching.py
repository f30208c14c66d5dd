"""Search on a running forum: it finds within two seconds, and outlives its index."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.server import Server, Visitor, wait_until

Serve = Callable[..., Server]


def total(visitor: Visitor, word: str) -> int:
    """How many results a word has."""
    answer = visitor.get(f"/search?q={word}", Accept="application/json")
    assert answer.status == 200, answer
    return int(json.loads(answer.body)["total"])


def posted(visitor: Visitor, word: str) -> None:
    """Post an idea, and see it acknowledged."""
    answer = visitor.post("/ideas/new", problem=f"The {word} is late.", action="post")
    assert answer.status == 303, answer


def test_what_was_posted_is_found_without_anybody_asking_for_it(serve: Serve) -> None:
    visitor = Visitor(serve().port).sign_in("writer1@example.org")
    posted(visitor, "forklift")
    assert wait_until(lambda: total(visitor, "forklift") == 1, within=20), "the index is made"

    for word in ("galvanometer", "trolley", "packaging"):
        posted(visitor, word)
        assert wait_until(lambda word=word: total(visitor, word) == 1, within=20), word


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
