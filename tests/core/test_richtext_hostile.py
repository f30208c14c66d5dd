import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.core.richtext import compose, render, sanitize
from tests.core.markup import assert_harmless, hostile, read, second_opinion

CORPORA = (
    "xss.jsonl",
    "blns.jsonl",
    "html_tokenizer_inputs.jsonl",
    "commonmark_spec_examples.jsonl",
)
PLACES = (
    "{}",
    "[text]({})",
    "[text](<{}>)",
    "<{}>",
    "![{}](/files/1)",
    "```{}\n```",
    "|{}|\n|-|\n|{}|",
    "@[{}](person:1)",
    "# {}",
)
HTML_PLACES = (
    "{}",
    '<a href="{}" title="{}">x</a>',
    "<a href={}>x</a>",
    "<img src='{}' alt='{}'>",
    "<table><tr><td>{}</table>",
    "<pre><code class='{}'>{}</code></pre>",
)
# The pieces browsers and parsers have disagreed about, to be put together at random.
_PIECES = (
    "http:// mailto: javascript: data: // \\ @ [ ] ( ) ![ : &#x3a; &colon; &Tab; &#106; xn-- 1 . я "
    "\u200d \u0338 \u202e \x00 ' \" ` < > = / > - | |- * ** ~~ ``` <a href= <img src= rel= style= "
    "<b> </b> <p> </p> <table> <td> </table> <pre> <h1> <div onclick=x class=mention title= <svg> "
    "<math> <mtext> <mglyph> <style> </style> <script> </script> <noscript> <template> <textarea> "
    "<select> <option> <title> <!-- --> <![CDATA[ ]]>"
)
PIECES = [*_PIECES.split(" "), " ", "\n", "\n\n", "\t"]


def seeded(data, count):
    rows = [row["s"] for name in CORPORA for row in hostile(data, name)]
    return random.Random(2).sample(rows, min(count, len(rows)))


def test_the_second_opinion_does_see_what_is_wrong():
    wrong = '<p onclick="x">a</p><a href="javascript:x" rel="nofollow ugc noopener">b</a>'

    assert read(second_opinion(wrong)).tags != read(wrong).tags
    with pytest.raises(AssertionError):
        assert_harmless(wrong)


@pytest.mark.parametrize("place", PLACES)
def test_hostile_strings_in_markdown_come_out_harmless(data, place):
    for source in seeded(data, 300):
        assert_harmless(render(place.replace("{}", source)))


@pytest.mark.parametrize("place", HTML_PLACES)
def test_hostile_strings_in_html_come_out_harmless(data, place):
    for source in seeded(data, 300):
        assert_harmless(sanitize(place.replace("{}", source)))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_mixture_comes_out_harmless(source):
    assert_harmless(render(source))
    assert_harmless(sanitize(source))
    assert_harmless(render(source, "text"))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_can_be_composed(source):
    for form in ("markdown", "html", "text"):
        composed = compose(source, form)
        assert composed.source.encode().decode() == composed.source
        assert "<" not in composed.plain or "<" in source or "&" in source


def pathological(data):
    return [(row["name"], row["s"]) for row in hostile(data, "markdown_pathological.jsonl.gz")]


ALLOWED = {20_000: 3, 1_000_000: 5}
"""CPU seconds by characters: many times what is needed, and one that explodes takes minutes."""


def test_markdown_made_to_explode_does_not(data):
    slow = {}
    for name, source in pathological(data):
        for form, length in (("markdown", 20_000), ("markdown", 1_000_000), ("html", 1_000_000)):
            started = time.process_time()
            compose(source[:length], form)
            spent = time.process_time() - started
            if spent > ALLOWED[length]:
                slow[name, form, length] = spent

    assert not slow


REPEATED = (
    *("http://a.a.", "www.a.ru=", "http:// x ", "a@b.ru ", "![a", "[a](b) ", "[a]: b\n", "|a"),
    *("*a **a ", "**a** ", "~~a ", "`a", "```\n", "- a\n", "1. ", "> ", "a\n=\n", "- -", "|\n"),
    *("&", "<", "<b>", "<b></i>", "<p><b>", "<li><ul>", "<table><td>", "<a ", "<!--", "<a href='"),
    *("<svg/", "&#769;", "1", "\\", "@[a](person:1)"),
    "[a]: b\nx--|2\n> ",
)


AFTER = (
    *(("|a|b|c\n|-|-|-\n", piece) for piece in ("|\n", "&", "|")),
    *(("<style><svg ", piece) for piece in ("/", "|\n", "\\\t")),
    *(("<img", piece) for piece in ("1", "1\u200d", "a=b ")),
)


@pytest.mark.parametrize(("before", "piece"), [*(("", piece) for piece in REPEATED), *AFTER])
def test_no_repeated_piece_keeps_a_worker_busy(before, piece):
    for form, length in (("markdown", 20_000), ("text", 20_000), ("html", 100_000)):
        source = (before + piece * (length // len(piece)))[:length]
        started = time.process_time()

        render(source, form)

        assert time.process_time() - started < 3, form


def test_deep_nesting_is_shown_as_text_and_loses_no_word():
    for source in (
        "> " * 500 + "deep",
        "- " * 500 + "deep",
        "<b>" * 5_000 + "deep",
        "*a **a " * 900 + "deep" + "b** a* " * 900,
    ):
        assert "deep" in compose(source).plain
        assert "deep" in compose(source, "html").plain
