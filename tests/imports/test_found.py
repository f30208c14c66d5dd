"""What was imported is found like everything else, and what the index keeps of it is right."""

from __future__ import annotations

import json

from forum.ideas.imports.loading import load_file
from forum.search import verify
from forum.search.follower import catch_up, shelf_of

LINES = (
    {
        "id": "h-1",
        "title": "Bicycle racks",
        "html": "<p>Racks <em>rust</em> beside the laboratory.</p>",
        "user": "14",
        "votes": 3,
        "created": "03/02/2024",
        "answers": [
            {
                "id": "2",
                "html": "<p>Galvanised ones last longer.</p>",
                "created": "2024-02-04T10:00:00.120",
                "user": None,
                "comments": [{"id": "2", "text": "Zinc is dear.", "user": "15"}],
            }
        ],
        "comments": [],
    },
    {"id": "h-2", "title": "Заявки на пропуск", "problem": "Заявки ждут неделю.", "lang": "ru"},
)


def _load(app, tmp_path, lines) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with app.app_context():
        load_file(path, kind=None, dry_run=False, progress=lambda _lines: None)
    catch_up(app)


def _found(browser, query: str) -> set[str]:
    return {hit["kind"] for hit in browser.json("/search", query_string={"q": query})["hits"]}


def test_ideas_and_their_comments_are_found_by_another_word_form(app, tmp_path, sign_in) -> None:
    _load(app, tmp_path, LINES)
    browser = sign_in()

    assert _found(browser, "laboratories") == {"idea"}
    assert _found(browser, "galvanised") == {"comment"}
    assert _found(browser, "заявка") == {"idea"}


def test_changed_words_replace_the_old_ones_in_the_index(app, tmp_path, sign_in) -> None:
    _load(app, tmp_path, LINES)
    changed = {**LINES[0], "html": "<p>Racks corrode beside the workshop.</p>"}

    _load(app, tmp_path, [changed, LINES[1]])

    browser = sign_in()
    assert _found(browser, "workshop") == {"idea"}
    assert _found(browser, "laboratory") == set()


def test_a_rebuilt_index_would_be_the_same(app, tmp_path) -> None:
    _load(app, tmp_path, LINES)

    with app.app_context():
        assert list(verify.differences(shelf_of(app))) == []
