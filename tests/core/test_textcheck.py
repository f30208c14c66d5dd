import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.textcheck import clean_line, clean_text, derive_title, detect_lang, excerpt
from tests.core.markup import hostile

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)


def test_line_ends_of_every_system_become_one():
    assert clean_text("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"


def test_controls_and_invisible_traps_are_dropped():
    assert (
        clean_text("a\x00b\x1bc\u202ed\u2066e\u200bf\ufeffg\xadh\ud800i\tj\nk") == "abcdefghi\tj\nk"
    )


def test_letters_written_in_two_pieces_become_one():
    assert clean_text("и\u0306") == "й"
    assert clean_text("e\u0301") == "é"


def test_stacked_marks_are_cut_to_four():
    assert clean_text("a" + "\u0336" * 50) == "a" + "\u0336" * 4


@pytest.mark.parametrize("emoji", ["👨\u200d👩\u200d👧", "❤️\u200d🔥", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "1️⃣"])
def test_emoji_stay_whole(emoji):
    assert clean_text(f"Да {emoji}!") == f"Да {emoji}!"


def test_joiners_stay_in_persian_and_go_from_russian_and_english():
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"
    assert clean_text("ad\u200dmin ад\u200cмин") == "admin админ"


def test_a_message_hidden_in_tag_characters_is_dropped():
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "secret")

    assert clean_text(f"Hello{hidden}") == "Hello"


def test_a_line_keeps_single_spaces_only():
    assert clean_line("  two\n\t words\u00a0 here ") == "two words here"


@given(ANY_TEXT)
def test_cleaning_never_fails_and_twice_is_as_once(text):
    cleaned = clean_text(text)

    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.encode().decode() == cleaned
    assert clean_line(clean_line(text)) == clean_line(text)


@pytest.mark.parametrize("piece", ["a\u0301\u0323", "\u0301", "\u200d", "\U000e0041", "я", "\r\n"])
def test_a_million_strange_characters_are_cleaned_quickly(piece):
    started = time.process_time()

    clean_text(piece * (1_000_000 // len(piece)))

    assert time.process_time() - started < 4


def test_naughty_strings_come_out_as_text(data):
    for row in hostile(data, "blns.jsonl"):
        assert "\x00" not in clean_text(row["s"])
        assert "\n" not in clean_line(row["s"])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Invoices arrive late. We pay fines.", "Invoices arrive late"),
        ("Почему счета теряются? Непонятно.", "Почему счета теряются?"),
        (
            "Нужны формы, т. е. шаблоны, для заявок. Сейчас их нет.",
            "Нужны формы, т. е. шаблоны, для заявок",
        ),
        ("Use a form, e.g. the new one. It works.", "Use a form, e.g. the new one"),
        (
            "См. приложение к приказу и т. д. Дальше текст.",
            "См. приложение к приказу и т. д. Дальше текст",
        ),
        ("И. И. Иванов просит ключ. Срочно.", "И. И. Иванов просит ключ"),
        ("Version 2.0 is slow. Fix it.", "Version 2.0 is slow"),
        ("# Doors\n\nThe doors stick.", "Doors"),
        ("**Bold** and [a link](http://x.ru/a.b) here. More.", "Bold and a link here"),
        ("> - quoted `code` item", "quoted code item"),
        ("---\n\n![](/files/1)\n\nReal words", "Real words"),
        ("@[Анна](person:3), помогите. Спасибо", "@Анна, помогите"),
        ("```\nprint(1)\n```", "print(1)"),
        ("Wait… no", "Wait…"),
        ("One line\nwithout an end", "One line without an end"),
        ("", ""),
        ("!!! --- ***", ""),
    ],
)
def test_a_title_is_the_first_sentence(text, title):
    assert derive_title(text, 200) == title


def test_a_long_title_is_cut_at_a_word():
    assert derive_title("очень " * 100, 20) == "очень очень очень…"


@given(ANY_TEXT, st.integers(1, 60))
def test_titles_and_excerpts_keep_to_their_limit(text, limit):
    assert len(derive_title(text, limit)) <= limit
    assert len(excerpt(text, limit)) <= limit


def test_an_endless_word_is_cut_where_it_stands():
    assert excerpt("a" * 100_000, 10) == "aaaaaaaaa…"


@pytest.mark.parametrize(
    "piece", ["a. ", "[a](", "**a", "`", "- ", "#", "> ", "|-", "\\", "@[a](", "a.", "~~"]
)
def test_titles_of_hostile_markdown_are_quick(piece):
    started = time.process_time()

    derive_title(piece * 20_000, 200)

    assert time.process_time() - started < 0.3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Счета приходят поздно", "ru"),
        ("Обновить Microsoft Office до Office 365", "ru"),
        ("The invoices are late", "en"),
        ("Invoices", "en"),
        ("Más carriles bici en la ciudad para los niños", "es"),
        ("Quiero que se construya un parque", "es"),
        ("123 !!!", "ru"),
    ],
)
def test_the_language_is_told_by_its_letters_and_small_words(text, language):
    assert detect_lang(text, "ru") == language
