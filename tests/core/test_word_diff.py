import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.richtext import word_diff

PARAGRAPHS = "\n".join(
    f"Line {n} says that invoices number {n * 7} arrive late." for n in range(350)
)


def side(changes, left_out):
    return "".join(text for op, text in changes if op != left_out)


def test_one_changed_word_is_the_only_change():
    changes = word_diff(
        "IT answers within two days.\nThe rest stays.",
        "IT answers within three days.\nThe rest stays.",
    )

    assert changes == [
        ("equal", "IT answers within "),
        ("delete", "two"),
        ("insert", "three"),
        ("equal", " days.\nThe rest stays."),
    ]


def test_the_same_text_has_no_changes():
    assert word_diff("одно и то же", "одно и то же") == [("equal", "одно и то же")]
    assert word_diff("", "") == []


def test_a_new_paragraph_is_inserted_whole():
    changes = word_diff("Первый.\n\nТретий.\n", "Первый.\n\nВторой, новый.\n\nТретий.\n")

    assert [change for change in changes if change[0] != "equal"] == [
        ("insert", "Второй, новый.\n\n")
    ]


def test_neighbouring_changed_words_read_as_one_change():
    changes = word_diff("a big red door opens", "a small green door opens")

    assert changes[1:3] == [("delete", "big red"), ("insert", "small green")]


@given(st.text(alphabet="ab \n.", max_size=120), st.text(alphabet="ab \n.", max_size=120))
def test_both_texts_can_be_read_off_the_changes(old, new):
    changes = word_diff(old, new)

    assert side(changes, "insert") == old
    assert side(changes, "delete") == new
    assert all(text for _op, text in changes)


def shuffled(text):
    words = text.split(" ")
    return " ".join(random.Random(7).sample(words, len(words)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PARAGRAPHS[:20_000], shuffled(PARAGRAPHS[:20_000])),
        (
            PARAGRAPHS[:20_000].replace("\n", " "),
            PARAGRAPHS[:20_000].replace("late", "early").replace("\n", " "),
        ),
        ("\n" * 20_000, "\n" * 19_990 + "a" * 10),
        ("a b " * 5_000, "b a " * 5_000),
        (".," * 10_000, ",." * 10_000),
        ("a " * 10_000, "b " * 10_000),
        (
            "".join(random.Random(1).choices("ab \n", k=20_000)),
            "".join(random.Random(2).choices("ab \n", k=20_000)),
        ),
    ],
    ids=[
        "shuffled",
        "one line",
        "empty lines",
        "swapped",
        "punctuation",
        "nothing shared",
        "noise",
    ],
)
def test_the_longest_texts_are_compared_quickly(old, new):
    started = time.process_time()

    changes = word_diff(old, new)

    assert time.process_time() - started < 2
    assert side(changes, "insert") == old
    assert side(changes, "delete") == new
