"""A hit shows where its words stand, as they were written, and nothing but marks around them."""

from __future__ import annotations

import html
import re

import pytest
from markupsafe import escape

from forum.search import language
from forum.search.follower import catch_up
from forum.search.snippets import LENGTH, Wanted, marked, snippet
from tests.hostile import strings
from tests.support import make

FILLING = "Everybody knows the way and nobody has ever written it down for others. "


def passage(text: str, query: str) -> str:
    """What a search for this shows of a text."""
    return snippet(text, Wanted(language.parse(query).operands))


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("invoice", "Our invoices are late", "Our <mark>invoices</mark> are late"),
        ("заявка", "Мы ждём заявок", "Мы ждём <mark>заявок</mark>"),
        ("учет", "Учёт времени", "<mark>Учёт</mark> времени"),
        ("ей", "Дали еи\u0306 ключ", "<mark>еи\u0306</mark> ключ"),
        ("ценности", "товарно-материальных ценностей.", "<mark>ценностей</mark>."),
        ("материальный", "(товарно-материальных)", "(<mark>товарно-материальных</mark>)"),
        ("PS-001", "see PS-001/2", "see <mark>PS-001</mark>/2"),
        ("inv*", "an inventory of invoices", "<mark>inventory</mark> of <mark>invoices</mark>"),
        ("data", "metadata, data; data", "metadata, <mark>data</mark>; <mark>data</mark>"),
        ('"late invoices"', "late, late invoices", "<mark>late</mark> <mark>invoices</mark>"),
    ],
)
def test_words_are_marked_in_the_form_that_was_written(query, text, shown):
    assert shown in passage(text, query)


def test_the_passage_begins_with_its_sentence_and_ends_between_words():
    text = 20 * FILLING + "The stamp is locked in a drawer. " + 20 * FILLING

    shown = passage(text, "stamp")

    assert "… The <mark>stamp</mark> is" in shown or ". The <mark>stamp</mark> is" in shown
    assert shown.startswith(("… Everybody knows", "… The <mark>"))
    assert re.search(r"\w …$|\. …$", shown)
    assert len(re.sub("</?mark>|…", "", shown)) <= LENGTH + 2


def test_words_that_stand_far_apart_are_shown_in_two_passages():
    text = 8 * FILLING + "The stamp is locked away. " + 8 * FILLING + "A signature is missing."

    shown = passage(text, "signature stamp")

    assert shown.index("<mark>stamp</mark>") < shown.index("<mark>signature</mark>")
    assert shown.count("…") >= 2
    assert len(re.sub("</?mark>|…", "", shown)) <= LENGTH + 4


def test_one_passage_with_all_the_words_is_enough():
    text = "A stamp. " + 8 * FILLING + "Stamp and signature stand together. " + 8 * FILLING

    shown = passage(text, "signature stamp")

    assert "<mark>Stamp</mark> and <mark>signature</mark>" in shown
    assert shown.count("…") == 2, "one before, one after"


def test_a_row_of_words_is_shown_where_it_stands_in_a_row():
    text = "Late again. Invoices, not late. " + 8 * FILLING + "These are late invoices. "

    assert "<mark>late</mark> <mark>invoices</mark>" in passage(text, '"late invoices"')


def test_a_text_without_the_words_shows_how_it_begins():
    shown = passage(20 * FILLING, "stamp")

    assert shown.startswith("Everybody knows")
    assert shown.endswith(" …")
    assert passage("", "stamp") == ""


def test_the_title_of_a_hit_is_marked_too(app, sign_in):
    make.idea(app, title="Invoices & <b>stamps</b>", problem="Nothing else.")
    catch_up(app)

    page = sign_in().get("/search?q=invoice")
    hit = sign_in().json("/search?q=invoice")["hits"][0]

    assert "<mark>Invoices</mark> &amp; &lt;b&gt;stamps" in page.text
    assert hit["title"] == "Invoices & <b>stamps</b>", "the contract: a title is plain text"


@pytest.mark.parametrize("name", strings.COLLECTIONS)
def test_nothing_that_was_written_becomes_markup(data, name):
    for string in strings.every(data, name):
        text = f"before {string} word {string} after"
        wanted = Wanted(language.parse(f"word before {string}").operands)

        for shown in (snippet(text, wanted), marked(text, wanted)):
            bare = re.sub("</?mark>", "", shown)
            assert "<" not in bare
            assert ">" not in bare
            assert shown.count("<mark>") == shown.count("</mark>")
        bare = re.sub("</?mark>", "", marked(text, wanted))
        assert html.unescape(bare) == html.unescape(str(escape(text)).replace("\n", " "))
