"""Files made to mislead, to unfold or to break: each is refused or cleaned, with a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core.errors import Invalid
from forum.files import documents
from forum.files.names import MOST_BYTES, clean_name
from tests.files.sending import send
from tests.files.test_uploads import bomb
from tests.support import make, office
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def zipped(parts: dict[str, bytes]) -> bytes:
    """A plain archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: str | bytes) -> bytes:
    """A text document with one part more."""
    return office.docx("Hello", **{name: content})


def locked() -> bytes:
    """A text document whose parts say that they are encrypted."""
    raw = bytearray(office.docx("Hello"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + at] |= 1
            place = raw.find(mark, place + 4)
    return bytes(raw)


def overlapping() -> bytes:
    """A text document whose directory names the same bytes again and again."""
    raw = with_part("word/big.bin", b"x" * 90_000)
    tail = raw.rfind(b"PK\x05\x06")
    size, at = struct.unpack("<II", raw[tail + 12 : tail + 20])
    entries = raw[at : at + size]
    one = entries[entries.rfind(b"PK\x01\x02") :]
    copies = b"".join(one.replace(b"big.bin", b"b%02d.bin" % n) for n in range(90))
    count = 3 + 90
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, size + len(copies), at, 0)
    return raw[:at] + entries + copies + end


def nested(depth: int) -> bytes:
    """A document in a document in a document."""
    inner = office.docx("Hello")
    for _level in range(depth):
        inner = with_part("word/embeddings/inner.docx", inner)
    return inner


def behind(one: bytes, other: bytes) -> bytes:
    """Two files in one."""
    return one + other


DAMAGED, MACROS = "damaged", "macros"
UNFOLDS, TYPE, LIES = "unfolds", "of this type", "that is not what is in it"
REFUSED: list[tuple[str, str, bytes, str]] = [
    ("a program", "run.exe", b"MZ\x90\x00\x03\x00\x00\x00\x04", TYPE),
    ("a program called a PDF", "run.pdf", b"MZ\x90\x00\x03\x00\x00\x00\x04", LIES),
    ("a page called a text", "page.txt", b"  <!DOCTYPE html><script>alert(1)</script>", LIES),
    ("a drawing that runs", "x.svg", b"<svg onload='alert(1)'/>", TYPE),
    ("a drawing called a text", "x.txt", b"<svg onload='alert(1)'/>", LIES),
    ("a script called a table", "x.csv", b"#!/bin/sh\nrm -rf /\n", LIES),
    ("a PDF called a sheet", "offer.xlsx", office.pdf("x"), LIES),
    ("a sheet called a text", "offer.docx", office.xlsx("x"), LIES),
    ("a text called a PDF", "offer.pdf", b"Hello", LIES),
    ("a picture called a PDF", "offer.pdf", office.heic(), LIES),
    ("a document called a picture", "photo.jpg", office.pdf("x"), "picture"),
    ("two endings", "offer.pdf.exe", office.pdf("x"), TYPE),
    ("an archive", "all.zip", zipped({"a.txt": b"a"}), TYPE),
    ("an archive called a document", "all.docx", zipped({"a.txt": b"a"}), LIES),
    ("nothing", "empty.pdf", b"", "empty"),
    ("a document without its end", "x.docx", office.docx("Hello" * 400)[:-30], DAMAGED),
    ("a PDF without its end", "x.pdf", office.pdf("x")[:-30], DAMAGED),
    ("a document of broken XML", "x.docx", office.package(
        "docx", {"word/document.xml": "<w:document"}), DAMAGED),
    ("a document with a password", "x.docx", locked(), "password"),
    ("an old document", "x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format"),
    ("an encrypted one called new", "x.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
    ("a PDF with a password", "x.pdf", office.pdf("x", trailer=b"/Encrypt 9 0 R"), "password"),
    ("macros by part", "x.docx", with_part("word/vbaProject.bin", b"\0"), MACROS),
    ("macros by type", "x.docx", office.package(
        "docx", {"word/document.xml": "<d/>"},
        listed="application/vnd.ms-word.document.macroEnabled.main+xml"), MACROS),
    ("macros by name", "x.docm", with_part("word/vbaProject.bin", b"\0"), MACROS),
    ("macros of LibreOffice", "x.odt", office.package(
        "odt", {"content.xml": "<o/>", "Basic/Standard/Module1.xml": "<m/>"}), MACROS),
    ("sheets of macros", "x.xlsx", office.package(
        "xlsx", {"xl/workbook.xml": "<w/>", "xl/macrosheets/sheet1.xml": "<s/>"}), MACROS),
    ("a part that unfolds", "x.docx", with_part("word/media/a.bin", b"\0" * 30_000_000), UNFOLDS),
    ("very many parts", "x.docx", office.docx(
        "x", **{f"word/{n}.bin": b"" for n in range(4_100)}), UNFOLDS),
    ("parts on top of one another", "x.docx", overlapping(), UNFOLDS),
    ("documents within documents", "x.docx", nested(4), UNFOLDS),
    ("very many documents within", "x.docx", office.docx("x", **{
        f"word/embeddings/{n}.docx": office.docx("x", **{
            f"word/{m}.xml": "<x>" + "x" * 60_000 + "</x>" for m in range(90)})
        for n in range(12)}), UNFOLDS),
    ("an archive within", "x.docx", with_part("word/embeddings/a.zip", b"PK"), "programs"),
    ("a program within", "x.docx", with_part("word/embeddings/a.exe", b"MZ"), "programs"),
    ("XML that unfolds", "x.docx", office.package(
        "docx", {"word/document.xml": LAUGHS + "<w>&b;</w>"}), UNFOLDS),
    ("XML that fetches", "x.docx", with_part("word/extra.xml",
        '<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/passwd">]><w>&f;</w>'), UNFOLDS),
    ("XML that unfolds in UTF-16", "x.docx", with_part("word/extra.xml",
        f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}<w/>'.encode("utf-16")), UNFOLDS),
    ("an archive behind a PDF", "x.pdf", behind(
        office.pdf("x"), zipped({"a.txt": b"a"})), "something else"),
    ("an archive behind a PDF with two ends", "x.pdf", behind(
        office.pdf("x"), zipped({"a": b"a"})[:-2] + b"\x06\0%%EOF\n"), "something else"),
    ("a page before a document", "x.docx", behind(b"<html>", office.docx("x")), LIES),
    ("something behind a document", "x.docx", behind(office.docx("x"), b"<html>"), DAMAGED),
    ("a picture of endless pixels", "x.png", bomb(), "pixels"),
    ("a broken photo of a phone", "x.heic", office.heic()[:200], "picture"),
    ("a film", "x.heic", b"\0\0\0\x18ftypmp42" + b"\0" * 200, "picture"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [case[1:3] + case[3:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_it_is_refused_with_a_sentence_in_the_readers_language(
    app: Flask, sign_in: SignIn, name: str, raw: bytes, said: str
) -> None:
    english, russian = sign_in(locale="en"), sign_in(locale="ru")

    answers = [send(browser, raw, name) for browser in (english, russian)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert said in answers[0].json["detail"]
    assert any("а" <= letter <= "я" for letter in answers[1].json["detail"].lower())
    assert "Traceback" not in answers[0].text


@pytest.mark.parametrize("name", ["x.docx", "x.xlsx", "x.pptx", "x.odt", "x.pdf"])
def test_every_beginning_of_a_document_is_refused_rather_than_failed_on(name: str) -> None:
    raw = office.KINDS[name.replace("x.", "offer.")]

    for length in range(8, len(raw) - 2, max(1, len(raw) // 60)):
        with pytest.raises(Invalid):
            documents.told(raw[:length], name)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.sampled_from(sorted(office.KINDS)), data=st.data())
def test_damage_anywhere_is_refused_or_harmless(kind: str, data: st.DataObject) -> None:
    raw = bytearray(office.KINDS[kind])
    for _change in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    try:
        told = documents.told(bytes(raw), kind)
    except Invalid:
        return

    assert told.kind.ending == kind.rpartition(".")[2]


NAMES: list[tuple[str, str]] = [
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Users\\anna\\Desktop\\offer.pdf", "offer.pdf"),
    ("\\\\server\\share\\offer.pdf", "offer.pdf"),
    ("invoice\u202efdp.pdf", "invoicefdp.pdf"),
    ("zero\u200bwidth\u2066.pdf", "zerowidth.pdf"),
    ('a"; filename="evil.pdf', "a_; filename=_evil.pdf"),
    ("<script>alert(1)<.pdf", "_script_alert(1)_.pdf"),
    ("[x](javascript:alert(1)).pdf", "(x)(javascript_alert(1)).pdf"),
    ("CON.pdf", "_CON.pdf"),
    ("lpt1.backup.pdf", "_lpt1.backup.pdf"),
    ("  ...  .pdf", "file.pdf"),
    ("offer.PDF", "offer.pdf"),
    ("отчёт за июль.pdf", "отчёт за июль.pdf"),
    ("%2e%2e%2fpasswd.pdf", "%2e%2e%2fpasswd.pdf"),
]


@pytest.mark.parametrize(("sent", "kept"), NAMES)
def test_a_hostile_name_is_cleaned(app: Flask, sign_in: SignIn, sent: str, kept: str) -> None:
    browser = sign_in()

    answer = send(browser, office.pdf("x"), sent)

    assert answer.status_code == 201, answer.text
    assert answer.json["name"] == kept
    got = browser.get(answer.json["url"])
    said = got.headers["Content-Disposition"]
    assert said.isascii()
    assert said.count('"') == 2
    assert "\n" not in said


@pytest.mark.parametrize(("sent", "kept"), [*NAMES, ("two\r\nlines.pdf", "two lines.pdf")])
def test_a_clean_name_stays_as_it_is(sent: str, kept: str) -> None:
    assert clean_name(sent, "pdf") == kept
    assert clean_name(kept, "pdf") == kept


@pytest.mark.parametrize("letter", ["a", "ж", "漢", "😀"])
def test_a_name_of_300_letters_is_shortened_and_keeps_its_ending(letter: str) -> None:
    name = clean_name(letter * 300 + ".docx", "docx")

    assert name.endswith(f"{letter}.docx")
    assert len(name) <= 150
    assert len(name.encode()) <= MOST_BYTES


@settings(deadline=None, max_examples=300)
@given(sent=st.text(max_size=400))
def test_whatever_a_file_is_called_its_name_is_one_safe_line(sent: str) -> None:
    name = clean_name(sent, "pdf")

    assert name.endswith(".pdf")
    assert len(name) > 4
    assert not set(name) & set('/\\<>:"|?*[]`\r\n\t\x00\u202e')
    assert clean_name(name, "pdf") == name


def test_a_name_cannot_break_out_of_the_line_that_shows_it(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    name = "a](javascript:alert(1)) <img src=x onerror=alert(1)>.pdf"
    sent: Any = send(sign_in(author), office.pdf("x"), name)
    idea = make.idea(app, author, problem=sent.json["markdown"])

    page = sign_in().get(f"/ideas/{idea}").text

    assert f'href="{sent.json["url"]}" download' in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
