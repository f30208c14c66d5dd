"""The words of documents are read for the search by a process that may use little."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.files import actions, extraction, reading, storage
from forum.files.models import Upload, UploadText
from tests.files.sending import send
from tests.support import make, office
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


def read_all(app: Flask) -> int:
    """Read whatever waits, as the jobs process does; how many."""
    with app.app_context():
        count = 0
        while extraction.read_next():
            count += 1
        return count


def kept(app: Flask) -> list[tuple[str | None, str | None, int]]:
    """Words, fault and tries of every document, oldest first."""
    with app.app_context():
        rows = db.session.query(UploadText).order_by(UploadText.upload_id)
        return [(row.plain, row.fault, row.tries) for row in rows]


@pytest.mark.parametrize("name", office.KINDS)
def test_the_words_of_every_kind_are_read(app: Flask, sign_in: SignIn, name: str) -> None:
    send(sign_in(), office.KINDS[name], name)

    read_all(app)

    [(plain, fault, tries)] = kept(app)
    assert "warehouse" in (plain or "")
    assert "gate" in (plain or "")
    assert (fault, tries) == (None, 1)


def test_russian_is_read_from_office_and_from_old_text_files(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    send(browser, office.docx("Ворота", "склада"), "a.docx")
    send(browser, "Ворота склада".encode("cp1251"), "b.txt")

    read_all(app)

    assert [plain for plain, _fault, _tries in kept(app)] == ["Ворота\nсклада\n", "Ворота склада"]


def test_reading_tells_the_log_by_ids_alone(app: Flask, sign_in: SignIn) -> None:
    send(sign_in(), office.docx("secret"), "secret.docx")

    read_all(app)

    with app.app_context():
        told = db.session.query(Event).filter_by(type="file.read").one()
        assert (told.object_kind, told.payload, told.actor_id) == ("file", {}, None)


def test_pictures_are_not_read(app: Flask, sign_in: SignIn) -> None:
    send(sign_in(), office.heic(), "a.heic")

    assert (read_all(app), kept(app)) == (0, [])


def _swollen() -> bytes:
    """A PDF whose page unfolds into 300 MB."""
    packed = zlib.compress(b" " * 300_000_000, 9)
    stream = b"4 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n"
    raw = office.pdf("x").replace(b"4 0 obj", b"9 0 obj", 1)
    return raw.replace(b"xref\n", stream % (len(packed), packed) + b"xref\n", 1)


@pytest.mark.parametrize(
    ("name", "raw", "faults"),
    [
        ("a.pdf", b"%PDF-1.4\nnothing\nstartxref\n9\n%%EOF\n", {"broken"}),
        ("b.pdf", _swollen(), {"broken", "slow", None}),
    ],
)
def test_what_cannot_be_read_is_marked_and_not_tried_again(
    app: Flask, sign_in: SignIn, name: str, raw: bytes, faults: set[str | None]
) -> None:
    send(sign_in(), raw, name)

    first, second = read_all(app), read_all(app)

    assert (first, second) == (1, 0)
    [(_plain, fault, tries)] = kept(app)
    assert fault in faults
    assert tries == 1


def test_a_reader_that_takes_too_long_is_ended(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "SECONDS", 0.001)
    send(sign_in(), office.docx("x"), "a.docx")

    read_all(app)

    assert kept(app) == [(None, "slow", 1)]


def test_a_reader_that_wants_too_much_memory_is_ended() -> None:
    import subprocess
    import sys

    greedy = (
        "from forum.files import reading; reading._bound()\n"
        "try: bytearray(2_000_000_000)\n"
        "except MemoryError: raise SystemExit(reading.BROKEN)"
    )

    assert subprocess.run([sys.executable, "-c", greedy], check=False).returncode == reading.BROKEN


def test_a_crash_while_reading_loses_nothing_and_does_not_go_on_for_ever(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(sign_in(), office.docx("gate"), "a.docx")
    real = extraction.words_of

    def crash(_found: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(extraction, "words_of", crash)
    start = now()
    for minutes in (0, 3, 6):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False), app.app_context():
            with pytest.raises(KeyboardInterrupt):
                extraction.read_next()
            assert extraction.read_next() == 0  # somebody may still be at it
    waiting = kept(app)
    monkeypatch.setattr(extraction, "words_of", real)
    with time_machine.travel(start + timedelta(minutes=9), tick=False):
        read_all(app)

    assert waiting == [(None, None, 3)]
    assert kept(app) == [(None, "lost", 4)]


def test_a_crash_once_is_made_good(app: Flask, sign_in: SignIn) -> None:
    send(sign_in(), office.docx("gate"), "a.docx")
    with app.app_context(), transaction():
        row = db.session.query(UploadText).one()
        row.tries, row.at = 1, now() - timedelta(minutes=5)

    read_all(app)

    assert kept(app) == [("gate\n", None, 2)]


def test_a_file_that_is_gone_is_marked(app: Flask, sign_in: SignIn) -> None:
    send(sign_in(), office.docx("gate"), "a.docx")
    with app.app_context():
        storage.remove(db.session.query(Upload).one().sha256)

    read_all(app)

    assert kept(app) == [(None, "missing", 1)]


def test_forgetting_somebodys_documents_forgets_their_words(app: Flask, sign_in: SignIn) -> None:
    person = make.person(app)
    send(sign_in(person), office.docx("gate"), "a.docx")
    read_all(app)
    with app.app_context(), transaction():
        actions.forget_uploads(person, used_too=False)

    assert kept(app) == []


def test_documents_nobody_showed_for_a_month_are_swept_with_their_words(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    browser = sign_in(author)
    send(browser, office.docx("gate"), "a.docx")
    shown = send(browser, office.docx("door"), "b.docx")
    make.idea(app, author, problem=shown.json["markdown"])
    read_all(app)

    with time_machine.travel(now() + timedelta(days=31)), app.app_context():
        swept = actions.sweep_uploads()

    assert swept == 1
    assert kept(app) == [("door\n", None, 1)]


def test_a_long_document_is_read_as_far_as_it_is_kept(app: Flask, sign_in: SignIn) -> None:
    send(sign_in(), office.docx(*["gate " * 20] * 3_000), "a.docx")

    read_all(app)

    [(plain, _fault, _tries)] = kept(app)
    assert len(plain or "") == reading.MOST
