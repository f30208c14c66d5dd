import subprocess
import sys
import threading

import pytest

from forum.core import richtext
from forum.core.db import transaction
from forum.core.richtext import Mentions, compose, mentions, name_mentions, render, sanitize

REL = 'rel="nofollow ugc noopener"'


def test_markdown_becomes_html():
    html = render("**bold** _it_ ~~gone~~ `code`\nnext\n\n1. one\n2. two\n\n> said")

    assert (
        "<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>code</code><br>\nnext</p>" in html
    )
    assert "<ol>\n<li>one</li>" in html
    assert "<blockquote>\n<p>said</p>" in html


def test_html_in_markdown_is_shown_not_obeyed():
    assert (
        render("<b>raw</b><script>x</script>")
        == "<p>&lt;b&gt;raw&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;</p>\n"
    )


def test_headings_leave_the_page_its_own_two():
    assert render("# One\n\n## Two\n\n###### Six") == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>\n"
    assert sanitize("<h1>One</h1>") == "<h3>One</h3>"


def test_bare_links_work_in_russian_too():
    assert f'<a href="http://xn--e1afmkfd.xn--p1ai/a" {REL}>http://пример.рф/a</a>' in render(
        "http://пример.рф/a"
    )
    assert f'<a href="http://www.example.com" {REL}>www.example.com</a>' in render(
        "www.example.com"
    )
    assert f'<a href="mailto:a@b.ru" {REL}>a@b.ru</a>' in render("a@b.ru")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:x",
        "data:text/html,x",
        "vbscript:x",
        "ftp://a.b/c",
        "file:///etc",
    ],
)
def test_links_of_other_schemes_are_only_words(address):
    assert "<a" not in render(f"[text](<{address}>)")
    assert sanitize(f'<a href="{address}">text</a>') == "text"
    assert sanitize(f'<a href="&#106;{address}">text</a>') == "text"


@pytest.mark.parametrize(
    "address",
    [
        "http://a.b/c",
        "https://a.b:8080/?q=1#f",
        "mailto:a@b.ru",
        "/ideas/1",
        "#part",
        "?a=b:c",
        "../up",
    ],
)
def test_links_to_the_web_mail_and_this_forum_work(address):
    assert f'<a href="{address}" {REL}>x</a>' in render(f"[x]({address})")


def test_images_are_shown_from_this_forum_only():
    assert (
        render("![plan](/files/12)") == '<p><img alt="plan" src="/files/12" loading="lazy"></p>\n'
    )
    assert (
        render("![plan](https://spy.example/p.gif)")
        == f'<p><a href="https://spy.example/p.gif" {REL}>plan</a></p>\n'
    )
    assert "<img" not in render("![x](/files/../people/1)") + sanitize("<img src=//evil/files/1>")
    assert (
        render("[![in](http://a.b/i.png)](http://a.b)")
        == f'<p><a href="http://a.b" {REL}>in</a></p>\n'
    )


def test_what_scrolls_can_be_reached_by_keyboard():
    html = render("|a|b|\n|:-:|-:|\n|1|2|\n\n```python\nx = 1\n```")

    assert '<div class="scroll" role="group" tabindex="0"><table>' in html
    assert "</table></div>" in html
    assert '<td class="align-center">1</td>\n<td class="align-right">2</td>' in html
    assert '<pre tabindex="0"><code class="language-python">x = 1\n</code></pre>' in html
    assert "style" not in html


def test_mentions_become_links_and_are_reported():
    composed = compose(
        "@[Анна <b>](person:12), @[IT](department:3) and `@[x](person:9)`, [@[y](person:8)](/z)"
    )

    assert '<a class="mention" href="/people/12">@Анна &lt;b&gt;</a>' in composed.html
    assert '<a class="mention" href="/departments/by-id/3">@IT</a>' in composed.html
    assert composed.mentions == Mentions(frozenset({12}), frozenset({3}))
    assert mentions(composed.source) == composed.mentions


def test_imported_html_cannot_dress_a_link_as_a_mention():
    html = sanitize('<a class="mention" href="https://evil.example">@Director</a>')

    assert "mention" not in html


def test_old_mentions_show_todays_names():
    html = render("@[Anna Petrova](person:12) @[IT](department:3) @[Boris](person:4)")

    renamed = name_mentions(html, {12: "former colleague"}, {3: "IT & Co <3"})

    assert '<a class="mention" href="/people/12">@former colleague</a>' in renamed
    assert '<a class="mention" href="/departments/by-id/3">@IT &amp; Co &lt;3</a>' in renamed
    assert "@Boris" in renamed
    assert "Petrova" not in renamed


def test_imported_html_keeps_its_words_and_loses_the_rest():
    html = sanitize(
        '<section style="x">One</section><div onclick="x">two<script>alert(1)</script></div>'
        "<style>p{}</style><font color=red>red</font><iframe src=//evil>frame</iframe><p>a<br>b"
    )

    assert html == "<div>One</div><div>two</div>red<p>a<br>b</p>"


def test_plain_words_have_a_line_for_each_block():
    markdown = compose(
        "# Title\n\nOne *two*\nthree\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|\n\n```\nk  =\n  1\n```"
    )
    html = compose("<p>раз</p><p>два<br>три &amp; четыре</p><ul><li>x<li>y</ul>", "html")

    assert markdown.plain == "Title\nOne two\nthree\na\nb\nx y\n1 2\nk =\n1"
    assert html.plain == "раз\nдва\nтри & четыре\nx\ny"


def test_plain_text_keeps_its_signs_and_gets_its_links():
    html = render("*stars*, <b>\nhttp://a.b\n\nnext", "text")

    assert (
        html
        == f'<p>*stars*, &lt;b&gt;<br>\n<a href="http://a.b" {REL}>http://a.b</a></p>\n<p>next</p>\n'
    )


def test_the_same_text_twice_has_two_digests():
    one, other = compose("yes"), compose("yes")

    assert one.digest != other.digest
    assert len(one.salt) == 16
    assert one.digest == richtext.digest_of(one.salt, "yes")
    assert (one.html, one.plain, one.source) == (other.html, other.plain, other.source)


def test_what_cannot_be_seen_is_stripped_also_when_written_as_a_reference():
    for reference in ("&#x202e;", "&#8238;", "\u202e", "&#x200B;"):
        assert "\u202e" not in render(f"a{reference}b") + sanitize(f"a{reference}b")
        assert render(f"a{reference}b") == "<p>ab</p>\n"
        assert (
            sanitize(f'<img src=/files/1 alt="a{reference}b">')
            == '<img alt="ab" src="/files/1" loading="lazy">'
        )


def test_a_text_longer_than_the_limit_keeps_its_end_as_plain_paragraphs():
    composed = compose("word *one*\n\n" * 3_000 + "the *end*")

    assert "<em>one</em>" in composed.html
    assert composed.html.endswith("the *end*</p>\n")
    assert composed.plain.count("one") == 3_000


def test_html_beyond_measure_keeps_its_words():
    composed = compose(
        "<div>" * 200 + "<b>kept</b> &amp; safe <script>gone</script>" + "<p>x</p>" * 30_000, "html"
    )

    assert "kept &amp; safe" in composed.html
    assert "gone" not in composed.html
    assert composed.plain.count("x") == 30_000


def test_rendering_is_refused_while_a_write_is_open(context):
    with transaction(), pytest.raises(RuntimeError, match="render"):
        compose("text")


def test_threads_do_not_mix_their_texts():
    mixed = []

    def write(number):
        for _again in range(40):
            html = render(
                f"Text {number} http://site{number}.example/p *{number}* | a{number}@b.ru"
            )
            if html.count(str(number)) != 6:
                mixed.append(html)

    threads = [threading.Thread(target=write, args=(100 + number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not mixed


def test_the_first_texts_of_a_process_may_be_written_at_once():
    command = [sys.executable, "-m", "tests.core.scripts.first_at_once"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout == "8 1\n", done.stderr
