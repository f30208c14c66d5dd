"""`forum import standards`: a company's own documents become standards in force."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.texts import Text
from forum.files.models import Upload, UploadUse
from forum.notifications.models import Notification
from forum.standards.models import Standard, Version, VersionDepartment
from tests.standards import standards
from tests.standards.paper import documents
from tests.support import make

PLAIN = "# PS-014 Paying suppliers\n\n## Purpose\n\nOn time.\n\n## Steps\n\n1. count\n2. pay\n"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """An empty folder beside a forum with an administrator."""
    make.admin(app)
    place = tmp_path / "company"
    place.mkdir()
    return place


def source_of(app: Flask, number: str) -> str:
    with app.app_context():
        standard = standards.by_number(number)
        query = db.session.query(Text.source).join(Version, Version.text_id == Text.id)
        found = query.filter(
            Version.standard_id == standard.id, Version.number == standard.in_force
        )
        return str(found.scalar())


def test_a_markdown_file_becomes_a_standard_in_force(app: Flask, folder: Path, sign_in) -> None:
    (folder / "paying.md").write_text(PLAIN)

    done = documents.load(app, folder)

    assert (done.exit_code, done.stdout) == (0, "created 1, unchanged 0, updated 0, refused 0\n")
    page = sign_in().page("/standards/PS-014")
    assert page.one("article", data_standard=True)["data-state"] == "in_force"
    assert page.one("h1").text == "Paying suppliers"
    assert [e.text for e in page.all("a", class_="clause-number")] == ["1", "2"]
    assert len(page.all("ol")) >= 1


def test_the_same_folder_again_changes_nothing(app: Flask, folder: Path) -> None:
    (folder / "a.md").write_text(PLAIN)
    (folder / "b.md").write_text("# Without a number\n\n## Rule\n\nText.\n")
    (folder / "c.docx").write_bytes(documents.saved(documents.word(title="PS-020 Слово")))
    documents.load(app, folder)
    with app.app_context():
        before = db.session.query(Event.id).count(), db.session.query(Upload.id).count()

    again = documents.load(app, folder)

    assert again.stdout == "created 0, unchanged 3, updated 0, refused 0\n"
    with app.app_context():
        assert (db.session.query(Event.id).count(), db.session.query(Upload.id).count()) == before


def test_a_changed_file_becomes_the_next_version(app: Flask, folder: Path, sign_in) -> None:
    (folder / "a.md").write_text(PLAIN)
    (folder / "b.md").write_text("# Nameless\n\n## Rule\n\nText.\n")
    documents.load(app, folder)
    (folder / "a.md").write_text(PLAIN.replace("On time.", "On the day."))
    (folder / "b.md").write_text("# Nameless\n\n## Rule\n\nAnother.\n")

    done = documents.load(app, folder)

    assert done.stdout == "created 0, unchanged 0, updated 2, refused 0\n"
    reader = sign_in()
    assert standards.read(reader, "/standards/PS-014").version == "2"
    assert "On time." in standards.read(reader, "/standards/PS-014/versions/1").text
    with app.app_context():
        assert db.session.query(Standard.id).count() == 2


def test_a_dry_run_counts_the_same_and_writes_nothing(app: Flask, folder: Path) -> None:
    (folder / "a.md").write_text(PLAIN)
    (folder / "b.pdf").write_bytes(b"%PDF-1.7")

    done = documents.load(app, folder, "--dry-run")

    assert done.stdout == "created 1, unchanged 0, updated 0, refused 1\n"
    with app.app_context():
        assert db.session.query(Standard.id).count() == 0
        assert db.session.query(Upload.id).count() == 0


def test_a_word_document_keeps_headings_lists_tables_and_pictures(
    app: Flask, folder: Path, sign_in
) -> None:
    (folder / "pay.docx").write_bytes(documents.saved(documents.word()))

    done = documents.load(app, folder)

    assert done.exit_code == 0, done.stderr
    source = source_of(app, "PS-014")
    assert [line for line in source.split("\n") if line.startswith("#")] == ["# Цель", "# Шаги"]
    assert "1. Склад считает\n2. Финансы платят" in source
    assert "- счёт" in source
    assert "Кто 1" in source
    page = sign_in().page("/standards/PS-014")
    assert page.one("h1").text == "Оплата в срок"
    [shown] = [e["src"] for e in page.all("img") if e["src"].startswith("/files/")]
    assert sign_in().get(shown).status_code == 200
    assert len(page.all("section", class_="clause")) == 2


def test_html_is_read_without_its_scripts_and_remarks(app: Flask, folder: Path) -> None:
    (folder / "QP-7 Returns.html").write_text(
        "<html><head><title>Returns</title><style>p { color: red }</style></head><body>"
        "<h1>Returns</h1><!-- todo: ask Ann --><script>alert(1)</script>"
        "<h2>Rule</h2><p onclick='x()'>Within <b>ten</b> days.</p>"
        "<table><tr><th>Who</th><th>What</th></tr><tr><td colspan=2>IT</td></tr></table>"
        f"<img src='{documents.data(documents.picture())}' alt='Box'></body></html>"
    )

    done = documents.load(app, folder)

    assert done.stdout == "created 1, unchanged 0, updated 0, refused 0\n"
    source = source_of(app, "QP-007")
    assert source.startswith("## Rule")
    assert "Within **ten** days." in source
    assert "| Who | What |" in source
    assert "![Box](/files/" in source
    for word in ("alert", "onclick", "color: red", "todo"):
        assert word not in source
    for told in ("<script>", "1 comment was left out", "Merged cells"):
        assert told in done.stderr


def test_html_in_an_old_alphabet_says_so_itself(app: Flask, folder: Path) -> None:
    page = "<meta charset='windows-1251'><h1>PS-3 Возврат</h1><h2>Правило</h2><p>За день.</p>"
    (folder / "old.htm").write_bytes(page.encode("cp1251"))

    documents.load(app, folder)

    assert source_of(app, "PS-003") == "## Правило\n\nЗа день."


def test_what_was_not_understood_is_reported_with_its_file(app: Flask, folder: Path) -> None:
    made = documents.word()
    style = made.styles.add_style("Company Remark", 1)
    made.add_paragraph("Remember.", style=style)
    made.sections[0].header.paragraphs[0].text = "Internal"
    (folder / "a.docx").write_bytes(documents.saved(made))
    (folder / "b.md").write_text("# PS-2 B\n\nText ![x](https://elsewhere.example/x.png)\n")

    done = documents.load(app, folder)

    assert done.exit_code == 0
    assert f"{folder / 'a.docx'}:1: The style “Company Remark” is not known" in done.stderr
    assert "Headers and footers were left out" in done.stderr
    assert f"{folder / 'b.md'}:3: Pictures from elsewhere are not fetched" in done.stderr
    assert "Remember." in source_of(app, "PS-014")


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.md", b"\xff\xfe\x00", "not UTF-8"),
        ("a.md", b"PK\x03\x04 zip", "not what its name says"),
        ("a.html", b"%PDF-1.7", "not what its name says"),
        ("a.docx", b"<html>", "not what is in it"),
        ("a.docx", b"PK\x03\x04", "damaged"),
        ("a.docm", b"PK\x03\x04", "Markdown, HTML and Word"),
        ("a.pdf", b"%PDF", "Markdown, HTML and Word"),
        ("a.md", b"  \n", "no text"),
        ("a.md", ("# PS-1 Long\n\n" + "word " * 50_000).encode(), "Divide it"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(
    app: Flask, folder: Path, name: str, raw: bytes, said: str
) -> None:
    (folder / name).write_bytes(raw)
    (folder / "good.md").write_text(PLAIN)

    done = documents.load(app, folder)

    assert done.exit_code == 1
    assert done.stdout == "created 1, unchanged 0, updated 0, refused 1\n"
    assert f"{folder / name}:1: " in done.stderr
    assert said in done.stderr


def test_a_word_document_with_macros_is_refused(app: Flask, folder: Path) -> None:
    raw = documents.saved(documents.word())
    (folder / "a.docx").write_bytes(documents.with_parts(raw, {"word/vbaProject.bin": b"x"}))

    done = documents.load(app, folder)

    assert "macros" in done.stderr
    assert done.exit_code == 1


def test_entities_of_a_word_document_unfold_nothing(app: Flask, folder: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><w:document>&a;</w:document>'
    raw = documents.saved(documents.word())
    (folder / "a.docx").write_bytes(documents.with_parts(raw, {"word/document.xml": bomb}))

    assert "refused 1" in documents.load(app, folder).stdout


def test_of_ten_thousand_rows_the_first_thousand_are_taken(app: Flask, folder: Path) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>x</td></tr>" for n in range(10_000))
    (folder / "a.html").write_text(f"<h1>PS-1 Data</h1><h2>Rows</h2><table>{rows}</table>")

    done = documents.load(app, folder)

    assert "10000 rows the first 1000" in done.stderr.replace(",", "")
    assert "| 999 | x |" in source_of(app, "PS-001")
    assert "| 1000 | x |" not in source_of(app, "PS-001")


def test_ten_thousand_rows_of_word_are_bounded_too(app: Flask, folder: Path) -> None:
    made = documents.word(rows=1)
    row = made.tables[0].rows[0]
    for number in range(10_000):
        row.cells[0].text = sha256(str(number).encode()).hexdigest()  # or it were a bomb
        row._tr.addprevious(deepcopy(row._tr))
    (folder / "a.docx").write_bytes(documents.saved(made))

    done = documents.load(app, folder)

    assert "the first 1000" in done.stderr.replace(",", "")
    assert done.exit_code == 0


def test_another_owner_in_a_file_has_no_deputy_yet(app: Flask, folder: Path) -> None:
    owner, heir = make.person(app, email="o@example.org"), make.person(app, email="h@example.org")
    (folder / "a.md").write_text(PLAIN)
    register = folder / "register.csv"
    register.write_text("file,owner\na.md,o@example.org\n")
    documents.load(app, folder)
    with app.app_context(), transaction():
        standards.by_number("PS-014").deputy_id = heir

    told = (("A.", "o@example.org", owner, heir), ("B.", "h@example.org", heir, None))
    for text, email, *expected in told:
        (folder / "a.md").write_text(PLAIN.replace("On time.", text))
        register.write_text(f"file,owner\na.md,{email}\n")
        documents.load(app, folder)
        with app.app_context():
            standard = standards.by_number("PS-014")
            assert [standard.owner_id, standard.deputy_id] == expected


def test_a_register_says_whose_they_are_and_when_they_are_reviewed(
    app: Flask, folder: Path
) -> None:
    finance = make.department(app, "Finance", code="FIN")
    make.person(app, email="ann@example.com", department=finance)
    (folder / "a.md").write_text(PLAIN)
    (folder / "b.md").write_text("# PS-2 B\n\nText.\n")
    (folder / "register.csv").write_text(
        "number;owner;departments;review;since\n"
        "PS-014;ann@example.com;FIN;31.05.2027;2020-02-03\n"
        "PS-2;nobody@example.com;;;\n"
        "PS-99;;;;\n"
    )

    done = documents.load(app, folder)

    assert done.stdout == "created 1, unchanged 0, updated 0, refused 1\n"
    assert "nobody@example.com" in done.stderr
    assert f"{folder / 'register.csv'}:4: No document came" in done.stderr
    with app.app_context():
        standard = standards.by_number("PS-014")
        assert standard.review_on == date(2027, 5, 31)
        assert standard.in_force_since is not None
        assert standard.in_force_since.year == 2020
        audience = db.session.query(VersionDepartment.department_id).all()
        assert audience == [(finance,)]
    assert "unchanged 1" in documents.load(app, folder).stdout


def test_nobody_is_told_of_an_import(app: Flask, folder: Path) -> None:
    from forum.core import readers

    finance = make.department(app, "Finance")
    make.person(app, department=finance)
    (folder / "a.md").write_text(PLAIN)
    documents.load(app, folder)

    with app.app_context():
        readers.catch_up()
        assert db.session.query(Notification).count() == 0


def test_a_standard_with_a_draft_here_is_left_alone(app: Flask, folder: Path) -> None:
    number = standards.drafted(app, body="## Rule\n\nOurs.")
    (folder / "a.md").write_text(f"# {number} Title\n\n## Rule\n\nTheirs.\n")

    done = documents.load(app, folder)

    assert "has a draft here" in done.stderr
    with app.app_context():
        assert db.session.query(Version).count() == 1


def test_two_files_of_one_number_are_not_both_taken(app: Flask, folder: Path) -> None:
    (folder / "a.md").write_text(PLAIN)
    (folder / "b.md").write_text(PLAIN.replace("On time", "Late"))

    done = documents.load(app, folder)

    assert done.stdout == "created 1, unchanged 0, updated 0, refused 1\n"
    assert "Another file has the number PS-014" in done.stderr


def test_the_next_standard_made_here_gets_the_next_number(app: Flask, folder: Path) -> None:
    (folder / "a.md").write_text(PLAIN)
    (folder / "QP-3 b.md").write_text("## Rule\n\nText.\n")
    documents.load(app, folder)

    assert standards.drafted(app) == "PS-015"


def test_no_picture_outside_the_folder_is_taken(app: Flask, folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes(documents.picture())
    (folder / "own.png").write_bytes(documents.picture("red"))
    (folder / "a.md").write_text(PLAIN + "\n![own](own.png) ![theirs](../secret.png)\n")

    documents.load(app, folder)

    assert "![own](/files/" in source_of(app, "PS-014")
    assert "![theirs](../secret.png)" in source_of(app, "PS-014")
    with app.app_context():
        assert db.session.query(UploadUse).count() == 1


def test_without_an_administrator_nothing_is_imported(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(PLAIN)

    assert documents.load(app, tmp_path).exit_code == 1
