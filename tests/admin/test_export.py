"""What is exported, imported elsewhere, is the same company with the same ideas."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.departments import actions as tree
from forum.departments import membership
from forum.departments.models import Department, Service
from forum.discussion.models import Comment
from forum.files import actions as files
from forum.files.models import Upload
from forum.ideas import actions, decisions, owning, stage_editing, stages
from forum.ideas.models import Idea, StageKind
from forum.ideas.stage_editing import Said
from tests.admin.exported import FILES, bring, contents, moved, run
from tests.files.sending import send
from tests.files.test_uploads import photo
from tests.ideas import written
from tests.ideas.clocks import ask_author
from tests.imports.files import load, write
from tests.search.glossary.entries import same
from tests.support import make, office
from tests.support.browser import Browser
from tests.support.forums import Prepared


def company(app: Flask) -> int:
    """Two departments, a consultant, a service and an idea that was talked about and accepted."""
    finance, it = make.department(app, "Финансы"), make.department(app, "IT")
    anna = make.person(app, name="=Anna", department=finance, locale="ru", email="anna@example.org")
    boris = make.person(app, name="Boris", email=None, login="4711", department=it)
    make.represent(app, boris, it)
    make.person(app, kind="consultant", attached=[it], email="carl@example.org")
    with app.app_context(), transaction():
        db.session.get_one(Department, finance).head_id = anna
        db.session.add(Service(provider_id=it, customer_id=finance, name="Laptops"))
    same(app, "ТМЦ", "inventory", note="=as accounting says")
    idea = make.idea(
        app, anna, departments=[it], tags=["счета", "quick win"], proposal="- one\n- two"
    )
    reply_to = make.comment(app, idea, boris, "I **agree**.")
    make.comment(app, idea, anna, "Thank you.", parent=reply_to)
    make.comment(app, idea, boris, "And one more.")
    make.vote(app, idea, boris)
    make.decide(app, idea, owner_id=it)
    return idea


def fates(app: Flask) -> None:
    """An idea of every fate there is: answered, declined, carried out, merged, hidden, a draft."""
    legal, hr = make.department(app, "Legal"), make.department(app, "HR")
    dora = make.person(app, name="Dora", department=legal, email="dora@example.org")
    make.represent(app, dora, legal)
    answered = make.idea(app, dora, departments=[legal, hr])
    make.answer(app, answered, legal, dora, "needs_change", "Ask *us* first.")
    ask_author(app, make.idea(app, departments=[legal]), legal, dora)
    with app.app_context():
        words = Said("Trying out", "Проба", hue=3, days=30, enter=("moderators", "author"))
        trying = stage_editing.add(None, "review", words).id
        person = db.session.scalars(select(Person).where(Person.role == "moderator")).first()
        tried = db.session.get_one(Idea, answered)
        with transaction():
            stages.move(tried, StageKind.REVIEW, into=trying, by=person, allowed=[StageKind.OPEN])
    declined = make.idea(app, departments=[legal], tags=["contracts"])
    make.answer(app, declined, legal, dora, "harms", "It breaks the law.")
    watched = {"again_on": make.ago(days=-90).date(), "again_departments": 3}
    make.decide(
        app, declined, "decline", revisit="When the law changes.", reason_code="law", **watched
    )
    joined = [make.idea(app, dora), make.idea(app, problem="Merged words.", departments=[hr])]
    make.vote(app, joined[1])
    make.comment(app, joined[1], dora, "Moved along.")
    make.merge(app, *joined)
    done = make.idea(app, departments=[legal])
    make.answer(app, done, legal, dora, "harms", "Somebody has to read it.")
    make.decide(app, done, owner_id=legal, due_on=make.ago(days=-20).date(), override=True)
    earlier = make.idea(app, problem="The same, said earlier.")
    make.comment(app, earlier, dora, "See the other one.")
    hidden = make.idea(app, problem="Hidden words.")
    make.idea(app, dora, problem="Words of a draft.", draft=True, departments=[hr])
    with app.app_context():
        person, idea = db.session.get_one(Person, dora), db.session.get_one(Idea, done)
        owning.confirm_date(person, idea)
        decisions.mark_done(person, idea, outcome="Contracts take **two** days now.")
    with app.app_context(), transaction():
        db.session.get_one(Idea, hidden).hidden_at = now()
        merged = db.session.get_one(Idea, earlier)
        stages.move(merged, StageKind.MERGED, by=None, allowed=[StageKind.OPEN])
        merged.merged_into_id = hidden


def together(app: Flask) -> None:
    """What was written together: marks, co-authors, a summary, a suggested edit, an adoption."""
    (first, poster), (other, head) = (
        make.represented(app, name) for name in ("Canteen", "Reception")
    )
    idea = make.idea(app, poster, problem="Badges are forgotten. Nobody lends any.")
    written.join(app, idea, head)
    written.marked(app, idea, poster, "We begin on Monday.", official=True)
    with app.app_context():
        home = db.session.scalar(select(Department.id).where(Department.name == "IT"))
    visitor = make.person(app, department=home)
    written.marked(app, idea, visitor, "Who pays for it?", question=True, side="breaks")
    written.summary(app, idea, visitor, "Пропуска забывают дома.")
    written.suggestion(app, idea, visitor, "Badges are forgotten. The gate lends some.")
    with app.app_context():
        author, target = db.session.get_one(Person, poster), db.session.get_one(Idea, idea)
        words = actions.word(title=target.title, problem="Badges are lost. Nobody lends any.")
        actions.edit_idea(author, target, words, seen=1)
    done = written.improvement(app, first, poster, done_on=make.ago(days=9).date())
    written.adoption(app, done, other, head)


def with_files(app: Flask) -> tuple[str, str]:
    """An idea with a document and a comment with a picture; their addresses."""
    author = make.person(app, name="Fyodor", email="fyodor@example.org")
    browser = Browser(app)
    browser.enter_as(author)
    document = send(browser, office.docx("forklift"), "смета.docx").json
    picture = send(browser, office.heic(), "IMG_1.heic").json
    idea = make.idea(app, author, problem=f"Look: {document['markdown']}")
    make.comment(app, idea, author, f"And: {picture['markdown']}")
    return document["url"], picture["url"]


def test_an_export_brings_the_files_of_ideas_and_comments_along(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    urls = with_files(app)
    run(app, "export", str(tmp_path / "one"))
    prepared.reset()
    files = tmp_path / "one" / "files.jsonl"
    for name in FILES[:-2]:
        bring(app, tmp_path / "one" / name)
    first, again = (run(app, "import", "files", str(files)) for _time in range(2))
    reader, stranger = Browser(app), Browser(app)
    reader.enter_as(make.person(app))
    there = make.department(app)
    stranger.enter_as(make.person(app, kind="consultant", attached=[there]))
    run(app, "export", str(tmp_path / "two"))

    assert "created 2, unchanged 0, updated 0, refused 0" in first
    assert "created 0, unchanged 2, updated 0, refused 0" in again
    assert [reader.get(url).status_code for url in urls] == [200, 200]
    assert [stranger.get(url).status_code for url in urls] == [404, 404]
    two = contents(tmp_path / "two")
    assert two["files.jsonl"] == contents(tmp_path / "one")["files.jsonl"]
    assert len([name for name in two if name.startswith("files/")]) == 2


def test_files_that_are_not_what_their_line_says_are_refused(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    with_files(app)
    run(app, "export", str(tmp_path))
    prepared.reset()
    for name in FILES[:-2]:
        bring(app, tmp_path / name)
    for place in (tmp_path / "files").iterdir():
        place.write_bytes(b"<script>alert(1)</script>")
    lines = (tmp_path / "files.jsonl").read_text().splitlines()
    wrong = ["no JSON", '{"key": "../../secret"}', lines[0].replace('"sha256": "', '"sha256": "/')]
    (tmp_path / "files.jsonl").write_text("\n".join([*lines, *wrong]))

    result = app.test_cli_runner().invoke(args=["import", "files", str(tmp_path / "files.jsonl")])

    assert result.exit_code == 1
    assert "created 0, unchanged 0, updated 0, refused 5" in result.output
    with app.app_context():
        assert db.session.query(Upload).count() == 0


def test_a_picture_that_no_forum_made_is_not_taken_as_it_is(app: Flask) -> None:
    with app.app_context():
        for raw in (office.heic(), office.pdf("x"), photo()):
            with pytest.raises(Invalid):
                files.taken_as_it_is(raw, "")


def test_an_export_imported_elsewhere_is_the_same_forum(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    company(app)
    fates(app)
    together(app)
    files_again = moved(app, prepared, tmp_path)

    assert "ТМЦ;inventory" in files_again["glossary.csv"]
    ideas = files_again["ideas.jsonl"]
    for words in (
        *("Thank you.", "Ask *us* first.", "It breaks the law.", "When the law changes."),
        *("Contracts take **two** days now.", '"due": "', '"confirmed_at": "', '"override": true'),
        *('"due": "', '"days": 10', '"rests_since": "'),
        *('"again_on": "', '"again_departments": 3', '"coauthors": ["', "Moved along."),
        *('"question": "open", "side": "breaks", "department": "', '"official_at": "20'),
        *('"coauthors": ["', '"summaries": [{"lang": "ru", "text": "Пропуска забывают дома."'),
        *('"problem": "Badges are lost. The gate lends some."', '"adoptions": [{"department": "'),
        *('"stage": "merged", "merged_into": "', '"hidden": true', '"stage": "draft"'),
        '"stage": "trying-out"',
    ):
        assert words in ideas


def test_an_imported_forum_shows_what_was_decided_and_answered(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in
) -> None:
    company(app)
    fates(app)
    run(app, "export", str(tmp_path))
    prepared.reset()
    for name in FILES:
        bring(app, tmp_path / name)

    browser = sign_in(make.person(app))
    with app.app_context():
        rows = db.session.execute(select(Idea.stage_kind, Idea.id, Idea.hidden_at)).all()
        kinds = {stage: number for stage, number, hidden in rows if hidden is None}
    declined = browser.page(f"/ideas/{kinds['declined']}").text
    assert all(words in declined for words in ("It breaks the law.", "When the law changes."))
    assert "Contracts take two days now." in browser.page(f"/ideas/{kinds['done']}").text
    assert browser.get(f"/ideas/{kinds['draft']}").status_code == 404
    assert [browser.get(f"/ideas/{row[1]}").status_code for row in rows if row[2]] == [404]


def test_ids_of_sources_and_our_own_do_not_get_in_each_others_way(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    own = make.idea(app, problem="Our own words.")
    said = {"id": "1", "title": "T", "problem": "P", "comments": [{"id": "1", "body": "Theirs."}]}
    load(app, write(tmp_path, {**said, "id": str(own)}))
    with app.app_context():
        brought = db.session.scalars(select(Idea.id).where(Idea.source_id == str(own))).one()
        comment = db.session.scalars(select(Comment.id)).one()
    while make.comment(app, brought, body="Ours.") <= comment:
        pass
    run(app, "export", str(tmp_path / "one"))
    prepared.reset()

    run(app, "import", "ideas", str(tmp_path / "one" / "ideas.jsonl"))
    run(app, "export", str(tmp_path / "two"))

    ideas = contents(tmp_path / "two")["ideas.jsonl"]
    assert ideas == contents(tmp_path / "one")["ideas.jsonl"]
    assert f'"id": "own-{own}"' in ideas


def test_an_export_names_no_voter(app: Flask, tmp_path: Path) -> None:
    idea, voter = make.idea(app, problem="Open words."), make.person(app, email="vera@example.org")
    make.vote(app, idea, voter)
    run(app, "export", str(tmp_path))

    ideas = contents(tmp_path)["ideas.jsonl"]
    assert "Open words." in ideas
    assert '"votes": 1' in ideas
    assert "vera@" not in ideas


def test_the_files_of_an_export_are_their_owners_alone(app: Flask, tmp_path: Path) -> None:
    run(app, "export", str(tmp_path / "new"))

    modes = {file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()}
    assert modes == {0o600}
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_an_export_lets_no_consultant_in_longer_or_elsewhere(app: Flask, tmp_path: Path) -> None:
    it, old = make.department(app, "IT", slug="it"), make.department(app, "Old", slug="old")
    limited = make.department(app, "Limited", slug="limited")
    guest = make.person(app, kind="consultant", attached=[it, old], email="carl@example.org")
    with app.app_context():
        membership.attach(None, guest, limited, until=now() + timedelta(days=9))
        tree.archive(None, db.session.get_one(Department, old))

    run(app, "export", str(tmp_path))
    again = run(app, "import", "people", str(tmp_path / "people.csv"))

    line = [row for row in (tmp_path / "people.csv").read_text().splitlines() if "carl" in row]
    assert "it" in line[0].split(",")
    assert "refused 0" in again
