"""Migrations: up, as the models are, down, up again, on both databases."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, migrate, upgrade
from sqlalchemy import Column, Integer, MetaData, Table, column, insert, inspect, table, text

from forum.accounts.models import Person
from forum.app import create_app
from forum.core import richtext, schema, texts
from forum.core.clock import now
from forum.core.columns import ShortText
from forum.core.db import UTCDateTime, db, transaction
from forum.discussion import queries
from forum.discussion.models import Comment, Thread
from forum.files.models import Upload, UploadUse
from forum.ideas.anonymous.models import AnonymousAuthor, AnonymousPost
from forum.notifications.models import Notification
from tests.support import postgres

SCRIPTS = sorted((Path(__file__).parents[2] / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Flask]:
    """A forum without a schema."""
    url = None if database == "sqlite" else postgres.new_database()
    app = create_app({"DATA_DIR": tmp_path, "DATABASE_URL": url, "TESTING": True})
    with app.app_context():
        schema.know_migrations(app)
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    """The tables there are, but for alembic's own."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_they_go_up_to_the_models_down_to_nothing_and_up_again(empty: Flask) -> None:
    upgrade()
    check()  # raises when the models want something else
    first = tables()

    downgrade(revision="base")
    assert tables() == set()
    upgrade()

    assert tables() == first == set(db.metadata.tables)


def test_a_new_one_names_no_type_of_ours(empty: Flask, tmp_path: Path) -> None:
    """Migrations stay as they are whatever becomes of the code."""
    folder = tmp_path / "migrations"
    shutil.copytree(SCRIPTS[0].parents[1], folder)
    upgrade()
    columns = Column("id", Integer, primary_key=True), Column("why", ShortText())
    added = Table("note", db.metadata, *columns, Column("at", UTCDateTime()))

    try:
        migrate(directory=str(folder), message="Notes", rev_id="9999")
    finally:
        db.metadata.remove(added)

    (written,) = (folder / "versions").glob("9999*.py")
    source = written.read_text()
    assert "sa.Column('why', sa.String(), nullable=True)" in source
    assert "sa.Column('at', sa.DateTime(timezone=True), nullable=True)" in source
    assert "forum" not in source


def test_comments_of_the_first_schema_stay_where_they_hang(empty: Flask) -> None:
    upgrade(revision="0001")
    words = richtext.compose("So it is.")
    with transaction():
        author = Person(name="Anna", email="anna@example.org")
        db.session.add(author)
        db.session.execute(
            text("INSERT INTO thread (subject, subject_id, comment_count) VALUES ('idea', 7, 1)")
        )
        db.session.flush()
        said = {"author_id": author.id, "text_id": texts.store(words).id, "revision": 1}
        columns = ("thread_id", "created_at", *said)
        first = table(
            "comment", *(column(name, Comment.__table__.c[name].type) for name in columns)
        )
        db.session.execute(insert(first).values(thread_id=1, created_at=now(), **said))
    db.session.remove()
    reader = Person(id=7, name="Boris", role="employee")

    upgrade()
    assert [card.html for card in queries.span_of(reader, 1).cards] == [words.html]
    db.session.remove()
    downgrade(revision="0001")
    upgrade()

    assert [card.html for card in queries.span_of(reader, 1).cards] == [words.html]


def test_the_newest_is_the_one_the_code_wants() -> None:
    assert schema.known_revisions()[-1][0] == schema.WANTED


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_has_a_number_a_sentence_and_says_what_becomes_of_old_rows(script: Path) -> None:
    text = script.read_text()

    assert re.fullmatch(r"\d{4}_[a-z0-9_]+", script.stem)
    assert re.search(r"^Why: \S", text, re.MULTILINE)
    assert re.search(r"^Old rows: \S", text, re.MULTILINE)
    assert not re.search(r"^(from|import) forum\b", text, re.MULTILINE)


def test_what_led_to_authors_and_drafts_that_are_gone_goes(empty: Flask) -> None:
    upgrade(revision="0013")
    keep = "SELECT idea_id FROM {} ORDER BY idea_id"
    with transaction():
        person = Person(name="Anna", email="anna@example.org")
        db.session.add(person)
        db.session.flush()
        stage = db.session.execute(text("SELECT min(id) FROM stage")).scalar_one()
        ideas = Table("idea", MetaData(), autoload_with=db.session.connection())
        for number, purged_at in ((1, None), (2, now())):
            thread = Thread(id=number, subject="idea", subject_id=number)
            db.session.add(thread)
            db.session.flush()
            of_idea = {"id": number, "thread_id": number, "author_id": person.id}
            of_stage = {"stage_id": stage, "stage_kind": "open", "title": "Late invoices"}
            at = dict.fromkeys(("stage_since", "created_at", "posted_at", "active_at"), now())
            counts = ("vote_count", "imported_votes", "support", "balanced", "comment_count")
            none = {"excerpt": "", "unsure": False, **dict.fromkeys(counts, 0)}
            row = {**of_idea, **of_stage, **at, **none, "lang": "en", "revision": 1}
            db.session.execute(ideas.insert().values(**row, purged_at=purged_at))
            db.session.add(AnonymousPost(idea_id=number, secret_hash=str(number)))
            db.session.add(AnonymousAuthor(idea_id=number, person_id=person.id))
        file = {"key": "k" * 22, "person_id": person.id, "sha256": "0" * 64}
        db.session.add(Upload(id=1, media_type="image/png", size=1, width=1, height=1, **file))
        db.session.flush()
        for kind, subject in (("idea", 1), ("idea", 9), ("comment", 9)):
            db.session.add(UploadUse(upload_id=1, kind=kind, subject_id=subject))
    db.session.remove()

    upgrade()

    for kept in ("anonymous_post", "anonymous_author"):
        assert db.session.execute(text(keep.format(kept))).scalars().all() == [1]
    uses = text("SELECT kind, subject_id FROM upload_use ORDER BY kind")
    assert [tuple(row) for row in db.session.execute(uses)] == [("comment", 9), ("idea", 1)]


def test_going_back_takes_news_of_writing_together_and_their_count(empty: Flask) -> None:
    upgrade()
    with transaction():
        person = Person(name="Anna", email="anna@example.org", unread=2)
        db.session.add(person)
        db.session.flush()
        for number, kind in enumerate(("official", "done")):
            news = {"person_id": person.id, "kind": kind, "object_kind": "idea", "object_id": 7}
            db.session.add(Notification(id=number + 1, **news))
    db.session.remove()

    downgrade(revision="0004")

    left = db.session.execute(text("SELECT kind FROM notification")).scalars().all()
    assert left == ["done"]
    assert db.session.execute(text("SELECT unread FROM person")).scalar() == 1
