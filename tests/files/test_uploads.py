"""Pictures are made anew, and seen by whoever sees what they are used in."""

from __future__ import annotations

import errno
import io
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageFile

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.files import actions
from tests.files.sending import JSON, send
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def photo() -> bytes:
    """A photo that says where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"taken at home")


def test_a_photo_loses_what_it_tells_and_stands_upright(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()

    sent = send(browser, photo(), "/home/me/my [nice] photo.jpg")

    assert sent.status_code == 201
    assert sent.json["markdown"] == f"![my nice photo]({sent.json['url']})"
    shown = browser.get(sent.json["url"])
    assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert shown.headers["Content-Disposition"] == "inline"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    kept = Image.open(io.BytesIO(shown.data))
    assert (kept.format, kept.size) == ("JPEG", (20, 40))
    assert b"Secret Camera" not in shown.data
    assert b"taken at home" not in shown.data
    assert len(kept.getexif()) == 0


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_kinds_are_taken_whatever_they_are_called(
    app: Flask, sign_in: SignIn, kind: str
) -> None:
    sent = send(sign_in(), picture(kind), "picture.exe")

    assert sent.status_code == 201


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("raw", [
    b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<html><script>alert(1)</script>", picture()[:200], picture("PNG")[:60], bomb(), b"%PDF-1.4",
    picture("BMP"), picture("TIFF"),
])  # fmt: skip
def test_what_is_no_picture_is_refused_with_a_sentence(
    app: Flask, sign_in: SignIn, raw: bytes
) -> None:
    sent = send(sign_in(), raw)

    assert sent.status_code == 422
    assert "picture" in sent.json["detail"]


def test_scripts_appended_to_a_picture_do_not_survive(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()

    sent = send(browser, picture() + b"<script>alert(1)</script>")

    assert b"<script>" not in browser.get(sent.json["url"]).data


def _drawn_again_and_again(times: int) -> bytes:
    """A small JPEG whose last pass is repeated: each costs as much as the whole picture."""
    raw = picture("JPEG", (64, 64), progressive=True)
    last = raw[raw.rindex(b"\xff\xda") : -2]
    return raw[:-2] + last * times + b"\xff\xd9"


def test_a_picture_of_endless_passes_is_refused_before_it_is_unpacked(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in()

    assert send(browser, _drawn_again_and_again(2)).status_code == 201
    assert send(browser, _drawn_again_and_again(100)).status_code == 422


def test_what_a_phone_hangs_behind_its_photo_is_not_counted_as_passes(
    app: Flask, sign_in: SignIn
) -> None:
    film = b"\xff\xda" * 500

    assert send(sign_in(), picture("JPEG", progressive=True) + film).status_code == 201


def test_more_pixels_than_an_8k_screenshot_are_refused_unless_they_unpack_small(
    app: Flask, sign_in: SignIn
) -> None:
    browser, size = sign_in(), (6_100, 6_000)

    assert send(browser, picture("PNG", size)).status_code == 422
    assert send(browser, picture("JPEG", size, progressive=True)).status_code == 201


def test_a_picture_is_kept_nowhere_on_a_shared_terminal(app: Flask) -> None:
    person = make.person(app)
    own, shared = Browser(app), Browser(app)
    own.enter_as(person)
    shared.enter_as(person, shared=True)
    url = send(own, picture()).json["url"]

    caching = [browser.get(url).headers["Cache-Control"] for browser in (own, shared)]

    assert caching == ["private, max-age=31536000, immutable", "no-store"]


def test_more_than_the_limit_is_too_large(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    heading = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'

    answers = [
        browser.client.post(
            "/files",
            data=heading + b"\xff\xd8" + b"x" * size + b"\r\n--x--\r\n",
            content_type="multipart/form-data; boundary=x",
            headers={**JSON, "X-CSRF-Token": browser.token},
        )
        for size in (10_000_001, 11_000_000)
    ]

    assert [answer.status_code for answer in answers] == [413, 413]


def test_a_picture_is_seen_with_what_it_is_used_in(app: Flask, sign_in: SignIn) -> None:
    inside, outside = make.department(app), make.department(app)
    author = make.person(app, department=inside)
    writer, colleague = sign_in(author), sign_in(make.person(app))
    consultant = sign_in(make.person(app, kind="consultant", attached=[outside]))
    url = send(writer, picture()).json["url"]

    before = colleague.get(url).status_code
    make.idea(app, author, problem=f"Look: ![a leak]({url})", departments=[inside])

    assert before == 404
    assert writer.get(url).status_code == 200
    assert colleague.get(url).status_code == 200
    assert consultant.get(url).status_code == 404


def test_nobody_opens_anothers_picture_by_naming_it(app: Flask, sign_in: SignIn) -> None:
    url = send(sign_in(), picture()).json["url"]
    stranger = make.person(app)

    make.idea(app, stranger, problem=f"![mine now]({url})")

    assert sign_in(stranger).get(url).status_code == 404
    assert sign_in().get(url).status_code == 404


def test_a_picture_in_a_comment_is_seen_with_its_idea(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    url = send(sign_in(author), picture()).json["url"]

    make.comment(app, make.idea(app), author, body=f"![here]({url})")

    assert sign_in().get(url).status_code == 200


def test_a_full_disk_leaves_nothing_half_written(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    sent = send(browser, picture())
    monkeypatch.undo()

    folder = Path(app.config["DATA_DIR"]) / "uploads"
    assert sent.status_code == 507
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert send(browser, picture()).status_code == 201


def test_files_no_row_names_are_swept_after_an_hour(app: Flask, sign_in: SignIn) -> None:
    from forum.files import actions, storage

    url = send(sign_in(), picture()).json["url"]
    with app.app_context():
        storage.keep("ab" + "0" * 62, b"left by a crash")
        early = actions.sweep_files()
        os.utime(storage.place_of("ab" + "0" * 62), (0, 0))
        late = actions.sweep_files()

    assert (early, late) == (0, 1)
    assert url


def test_a_picture_sent_again_while_a_sweep_runs_keeps_its_file(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forum.files import storage

    raw, person = picture(), make.person(app)
    with app.app_context():
        sha256 = actions.prepare(raw).file.sha256
        os.utime(storage.place_of(sha256), (0, 0))
        seen = storage.every

    def every() -> Iterator[str]:
        found = list(seen())
        with app.app_context():
            actions.upload(db.session.get_one(Person, person), raw)
        yield from found

    monkeypatch.setattr(storage, "every", every)
    with app.app_context():
        removed = actions.sweep_files()

        assert (removed, storage.read(sha256) is not None) == (0, True)


def test_what_a_killed_process_left_half_written_is_swept_after_an_hour(app: Flask) -> None:
    from forum.files import storage

    with app.app_context():
        storage.keep("ab" + "0" * 62, b"whole")
        drafts = [storage.folder() / "ab" / f".{number}" for number in range(2)]
        for draft in drafts:
            draft.write_bytes(b"half")
        os.utime(drafts[0], (0, 0))
        actions.sweep_files()

    assert [draft.exists() for draft in drafts] == [False, True]


@pytest.mark.parametrize("key", ["x", "..", "%00", "a" * 5000, "../../secret-key"])
def test_strange_keys_find_nothing(app: Flask, sign_in: SignIn, key: str) -> None:
    assert sign_in().get(f"/files/{key}").status_code in (404, 422)


def test_sending_nothing_says_what_to_do(app: Flask, sign_in: SignIn) -> None:
    sent = sign_in().post("/files", {}, headers=JSON)

    assert sent.status_code == 422
    assert sent.json["detail"] == "Choose a file."


def test_forgetting_somebodys_pictures_leaves_those_of_others(app: Flask, sign_in: SignIn) -> None:
    anna, boris = make.person(app), make.person(app)
    urls = [send(sign_in(person), picture()).json["url"] for person in (anna, boris)]
    ideas = [
        make.idea(app, person, problem=f"Look: ![photo]({url})")
        for person, url in zip((anna, boris), urls, strict=True)
    ]
    with app.app_context(), transaction():
        actions.forget_uploads(anna, used_too=True)

    seen = [sign_in().get(url).status_code for url in urls]

    assert seen == [404, 200]
    assert len(ideas) == 2


def test_a_cut_off_picture_is_refused_beside_what_makes_pdfs(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as importing that does

    assert send(sign_in(), picture("PNG")[:60]).status_code == 422
