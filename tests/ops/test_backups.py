"""Backup and restore: the same forum again, on either database, or nothing at all."""

from __future__ import annotations

import gzip
import os
import stat
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from forum.app import create_app
from forum.core import epoch
from forum.core.db import db, transaction
from forum.core.mail import queue_mail
from forum.ops import backups, restores, snapshot
from forum.ops.archive import BadArchive, Reading, Refused, TableNote
from tests.support import make, postgres
from tests.support.server import Server, Visitor, close, forum, opened

RENEWED = {"log_epoch"}
"""Tables a restore changes on purpose."""


@pytest.fixture
def url(database: str) -> str | None:
    """Both databases."""
    return None if database == "sqlite" else postgres.new_database()


@pytest.fixture
def elsewhere(database: str) -> str | None:
    """The other database than the one backed up: an archive fits both."""
    return postgres.new_database() if database == "sqlite" else None


@pytest.fixture
def lived_in(company: Flask, folder: Path) -> Flask:
    """A company with something in most tables, and two uploads."""
    home = make.department(company, "Финансы", slug="finance")
    author = make.person(company, department=home)
    idea = make.idea(company, author, departments=[home], tags=["счета"], title="Счета идут долго")
    make.vote(company, idea)
    make.comment(company, idea, body="Это и у нас так. 🙂\n\n**Очень** долго.")
    with company.app_context():
        epoch.log_epoch()
        with transaction():
            queue_mail("anna@example.org", "Тема", "Текст")
        db.session.remove()
    uploads = folder / "uploads" / "ab"
    uploads.mkdir(parents=True)
    (uploads / "abc.webp").write_bytes(os.urandom(5000))
    (uploads / "abd.webp").write_bytes(b"")
    return company


BringBack = Callable[[Path, Path, str | None], None]


@pytest.fixture
def bring_back(monkeypatch: pytest.MonkeyPatch) -> BringBack:
    """`bring_back(archive, place, url)`: restore, in this process."""

    def bring(archive: Path, place: Path, address: str | None) -> None:
        monkeypatch.setenv("FORUM_DATA_DIR", str(place))
        monkeypatch.setenv("FORUM_DATABASE_URL", address or "")
        made: list[Flask] = []

        def load() -> Flask:
            made.append(create_app())
            return made[0]

        try:
            restores.restore(archive, load)
        finally:
            for app in made:
                close(app)

    return bring


def saved(app: Flask, folder: Path) -> Path:
    """A backup, made in this process."""
    archive = folder / "forum.tar.gz"
    with app.app_context():
        backups.back_up(archive)
    close(app)
    return archive


def contents(app: Flask) -> dict[str, TableNote]:
    """What every table holds, but for what a restore renews."""
    with app.app_context():
        found = snapshot.checksums()
    close(app)
    return {name: note for name, note in found.items() if name not in RENEWED}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_restore_brings_every_row_and_file_back_even_on_the_other_database(
    lived_in: Flask, folder: Path, url: str | None, elsewhere: str | None, tmp_path: Path
) -> None:
    archive, place = tmp_path / "forum.tar.gz", tmp_path / "new"
    made = forum("backup", str(archive), folder=folder, url=url)
    assert made.returncode == 0, made.stderr

    restored = forum("restore", str(archive), folder=place, url=elsewhere)

    assert restored.returncode == 0, restored.stderr
    assert tree(place / "uploads") == tree(folder / "uploads")
    assert (place / "secret-key").read_bytes() == (folder / "secret-key").read_bytes()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with opened(place, elsewhere) as again:
        before = contents(lived_in)
        assert contents(again) == before
        assert make.idea(again) > (before["idea"].last_id or 0)


def test_a_restore_renews_the_epoch_so_that_old_indexes_are_not_believed(
    lived_in: Flask,
    elsewhere: str | None,
    tmp_path: Path,
    bring_back: BringBack,
) -> None:
    archive, place = saved(lived_in, tmp_path), tmp_path / "new"

    bring_back(archive, place, elsewhere)

    with opened(place, elsewhere) as again, again.app_context():
        new = epoch.current_epoch()
    with lived_in.app_context():
        assert new not in (None, epoch.current_epoch())


def test_a_used_folder_is_refused_and_left_as_it_is(
    lived_in: Flask, tmp_path: Path, bring_back: BringBack
) -> None:
    archive, place = saved(lived_in, tmp_path), tmp_path / "used"
    place.mkdir()
    (place / "notes.txt").write_text("mine")

    with pytest.raises(Refused, match="is not empty; nothing was changed"):
        bring_back(archive, place, None)

    assert tree(place) == {"notes.txt": b"mine"}


def test_a_used_database_is_refused_and_left_as_it_is(
    lived_in: Flask, folder: Path, url: str | None, tmp_path: Path, bring_back: BringBack
) -> None:
    archive, place = saved(lived_in, tmp_path), tmp_path / "new"
    before = contents(lived_in)

    with pytest.raises(Refused, match="The database is not empty; nothing was changed"):
        bring_back(archive, place, url or f"sqlite:///{folder / 'forum.sqlite3'}")

    assert not place.exists()
    assert contents(lived_in) == before


def test_a_restore_that_breaks_halfway_leaves_the_place_empty(
    lived_in: Flask,
    elsewhere: str | None,
    tmp_path: Path,
    bring_back: BringBack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive, place = saved(lived_in, tmp_path), tmp_path / "new"

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(restores, "_put", full)
        with pytest.raises(OSError, match="No space"):
            bring_back(archive, place, elsewhere)

    assert tree(place) == {}
    bring_back(archive, place, elsewhere)
    with opened(place, elsewhere) as again:
        assert contents(again) == contents(lived_in)


def cut(whole: bytes) -> bytes:
    """The end is missing, as after a broken copy."""
    return whole[: len(whole) * 2 // 3]


def flip(whole: bytes) -> bytes:
    """One letter of a table changed, and packed again so that gzip is content."""
    plain = bytearray(gzip.decompress(whole))
    place = plain.rindex("Очень".encode())
    plain[place + 1] ^= 1
    return gzip.compress(bytes(plain))


def other(_whole: bytes) -> bytes:
    """Something else altogether."""
    return b"PK\x03\x04 not ours"


@pytest.mark.parametrize("damage", [cut, flip, other])
def test_a_damaged_archive_is_refused_before_anything_is_written(
    lived_in: Flask, tmp_path: Path, damage: Callable[[bytes], bytes], bring_back: BringBack
) -> None:
    archive, place = saved(lived_in, tmp_path), tmp_path / "new"
    archive.write_bytes(damage(archive.read_bytes()))

    with pytest.raises(BadArchive, match="archive"):
        bring_back(archive, place, None)

    assert not place.exists()


def test_a_backup_never_replaces_a_file(lived_in: Flask, folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "forum.tar.gz"
    archive.write_text("precious")

    with pytest.raises(Refused, match="exists already"):
        saved(lived_in, tmp_path)

    assert archive.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_file_erased_while_the_archive_is_written_does_not_break_it(
    lived_in: Flask, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = backups._add

    def erase(*arguments: Any) -> None:
        (folder / "uploads" / "ab" / "abc.webp").unlink(missing_ok=True)
        add(*arguments)

    monkeypatch.setattr(backups, "_add", erase)
    archive = saved(lived_in, tmp_path)

    with tarfile.open(archive) as packed:
        assert "uploads/ab/abc.webp" in packed.getnames()
    assert "uploads/ab/abc.webp" in Reading(archive).check().files


def test_what_was_left_half_written_is_not_packed(
    lived_in: Flask, folder: Path, tmp_path: Path
) -> None:
    (folder / "uploads" / "ab" / ".abe.1f2e").write_bytes(b"half")

    archive = saved(lived_in, tmp_path)

    with tarfile.open(archive) as packed:
        assert [name for name in packed.getnames() if ".abe" in name] == []


def test_a_refusal_is_one_line_on_stderr(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "odd").write_text("odd")

    refused = forum("restore", str(tmp_path / "odd"), folder=folder)

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert list(folder.iterdir()) == []


def test_a_backup_under_load_restores_to_one_moment_and_the_old_password_signs_in(
    lived_in: Flask, folder: Path, url: str | None, elsewhere: str | None, tmp_path: Path
) -> None:
    archive, place = tmp_path / "forum.tar.gz", tmp_path / "new"
    server = Server(folder, url)
    server.start()
    stop = threading.Event()
    writers = [
        threading.Thread(target=keep_commenting, args=(server.port, number, stop))
        for number in (1, 2)
    ]
    for each in writers:
        each.start()
    try:
        made = forum("backup", str(archive), folder=folder, url=url)
    finally:
        stop.set()
        for each in writers:
            each.join(30)
        server.kill_group()
    assert made.returncode == 0, made.stderr

    restored = forum("restore", str(archive), folder=place, url=elsewhere)

    assert restored.returncode == 0, restored.stderr
    wanted = {
        name: note for name, note in Reading(archive).check().tables.items() if name not in RENEWED
    }
    with opened(place, elsewhere) as again:
        assert contents(again) == wanted
    reborn = Server(place, elsewhere)
    reborn.start()
    try:
        Visitor(reborn.port).sign_in("writer1@example.org")
    finally:
        reborn.stop()


def keep_commenting(port: int, number: int, stop: threading.Event) -> None:
    """A busy person."""
    visitor = Visitor(port).sign_in(f"writer{number}@example.org")
    count = 0
    while not stop.is_set():
        count += 1
        visitor.post("/ideas/1/comments", body=f"Comment {count} of writer {number}")
