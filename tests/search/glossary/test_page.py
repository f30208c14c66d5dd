"""Moderators keep the company's words: add, change, take out and put back, find, download."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from forum.core.db import db, transaction
from forum.core.limits import GLOSSARY, PHRASE, SAME
from forum.search.follower import catch_up
from forum.search.glossary.models import GlossaryEntry
from tests.search.glossary.entries import same
from tests.search.test_finding import found
from tests.support import make
from tests.support.pages import parsed

PAGE = "/moderation/glossary"


def value(answer, name):
    """What a field of an answered form holds."""
    field = parsed(answer.text).one(name=name)
    return field.get("value") or field.text


@pytest.fixture
def moderator(sign_in):
    """A moderator's browser."""
    return sign_in(role="moderator")


def test_an_entry_works_from_the_next_search_on(app, moderator, sign_in):
    make.idea(app, title="Учёт ТМЦ")
    catch_up(app)
    reader = sign_in()
    before = found(reader, "inventory")

    answer = moderator.post(PAGE, {"same": "ТМЦ\ninventory", "note": "as accounting says"})

    assert before == []
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert found(reader, "inventory") == ["Учёт ТМЦ"]
    assert "ТМЦ = inventory" in moderator.get(PAGE).text
    assert "as accounting says" in moderator.get(PAGE).text


def test_a_changed_entry_means_what_it_says_now(app, moderator, sign_in):
    entry = same(app, "ТМЦ", "inventory")
    make.idea(app, title="Учёт ТМЦ")
    catch_up(app)
    reader = sign_in()
    before = found(reader, "inventory"), found(reader, "stock")

    page = moderator.get(f"{PAGE}/{entry}")
    revision = value(page, "revision")
    answer = moderator.post(f"{PAGE}/{entry}", {"same": "ТМЦ;stock", "revision": revision})

    assert before == (["Учёт ТМЦ"], [])
    assert answer.status_code == 303
    assert found(reader, "inventory") == []
    assert found(reader, "stock") == ["Учёт ТМЦ"]


def test_a_deleted_entry_can_be_put_back_with_one_tap(app, moderator, sign_in):
    entry = same(app, "ТМЦ", "inventory")
    make.idea(app, title="Учёт ТМЦ")
    catch_up(app)
    reader = sign_in()
    assert found(reader, "inventory") == ["Учёт ТМЦ"]

    moderator.post(f"{PAGE}/{entry}/delete")
    page = moderator.get(PAGE)
    without = found(reader, "inventory")
    moderator.post(f"{PAGE}/{entry}/restore")

    assert f"{PAGE}/{entry}/restore" in page.text
    assert without == []
    assert moderator.get(f"{PAGE}/{entry}").status_code == 200
    assert found(reader, "inventory") == ["Учёт ТМЦ"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Fill this in."),
        ("ТМЦ", "Write at least two different words or phrases."),
        ("invoice\nInvoices", "Write at least two different words or phrases."),
        ("ТМЦ\nand", "“and” is too common to be searched for."),
        ("ТМЦ\n…", "“…” is too common to be searched for."),
        (f"ТМЦ\n{'x' * (PHRASE.value + 1)}", f"to {PHRASE.value} characters."),
        ("\n".join(f"word{n}" for n in range(SAME.value + 1)), f"at most {SAME.value} of them"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_and_kept(moderator, words, sentence):
    answer = moderator.post(PAGE, {"same": words, "note": "a note of mine"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "a note of mine" in answer.text
    assert value(answer, "same").split() == words.split()


def test_whoever_was_slower_sees_what_they_typed_and_may_save_again(app, moderator):
    entry = same(app, "ТМЦ", "inventory")
    seen = value(moderator.get(f"{PAGE}/{entry}"), "revision")
    moderator.post(f"{PAGE}/{entry}", {"same": "ТМЦ\nstock", "revision": seen})

    late = moderator.post(f"{PAGE}/{entry}", {"same": "ТМЦ\nstores", "revision": seen})
    again = {"same": "ТМЦ\nstores", "revision": value(late, "revision")}

    assert late.status_code == 409
    assert value(late, "same").split() == ["ТМЦ", "stores"]
    assert moderator.post(f"{PAGE}/{entry}", again).status_code == 303


def test_the_page_is_for_moderators(app, sign_in):
    entry = same(app, "ТМЦ", "inventory")
    reader = sign_in()

    for address in (PAGE, f"{PAGE}/{entry}", f"{PAGE}.csv"):
        assert reader.get(address).status_code == 404
    for address in (PAGE, f"{PAGE}/{entry}", f"{PAGE}/{entry}/delete", f"{PAGE}/{entry}/restore"):
        assert reader.post(address, {"same": "a1\nb2"}).status_code == 404
    assert sign_in(role="admin").get(PAGE).status_code == 200


def test_entries_are_found_by_a_part_of_any_of_their_words(app, moderator):
    same(app, "ТМЦ", "товарно-материальные ценности")
    same(app, "PO", "Purchase order")

    page = moderator.get(f"{PAGE}?q=МАТЕРИАЛЬНЫЕ ц")

    assert "ТМЦ = товарно-материальные ценности" in page.text
    assert "Purchase order" not in page.text
    assert "No entry has this" in moderator.get(f"{PAGE}?q=100%").text


@pytest.mark.parametrize("length", [60, GLOSSARY.value])
def test_a_page_of_the_glossary_costs_the_same_however_long(app, moderator, queries, length):
    fill(app, length)
    moderator.get("/moderation")

    with queries(3):  # the reader, the entries, how many there are
        first = parsed(moderator.get(PAGE).text)
    with queries(3):
        second = parsed(moderator.get(first.one("a", rel="next")["href"]).text)

    pages = [[row["data-entry"] for row in page.all(data_entry=True)] for page in (first, second)]
    assert len(pages[0]) == 50
    assert pages[1]
    assert not set(pages[0]) & set(pages[1])
    assert first.all(data_entry=True)[0].text.startswith("word0000 = слово0000")


def fill(app, count):
    """So many entries at once."""
    columns = [
        {"words": words, "folded": words, "note": "", "revision": 1}
        for words in (f"word{n:04}\nслово{n:04}" for n in range(count))
    ]
    with app.app_context(), transaction():
        db.session.execute(insert(GlossaryEntry), columns)


def test_a_search_costs_no_more_with_a_glossary(app, sign_in, queries):
    same(app, "ТМЦ", "inventory")
    make.idea(app, title="Учёт ТМЦ")
    catch_up(app)
    reader = sign_in()
    reader.get("/search?q=inventory")

    with queries(3):  # the reader, the departments, the ideas found
        reader.get("/search?q=inventory")


def test_a_full_glossary_says_so_and_is_searched_by(app, moderator):
    fill(app, GLOSSARY.value)
    make.idea(app, title="Слово4321")
    catch_up(app)

    answer = moderator.post(PAGE, {"same": "PO\npurchase order"})

    assert answer.status_code == 409
    assert "The glossary has room for 5000 entries." in answer.text
    assert found(moderator, "word4321") == ["Слово4321"]


def test_an_import_of_the_download_changes_nothing(app, moderator, tmp_path):
    same(app, "ТМЦ", "товарно-материальные ценности", note="=as accounting says")
    same(app, "PO", "purchase order")
    file = tmp_path / "glossary.csv"
    file.write_bytes(moderator.get(f"{PAGE}.csv").data)

    result = app.test_cli_runner().invoke(args=["import", "glossary", str(file)])

    assert result.output == "created 0, unchanged 2, updated 0, refused 0\n"


def test_a_file_adds_entries_changes_notes_and_names_what_it_leaves_out(app, moderator, tmp_path):
    same(app, "PO", "purchase order")
    file = tmp_path / "words.csv"
    lines = ["words,note", "purchase order;PO,paper", "ТМЦ;inventory,", "alone,", "inventory;ТМЦ,"]
    file.write_text("\n".join(lines), encoding="utf-8")

    result = app.test_cli_runner().invoke(args=["import", "glossary", str(file)])

    assert result.exit_code == 1
    assert "created 1, unchanged 0, updated 1, refused 2" in result.output
    assert f"{file}:4: Write at least two different words or phrases." in result.output
    assert f"{file}:5: This entry is in line 3 already." in result.output
    page = moderator.get(PAGE).text
    assert "ТМЦ = inventory" in page
    assert "paper" in page
