"""What is recognised as simple comes out as the parser would have left it, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.core.richtext import simple
from forum.core.richtext.markdown import markdown_html
from forum.core.richtext.sanitizer import TooComplex, parsed

NAMES = ("p", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a", "h1", "h6")
PIECES = (
    *(f"<{name}>" for name in NAMES),
    *(f"</{name}>" for name in NAMES),
    *("<br>", "<br />", "<hr />", "<hr>", "</br>", "<div>", "<b>", "<script>", "<td>", "<img>"),
    *('<a href="https://example.org/a?b=c#d">', '<a href="javascript:alert(1)">', '<a href="/x">'),
    *('<a href="http://1.2">', '<code class="language-py">', '<p class="x">', "<P>", "<!-- -->"),
    *("words", " ", "\n", "&amp;", "&lt;", "&quot;", "&", "&nbsp;", "&#60;", "<", ">", '"', "é"),
    *("\t", "\x0b", "\x85", "\u2028", "]]>", "&amp;lt;", "&notit;"),
)
FORMS = st.sampled_from(
    (
        *("<p>{}</p>\n", "<ul>\n<li>{}</li>\n</ul>\n", "<blockquote>\n<p>{}</p>\n</blockquote>\n"),
        *("<pre><code>{}</code></pre>\n", "<em>{}</em>", "<strong>{}</strong>", "<li>{}</li>"),
        *("<h2>{}</h2>\n", '<a href="https://example.org/">{}</a>', "<code>{}</code>", "{}<br />"),
    )
)
SOUP = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
NESTED = st.recursive(
    SOUP, lambda inside: st.tuples(FORMS, inside, inside).map(lambda t: t[0].format(t[1] + t[2]))
)


def differs(html: str) -> str | None:
    """The parser's answer, where the simple way has another one."""
    short = simple.finished(html)
    if short is None:
        return None
    long = parsed(html)
    return long if long != short else None


@settings(max_examples=400, deadline=None)
@given(st.one_of(SOUP, NESTED, st.lists(NESTED, max_size=3).map("\n".join)))
@example("<p>a</p>")
@example("<pre>\n<code>\n\nx</code></pre>")
@example("<p><em><em><em><em>x</em></em></em></em></p>")
@example('<p><a href="https://example.org/">a<a href="https://example.org/">b</a></a></p>')
def test_both_ways_lead_to_the_same(html) -> None:
    assert differs(html) is None


@pytest.mark.parametrize(
    "html",
    [
        "<p>open",
        "<p><ul><li>x</li></ul></p>",
        "<script>alert(1)</script>",
        '<p onclick="x">y</p>',
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p><a href="https://1.2.3.4/">x</a></p>',
        '<p><a href="https://example.org" title="t">x</a></p>',
        "<li>x</li>",
        "bare words",
        "<blockquote>" * 30 + "</blockquote>" * 30,
        "<p>\x00</p>",
    ],
)
def test_anything_else_goes_the_long_way(html) -> None:
    assert simple.finished(html) is None


def test_ordinary_posts_are_recognised() -> None:
    source = (
        "The **printer** jams.\n\n1. See https://example.org/a\n2. `restart`\n\n> *Again*\n\n"
        "## Next\n\n```py\nx < 1\n```\n\n- one\n- two\n\nLast line\nand a break."
    )

    html = markdown_html(source)[0]

    assert simple.finished(html) == parsed(html)


def texts(data: Path) -> list[tuple[str, str]]:
    """Every seventh text of the corpora, with how it is written."""
    found = []
    for path in sorted([*data.glob("ideas/*.jsonl"), *data.glob("hostile/*.jsonl")]):
        for line in path.read_text(encoding="utf-8").split("\n")[:-1:7]:
            row: dict[str, Any] = json.loads(line)
            for name in ("html", "markdown", "text", "s"):
                if isinstance(row.get(name), str):
                    found.append((name, row[name][:20_000]))
    return found


def test_both_ways_agree_over_the_corpora(data: Path) -> None:
    for name, text in texts(data):
        try:
            html = text if name == "html" else markdown_html(text)[0]
            assert differs(html) is None, text[:200]
        except TooComplex:
            continue
