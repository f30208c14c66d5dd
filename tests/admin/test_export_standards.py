"""Standards go out with an export and come back: versions, clauses, audience, who has read them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.standards.kept.models import IdeaClause, PromiseMark
from forum.standards.models import Acknowledgement, Standard
from forum.standards.review.models import Review
from tests.admin.exported import bring, moved
from tests.standards import standards
from tests.standards.paper import documents
from tests.standards.review import test_on_evidence as on_evidence
from tests.standards.review.test_reviews import form_of
from tests.standards.tongues import translating
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared

SignIn = Callable[..., Browser]

LONG = "".join(f"## Clause {n}\n\n{'Finance pays. ' * 60}\n\n" for n in range(120))


def test_standards_come_back_whole(app: Flask, prepared: Prepared, tmp_path: Path, sign_in) -> None:
    finance = make.department(app, "Finance", slug="finance")
    owner = make.person(app, email="owner@example.org")
    idea = standards.accepted(app, owner=finance, departments=[finance])
    born = standards.standardise(app, idea)
    standards.publish(app, born)
    number = standards.in_force(app, title="Paying", departments=[finance], owner=owner)
    standards.rewrite(app, number, body=LONG, departments=[finance], change="Longer")
    comment = make.comment(app, idea, owner, "In May it was three weeks.")
    linked = {"address": f"http://localhost/ideas/{idea}#comment-{comment}"}
    editor = sign_in(make.moderator(app, email="editor@example.org"))
    assert editor.post(f"/standards/{number}/clauses/1/link", linked).status_code == 303
    reader = make.person(app, email="reader@example.org", department=finance)
    sign_in(reader).post(f"/standards/{number}/acknowledge", {"version": "2"})
    moderator = make.moderator(app, email="judge@example.org")
    fields = standards.fields_of(sign_in(moderator), number)
    draft = {**fields, "body": "## Clause 1\n\nA draft."}
    sign_in(moderator).post(f"/standards/{number}/edit", draft)
    retired = standards.in_force(app, title="Old")
    standards.retire(app, retired, "Nobody needs it.")

    files = moved(app, prepared, tmp_path)

    lines = [json.loads(line) for line in files["standards.jsonl"].splitlines()]
    assert sum(line["record"] == "version" for line in lines) == 5
    assert sum(line["record"] == "version-clause" for line in lines) > 120
    assert {line["record"] for line in lines} >= {"clause-from-idea", "clause-from-comment"}
    assert "created 0, " in bring(app, tmp_path / "one" / "standards.jsonl")
    with app.app_context():
        standard = standards.by_number(number)
        assert standard.owner_id is not None
        assert (standard.in_force, standard.state) == (2, "in_force")
        assert db.session.query(Acknowledgement).count() == 1
    browser = sign_in()
    page = browser.page(f"/standards/{number}")
    assert len(page.all("section", class_="clause")) == 120
    assert browser.get(f"/standards/{number}/versions/3").status_code == 404
    assert "Nobody needs it." in browser.get(f"/standards/{retired}").text
    assert standards.drafted(app) == "PS-004"


def test_the_deputy_comes_back_as_who_they_are(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in
) -> None:
    owner = make.person(app, email="owner@example.org")
    make.person(app, email="deputy@example.org")
    number = standards.in_force(app, owner=owner)
    sign_in(owner).post(f"/standards/{number}/deputy", {"deputy": "deputy@example.org"})

    files = moved(app, prepared, tmp_path)

    told = [json.loads(line) for line in files["standards.jsonl"].splitlines()]
    assert [line["deputy"] for line in told if line["record"] == "standard"] == [
        "deputy@example.org"
    ]
    with app.app_context():
        deputy = db.session.get_one(Person, standards.by_number(number).deputy_id)
        assert deputy.email == "deputy@example.org"


def test_marks_of_promises_and_reviews_come_back(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in
) -> None:
    finance = make.department(app, "Finance", slug="finance")
    number = standards.in_force(
        app, body="## Promises\n\nFinance answers within a day.", departments=[finance]
    )
    reader = sign_in(make.person(app, email="reader@example.org", department=finance))
    broken = {"clause": "1", "kept": "0", "note": "After three days."}
    assert reader.post(f"/standards/{number}/kept", broken).status_code == 303
    idea = {"problem": "Too slow.", "about": f"{number}:1", "about-shown": "1", "action": "post"}
    assert reader.post("/ideas/new", idea).status_code == 303
    moderator = sign_in(make.moderator(app, email="judge@example.org"))
    moderator.post(
        f"/standards/{number}/review",
        {**form_of(moderator, number), "outcome": "valid", "note": "Fine."},
    )

    files = moved(app, prepared, tmp_path)

    told = {json.loads(line)["record"] for line in files["standards.jsonl"].splitlines()}
    assert told >= {"promise-mark", "idea-clause", "standard-review"}
    assert "created 0, " in bring(app, tmp_path / "one" / "standards.jsonl")
    with app.app_context():
        mark, review = db.session.query(PromiseMark).one(), db.session.query(Review).one()
        assert (mark.kept, mark.note_id is not None, mark.department_id is not None) == (
            False,
            True,
            True,
        )
        assert (review.outcome, review.note) == ("valid", "Fine.")
        assert db.session.query(IdeaClause).count() == 1


def test_a_standard_that_came_back_is_talked_about(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in
) -> None:
    number = standards.in_force(app)
    moved(app, prepared, tmp_path)

    said = sign_in().post(f"/standards/{number}/comments", {"body": "I agree."})

    assert said.status_code == 303


def test_pictures_of_standards_come_along(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in
) -> None:
    moderator = sign_in(make.moderator(app, email="judge@example.org"))
    sent = moderator.post("/files", {"file": (BytesIO(documents.picture()), "box.png")})
    address = re.search(r"/files/[\w-]{22}", sent.text)
    assert address is not None
    number = standards.drafted(app)
    fields = standards.fields_of(moderator, number)
    body = f"## Rule\n\n![A box]({address.group()})"
    moderator.post(f"/standards/{number}/edit", {**fields, "body": body, "action": "publish"})

    moved(app, prepared, tmp_path)

    assert sign_in().get(address.group()).status_code == 200


def test_files_that_were_imported_here_change_nothing_there(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    make.admin(app, email="admin@example.org")
    place = tmp_path / "company"
    place.mkdir()
    (place / "nameless.md").write_text("# A rule\n\n## Rule\n\nText.\n")
    documents.load(app, place)
    moved(app, prepared, tmp_path)

    assert documents.load(app, place).stdout == "created 0, unchanged 1, updated 0, refused 0\n"
    with app.app_context():
        assert db.session.query(Standard).count() == 1


def refused(app: Flask, file: Path, lines: Sequence[dict[str, object]]) -> list[str]:
    """What an import says of lines that it refuses, beforehand and then."""
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    said = []
    for more in (["--dry-run"], []):
        result = app.test_cli_runner().invoke(args=["import", "standards", str(file), *more])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        said.append(re.findall(r":\d+: “(\w+)” is missing or not as an export", result.output))
    assert said[0] == said[1]
    return list(said[1])


def test_translations_that_no_export_wrote_are_refused(
    app: Flask, tmp_path: Path, sign_in: SignIn
) -> None:
    number = standards.in_force(app, title="Оплата", body=translating.RULE)
    good = {"record": "translation", "standard": number, "lang": "en", "part": "clause", "key": 1}
    good |= {"words": "x", "version": 1, "title": "Purpose", "text": "Suppliers know the day."}
    good |= {"at": "2026-01-01T00:00:00+00:00"}
    wrong: list[tuple[str, object]] = [
        *(("lang", lang) for lang in ("de", "", "en ru", "x" * 100, "EN")),
        *(("part", part) for part in ("nonsense", "")),
        *(("title", title) for title in ("Pur\0pose", "A\n² x", " A", "A\u202eB", "\ud800")),
        ("words", "\0"),
    ]

    said = refused(app, tmp_path / "standards.jsonl", [good | {name: v} for name, v in wrong])

    assert said == [name for name, _value in wrong]
    assert refused(app, tmp_path / "standards.jsonl", [good]) == []
    with app.app_context():
        assert standards.by_number(number).translated == "en"
    assert "Suppliers know the day." in sign_in().page(f"/standards/{number}?lang=en").text


def test_titles_of_several_lines_are_refused(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    standards.in_force(app, title="Paying")
    file = tmp_path / "standards.jsonl"
    moved(app, prepared, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "one" / file.name).read_text().splitlines()]
    [version] = [line for line in lines if line["record"] == "version"]
    [standard] = [line for line in lines if line["record"] == "standard"]
    clause = next(line for line in lines if line["record"] == "version-clause")

    said = refused(
        app,
        file,
        [
            standard | {"number": "PS-009", "sequence": 9, "title": "A\nB"},
            version | {"number": 2, "state": "superseded", "title": "A\n² x"},
            version | {"number": 2, "state": "superseded", "change": "A\nB"},
            clause | {"place": 99, "title": "A\0"},
        ],
    )

    assert said == ["title", "title", "change", "title"]


def test_an_open_review_comes_back_with_what_opened_it_and_stays_when_it_is_taken_back(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in: SignIn
) -> None:
    owner = make.person(app, email="owner@example.org")
    number = standards.in_force(app, body=on_evidence.RULE, owner=owner)
    on_evidence.ideas_about(app, number, 2, 3)
    on_evidence.look(app)

    moved(app, prepared, tmp_path)

    on_evidence.look(app)
    assert on_evidence.opened(app, number) == ["touched"]
    moderator = sign_in(make.moderator(app))
    valid = {**form_of(moderator, number), "outcome": "valid"}
    moderator.post(f"/standards/{number}/review", valid)
    assert on_evidence.opened(app, number) == []
    undo = moderator.get(f"/standards/{number}").text.split('formaction="')[1].split('"')[0]
    assert moderator.post(undo).status_code == 303
    assert on_evidence.opened(app, number) == ["touched"]


def test_reviews_opened_by_what_nobody_knows_are_refused(app: Flask, tmp_path: Path) -> None:
    number = standards.in_force(app)
    good = {
        "record": "standard-review",
        "standard": number,
        "version": 1,
        "outcome": "",
        "note": "",
    }
    good |= {"opened_at": "2026-01-01T00:00:00+00:00", "evidence": {"kinds": ["changed", "due"]}}
    wrong: list[object] = [
        {"kinds": ["nonsense"]},
        {"kinds": ["due", "due"]},
        {"kinds": "due"},
        {"kinds": [{"a": 1}]},
        {"kinds": []},
        {"kinds": ["due"], "more": 1},
        ["due"],
        "due",
    ]
    file = tmp_path / "standards.jsonl"

    said = refused(app, file, [good | {"evidence": each} for each in wrong])

    assert said == ["evidence"] * len(wrong)
    assert refused(app, file, [good]) == []
    assert on_evidence.opened(app, number) == ["changed", "due"]
