"""Standards as files for elsewhere: Markdown, HTML, Word."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from flask import Flask

from tests.standards import standards
from tests.standards.paper import documents
from tests.support import make

BODY = (
    "Before.\n\n## Цель\n\nПлатить **вовремя**, см. [идею](/ideas/1).\n\n"
    "- раз\n  1. внутри\n- два\n\n"
    "## Шаги\n\n1. один\n2. два\n\nПотом:\n\n1. снова один\n\n### Часть\n\n"
    "| Кто | Что |\n|---|---|\n| ИТ | *отвечает* |\n\n> цитата\n\n```\ncode\n```\n"
)


def exported(browser, number: str, format: str) -> bytes:
    """A standard as a file."""
    answer = browser.get(f"/standards/{number}/export?format={format}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return bytes(answer.data)


def shown(app: Flask, sign_in) -> tuple[str, str]:
    """A standard with a picture in force: its number, and the picture's address."""
    moderator = sign_in(make.moderator(app))
    sent = moderator.post("/files", {"file": (BytesIO(documents.picture()), "box.png")})
    address = re.search(r"/files/[\w-]{22}", sent.text)
    assert address is not None
    number = standards.drafted(app, title="Оплата", body=BODY)
    fields = standards.fields_of(moderator, number)
    body = f"{BODY}\n![Коробка]({address.group()})\n"
    moderator.post(f"/standards/{number}/edit", {**fields, "body": body, "action": "publish"})
    return number, address.group()


def test_the_page_offers_every_format(app: Flask, sign_in) -> None:
    number = standards.in_force(app)

    page = sign_in().page(f"/standards/{number}/export?version=1&format=odt")

    links = [e["href"] for e in page.all("a") if "version=1" in e.get("href", "")]
    assert f"/standards/{number}.pdf?version=1" in links
    for format in ("docx", "html", "md"):
        assert f"/standards/{number}/export?version=1&format={format}" in links
    assert "There is no such format" in page.text


def test_markdown_is_what_was_typed_and_comes_back(app: Flask, sign_in, tmp_path: Path) -> None:
    number = standards.in_force(app, title="Оплата", body=BODY.replace("(/ideas/1)", "(#there)"))
    made = exported(sign_in(), number, "md").decode()
    make.admin(app)
    (tmp_path / "back.md").write_text(made)

    again = documents.load(app, tmp_path)

    assert made.startswith("---\nnumber: PS-001\ntitle: Оплата\nversion: 1\nstate: in_force\n")
    assert "\n---\n\nBefore.\n" in made
    assert again.stdout == "created 0, unchanged 1, updated 0, refused 0\n"


def test_html_stands_alone(app: Flask, sign_in) -> None:
    number, _address = shown(app, sign_in)

    made = exported(sign_in(), number, "html").decode()

    assert 'src="data:image/png;base64,' in made
    assert "/files/" not in made
    assert "@media print" in made
    assert "<script" not in made
    assert 'href="http' in made
    assert 'href="/ideas/1"' not in made
    assert made.count("<h2") == 1 + 2


def test_word_has_real_headings_lists_tables_and_pictures(app: Flask, sign_in) -> None:
    number, _address = shown(app, sign_in)

    made = Document(BytesIO(exported(sign_in(), number, "docx")))

    styles = {p.text: p.style.name for p in made.paragraphs}
    assert styles["Оплата"] == "Title"
    assert styles["1 Цель"] == "Heading 1"
    assert styles["2.1 Часть"] == "Heading 2"
    assert (styles["раз"], styles["внутри"]) == ("List Bullet", "List Number 2")
    assert styles["один"] == styles["снова один"] == "List Number"
    assert styles["цитата"] == "Quote"
    assert [c.text for c in made.tables[-1].rows[1].cells] == ["ИТ", "отвечает"]
    assert len(made.inline_shapes) == 1
    assert made.inline_shapes[0]._inline.docPr.get("descr") == "Коробка"
    assert made.core_properties.title == f"{number} Оплата"
    bold = [r.text for p in made.paragraphs for r in p.runs if r.bold]
    assert "вовремя" in bold


def test_lists_of_a_word_document_count_by_themselves(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=BODY)

    made = Document(BytesIO(exported(sign_in(), number, "docx")))

    counts = {
        p.text: p._p.pPr.numPr.numId.val for p in made.paragraphs if p.style.name == "List Number"
    }
    assert counts["один"] == counts["два"] != counts["снова один"]


def test_word_comes_back_as_it_left(app: Flask, sign_in, tmp_path: Path) -> None:
    number = standards.in_force(app, title="Оплата", body="## Цель\n\nВовремя.\n\n- раз\n- два\n")
    make.admin(app)
    (tmp_path / "PS-077.docx").write_bytes(exported(sign_in(), number, "docx"))

    done = documents.load(app, tmp_path)

    assert done.stdout == "created 1, unchanged 0, updated 0, refused 0\n", done.stderr
    page = sign_in().page("/standards/PS-077")
    assert "Вовремя." in page.text
    assert len(page.all("section", class_="clause")) >= 1


def test_old_versions_and_drafts_are_marked_in_every_file(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    standards.rewrite(app, number, body="New.")
    reader = sign_in()

    html = reader.get(f"/standards/{number}/export?format=html&version=1").text
    word = Document(BytesIO(reader.get(f"/standards/{number}/export?format=docx&version=1").data))

    assert 'class="across"' in html
    assert "Superseded" in word.sections[0].header.paragraphs[0].text


@pytest.mark.parametrize("odd", ["\uffff", "&#xffff;", "\u2028", "\U0001f4a9", "<b>&amp;"])
def test_odd_characters_break_no_file(app: Flask, sign_in, odd: str) -> None:
    number = standards.in_force(app, title=f"A {odd} title", body=f"## B {odd}\n\nC {odd} `{odd}`")
    reader = sign_in()

    for format in ("docx", "html", "md"):
        assert reader.get(f"/standards/{number}/export?format={format}").status_code == 200


def test_without_the_extra_word_says_what_to_do(
    app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = standards.in_force(app)
    monkeypatch.setattr("forum.standards.paper.extra.WANTED", ("no_such_library",))

    answer = sign_in().get(f"/standards/{number}/export?format=docx")

    assert answer.status_code == 501
    assert "not installed here" in answer.text
