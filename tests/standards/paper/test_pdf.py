"""Standards on paper: what tools read out of the PDF."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db, transaction
from forum.core.i18n import day
from forum.core.site import save_settings
from forum.standards.approvals import actions
from forum.standards.paper import approvers
from tests.standards import standards
from tests.standards.approvals import approving
from tests.standards.paper.documents import picture
from tests.support import make

pytest.importorskip("weasyprint")
BODY = (
    "Вступление.\n\n## Цель\n\nСъешь ещё этих мягких французских булок.\n\n- счёт\n- накладная\n\n"
    "### Часть\n\n1. Склад считает\n2. Финансы платят\n\n## Обещания\n\n"
    "| Кто | Что |\n|---|---|\n| ИТ | отвечает за день |\n\n> цитата\n"
)


def printed(browser, address: str, place: Path) -> Path:
    """The PDF at an address, in a file."""
    answer = browser.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    file = place / "standard.pdf"
    file.write_bytes(answer.data)
    return file


def told(*command: str | Path) -> str:
    """What a tool says of a file."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def text_of(file: Path) -> str:
    return " ".join(told("pdftotext", "-layout", file, "-").split())


def structure(file: Path) -> list[str]:
    """The tagged elements in order, without what they say."""
    found = re.findall(r"^ *([A-Z]\w*)\b.*$", told("pdfinfo", "-struct-text", file), re.MULTILINE)
    return [
        name for name in found if name not in ("Span", "Div", "Document", "Object", "NonStruct")
    ]


def test_the_file_is_sound_tagged_and_in_order(app: Flask, sign_in, tmp_path: Path) -> None:
    number = standards.in_force(app, title="Оплата в срок", body=BODY)

    file = printed(sign_in(), f"/standards/{number}.pdf", tmp_path)

    assert "No syntax or stream encoding errors" in told("qpdf", "--check", file)
    about = told("pdfinfo", file)
    assert re.search(r"Title: +PS-001 Оплата в срок", about)
    assert re.search(r"Tagged: +yes", about)
    assert b"pdfuaid" in file.read_bytes() or "pdfuaid" in told("pdfinfo", "-meta", file)
    text = structure(file)
    main = text[text.index("H1") :]
    kinds = [name for name in main if name in ("H1", "H2", "H3", "L", "Table", "BlockQuote")]
    assert kinds == ["H1", "Table", "H2", "L", "H2", "L", "H3", "L", "H2", "Table", "BlockQuote"]
    assert main.count("LI") == 3 + 2 + 2
    assert main.count("TR") >= 2


def test_cyrillic_is_extracted_as_it_is_read(app: Flask, sign_in, tmp_path: Path) -> None:
    number = standards.in_force(app, title="Оплата в срок", body=BODY)

    text = text_of(printed(sign_in(), f"/standards/{number}.pdf", tmp_path))

    for words in ("Оплата в срок", "Съешь ещё этих мягких французских булок.", "1.1 Часть"):
        assert words in text


def test_paper_says_whose_it_is_and_how_long_it_is_valid(
    app: Flask, sign_in, tmp_path: Path
) -> None:
    finance = make.department(app, "Finance")
    with app.app_context(), transaction():
        save_settings({"classification": "Internal", "name": "Our rules"})
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        number = standards.in_force(app, departments=[finance])
        reader = sign_in()
        text = text_of(printed(reader, f"/standards/{number}.pdf", tmp_path))

    for words in (
        "Our rules",
        "PS-001 · version 1 · In force",
        "Internal",
        "since Mar 2, 2026",
        "Next review Mar 2, 2027",
        "For Finance",
        "Put in force by",
        "Printed on Mar 2, 2026 from Our rules; valid on that day.",
        "Page 1 of 1",
        "/standards/PS-001",
    ):
        assert words in text


def test_approvers_come_from_whatever_keeps_them(
    app: Flask, sign_in, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = approvers.Approver("Vera Head", "Approved by", datetime(2026, 2, 1, tzinfo=UTC))
    monkeypatch.setattr(approvers, "SOURCES", [lambda _version: [known]])
    number = standards.in_force(app)

    text = text_of(printed(sign_in(), f"/standards/{number}.pdf", tmp_path))

    assert "Approved by Vera Head, Feb 1, 2026" in text
    assert "Put in force by" not in text


def test_any_version_is_printed_and_old_ones_say_so_on_every_page(
    app: Flask, sign_in, tmp_path: Path
) -> None:
    long = "".join(f"## Rule {n}\n\n{'Finance pays on Fridays. ' * 12}\n\n" for n in range(16))
    number = standards.in_force(app, body=long)
    standards.rewrite(app, number, body="## Rule\n\nNew.")
    reader = sign_in()

    old = printed(reader, f"/standards/{number}.pdf?version=1", tmp_path)
    pages = int(re.search(r"Pages: +(\d+)", told("pdfinfo", old)).group(1))  # type: ignore[union-attr]
    said = told("pdfinfo", "-struct-text", old).count('"Superseded"')
    new = text_of(printed(reader, f"/standards/{number}.pdf", tmp_path))

    assert pages > 2
    assert said == pages
    assert "version 2" in new
    assert "Superseded" not in new


def test_a_draft_is_printed_for_its_editors_alone(app: Flask, sign_in, tmp_path: Path) -> None:
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)
    moderator.post(f"/standards/{number}/edit", {**fields, "body": "## Rule\n\nSecret."})

    file = printed(moderator, f"/standards/{number}.pdf?version=2", tmp_path)

    assert '"Draft"' in told("pdfinfo", "-struct-text", file)
    for tail in (".pdf?version=2", "/print?version=2", "/export?format=md&version=2"):
        assert sign_in().get(f"/standards/{number}{tail}").status_code == 404
    assert sign_in().get(f"/standards/{number}.pdf?version=x").status_code == 404


def test_contents_name_the_pages_their_clauses_are_on(app: Flask, sign_in, tmp_path: Path) -> None:
    clauses = "".join(f"## Rule {n}\n\n{'Finance pays. ' * 30}\n\n" for n in range(1, 21))
    number = standards.in_force(app, body=clauses)

    file = printed(sign_in(), f"/standards/{number}.pdf", tmp_path)

    assert file.stat().st_size < 250_000
    contents = told("pdftotext", "-layout", "-f", "1", "-l", "1", file, "-")
    page = re.search(r"^ *20 Rule 20 +(\d+)$", contents, re.MULTILINE)
    assert page is not None
    there = told("pdftotext", "-f", page.group(1), "-l", page.group(1), file, "-")
    assert "20 Rule 20" in there


def test_pictures_of_the_text_are_printed(app: Flask, sign_in, tmp_path: Path) -> None:
    moderator = sign_in(make.moderator(app))
    sent = moderator.post("/files", {"file": (BytesIO(picture()), "box.png")})
    address = re.search(r"/files/[\w-]{22}", sent.text)
    assert address is not None
    number = standards.drafted(app)
    fields = standards.fields_of(moderator, number)
    body = f"## Rule\n\n![A box]({address.group()})"
    moderator.post(f"/standards/{number}/edit", {**fields, "body": body})

    file = printed(moderator, f"/standards/{number}.pdf?version=1", tmp_path)

    assert len(told("pdfimages", "-list", file).strip().split("\n")) > 2


def test_the_same_sheet_is_laid_out_once(
    app: Flask, sign_in, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = standards.in_force(app)
    first = printed(sign_in(), f"/standards/{number}.pdf", tmp_path).read_bytes()
    monkeypatch.setattr("forum.standards.paper.views.print_out", None)

    again = printed(sign_in(), f"/standards/{number}.pdf", tmp_path).read_bytes()

    assert first == again


def test_russian_readers_get_russian_paper(app: Flask, sign_in, tmp_path: Path) -> None:
    number = standards.in_force(app, body=BODY)

    text = text_of(printed(sign_in(locale="ru"), f"/standards/{number}.pdf", tmp_path))

    for words in ("Содержание", "Страница 1 из 1", "Напечатано", "версия 1"):
        assert words in text


def test_paper_says_from_when_or_until_when_it_is_valid(app: Flask, sign_in, tmp_path) -> None:
    scene = approving.scene(app, in_force=True)
    with app.app_context():
        today = company_day()
    approving.publish(scene, scene.author, effective_on=today + timedelta(days=3))
    with app.test_request_context():
        comes, last = day(today + timedelta(days=3)), day(today)
    address, reader = f"/standards/{scene.number}", sign_in()

    waits = text_of(printed(reader, f"{address}.pdf?version=2", tmp_path))
    assert f"In force from {comes}" in waits
    assert f"valid from {comes}." in waits
    assert "valid on that day" not in waits

    with app.app_context():
        standard = standards.by_number(scene.number)
        actions.take_back(db.session.get_one(Person, scene.author), standard, seen=standard.lock)
    draft = text_of(printed(sign_in(scene.author), f"{address}.pdf?version=2", tmp_path))
    assert "not valid yet." in draft
    standards.rewrite(app, scene.number, body="## Purpose\n\nNew.", departments=[scene.it])

    old = text_of(printed(reader, f"{address}.pdf?version=1", tmp_path))
    assert f"it was valid until {last}." in old
    assert f"to {last}" in old
    word = reader.get(f"{address}/export?format=docx&version=1")
    html = reader.get(f"{address}/export?format=html&version=1").text
    assert word.status_code == 200
    assert f"it was valid until {last}." in html
    assert "valid on that day" in text_of(printed(reader, f"{address}.pdf", tmp_path))
