"""What files look like: encodings, columns, days, faults; and the command that loads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.texts import Text
from forum.discussion.models import Comment
from forum.ideas.imports.adapters import detect
from forum.ideas.imports.fields import Refused, moment_of
from forum.ideas.imports.sources import LONGEST_LINE, is_month_first
from forum.ideas.models import Idea, StageChange
from forum.ideas.queries import tags_of
from tests.imports.files import line, load, write
from tests.support import make
from tests.support.server import forum


def one_idea() -> Idea:
    return db.session.scalars(select(Idea)).one()


def test_csv_has_the_same_columns(app, tmp_path) -> None:
    it = make.department(app, slug="it", code="IT")
    hr = make.department(app, slug="hr", code="HR")
    anna = make.person(app, email="anna@example.org")
    path = tmp_path / "ideas.csv"
    comments = json.dumps([{"id": "1", "author": "B", "body": "Ours too"}]).replace('"', '""')
    path.write_text(
        "id;title;problem;author;departments;tags;votes;comments;created_at\r\n"
        f'1;Printers;"\'=They jam\nevery day";anna@example.org;IT;Office;'
        f'anna@example.org;"{comments}";2024-02-01\r\n'
        '2;Doors;;;"it;HR";"a;b";7;;\r\n',
        encoding="utf-8-sig",
    )

    outcome = load(app, path)

    assert outcome.summary == "created 2, unchanged 0, updated 0, refused 0"
    with app.app_context():
        first, second = db.session.scalars(select(Idea).order_by(Idea.source_id)).all()
        assert (first.author_id, first.vote_count, first.comment_count) == (anna, 1, 1)
        assert db.session.get_one(Text, first.problem_id).source == "=They jam\nevery day"
        assert [name for name, _slug in tags_of(second.id)] == ["a", "b"]
        assert (second.vote_count, second.imported_votes, second.problem_id) == (0, 7, None)
    assert it != hr


def test_a_faulty_line_of_csv_is_refused_by_the_line_it_begins_on(app, tmp_path) -> None:
    path = tmp_path / "ideas.csv"
    path.write_text('id,title,problem\n1,A,"two\nlines"\n,No id,x\n3,B,y,too,many\n4,C,z\n')

    outcome = load(app, path)

    assert outcome.created == 2
    assert [number for number, _reason in outcome.refused] == [4, 5]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-05-06", "2024-05-06T00:00:00+00:00"),
        ("2024-05-06T07:08:09.123Z", "2024-05-06T07:08:09.123000+00:00"),
        ("2024-05-06 07:08:09 +0200", "2024-05-06T05:08:09+00:00"),
        ("06/05/2024", "2024-05-06T00:00:00+00:00"),
        ("6.5.2024 7:08", "2024-05-06T07:08:00+00:00"),
        (1714979289, "2024-05-06T07:08:09+00:00"),
    ],
)
def test_a_moment_is_understood_as_sources_write_it(text, found) -> None:
    moment = moment_of(text)

    assert moment is not None
    assert moment.isoformat() == found


@pytest.mark.parametrize(
    "text", ["31/02/2024", "yesterday", "2024-13-01", "9999-01-01", "0001-01-01", True, [], "12"]
)
def test_no_moment_is_refused_in_a_sentence(context, text) -> None:
    with pytest.raises(Refused, match="”"):
        moment_of(text)


def test_one_day_over_twelve_tells_how_a_file_writes_its_days(app, tmp_path) -> None:
    american = [
        {**line(n), "created_at": day} for n, day in enumerate(["03/04/2024", "03/25/2024"])
    ]

    load(app, write(tmp_path, *american))

    with app.app_context():
        days = db.session.scalars(select(Idea.created_at).order_by(Idea.source_id)).all()
        assert [(day.month, day.day) for day in days] == [(3, 4), (3, 25)]
    assert not is_month_first(write(tmp_path, {"created": "03/04/2024"}, {"created": "25/03/2024"}))
    assert not is_month_first(write(tmp_path, {"title": "see 03/25/2024", "created": "03/04/2024"}))


def test_a_file_may_begin_with_a_mark_and_hold_blank_lines(app, tmp_path) -> None:
    path = tmp_path / "ideas.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(line(1)).encode() + b"\r\n\r\n \n")

    assert load(app, path).created == 1


@pytest.mark.parametrize(
    "fault",
    [
        b'{"id": "9", "title": "\xff\xfe"}',
        b'{"id": "9", "title": "' + b"x" * LONGEST_LINE + b'"}',
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5_000 + b"}",
        b'{"id": "9", "title": "T", "votes": true}',
        b'{"id": "9", "title": "T", "votes": 1e300}',
        b'{"id": "9", "title": "T", "votes": NaN}',
        b'{"id": "9", "title": "T", "votes": 1.5}',
        b'{"id": "9", "title": "T", "votes": {"a": 1}}',
        b'{"id": "9", "title": "T", "votes": [[1]]}',
        b'{"id": "9", "title": "T", "tags": {"a": 1}}',
        b'{"id": "9", "title": "T", "departments": [["it"]]}',
        b'{"id": "9", "title": "T", "format": "pdf"}',
        b'{"id": "9", "title": "T", "author": {"name": "A"}}',
        b'{"id": "9", "title": "T", "comments": [1]}',
        b'{"id": "9", "title": "T", "comments": [{"id": 1, "body": "a"}, {"id": 1, "body": "b"}]}',
        b'{"id": "9", "title": "T", "decision": "yes"}',
        b'{"id": "9", "title": "\\u200b"}',
        b'{"id": "\\u0000", "title": "T"}',
        b"null",
    ],
    ids=lambda fault: fault[:60].decode(errors="replace"),
)
def test_a_fault_is_refused_in_a_sentence_and_its_neighbours_are_loaded(
    app, tmp_path, fault
) -> None:
    path = tmp_path / "ideas.jsonl"
    good = [json.dumps(line(number)).encode() for number in (1, 2)]
    path.write_bytes(b"\n".join([good[0], fault, good[1]]))

    outcome = load(app, path)

    assert outcome.created == 2
    assert [number for number, _reason in outcome.refused] == [2]
    assert outcome.refused[0][1].endswith(".")


def test_traps_in_texts_are_taken_out_and_the_rest_is_loaded(app, tmp_path) -> None:
    path = write(tmp_path, r'{"id": "1", "title": "A\ud800\u0000B\u202e", "problem": "x\u0000y"}')

    assert load(app, path).created == 1
    with app.app_context():
        assert one_idea().title == "AB"


def test_an_unknown_author_is_shown_by_what_stands_before_the_at(app, tmp_path) -> None:
    load(app, write(tmp_path, line(author="Mary.Major@Partner.example")))

    with app.app_context():
        author = db.session.get_one(Person, one_idea().author_id)
        assert (author.name, author.email, author.login) == ("Mary.Major", None, None)
        assert author.password_hash is None


def test_staff_numbers_and_addresses_find_the_people_who_are_here(app, tmp_path) -> None:
    anna = make.person(app, email="anna@example.org", login="t-100")

    load(app, write(tmp_path, line(1, author="ANNA@example.org"), line(2, author="T-100")))

    with app.app_context():
        assert set(db.session.scalars(select(Idea.author_id))) == {anna}


def test_a_stage_is_told_by_the_timeline(app, tmp_path, sign_in) -> None:
    load(app, write(tmp_path, line(stage="done", created_at="2024-01-01")))

    with app.app_context():
        step = db.session.scalars(select(StageChange)).one()
        assert (step.from_kind, step.to_kind) == ("open", "done")
        number = one_idea().id
    assert (
        sign_in().page(f"/ideas/{number}").one("article", data_idea=number)["data-stage"] == "done"
    )


def test_an_idea_without_a_text_says_so(app, tmp_path, sign_in) -> None:
    load(app, write(tmp_path, {"id": "1", "title": "Only a title"}))

    with app.app_context():
        number = one_idea().id
    assert (
        "no text"
        in sign_in().page(f"/ideas/{number}").one("article", data_idea=number).text.lower()
    )


def thread(**fields: Any) -> dict[str, Any]:
    return {
        "id": "t-1",
        "source": "meta",
        "title": "A discussion",
        "html": "<p>What about <b>it</b>?</p>",
        "votes": -5,
        "tags": ["status-completed", "support"],
        "created": "2018-02-06T20:19:50.957",
        "user": "14",
        "comments": [{"id": "1", "text": "Plain *words*", "created": "2018-02-07", "user": None}],
        "answers": [
            {
                "id": "1",
                "html": "<p>Yes</p>",
                "user": "15",
                "created": "2018-02-08",
                "comments": [{"id": "2", "text": "Why?", "user": "14"}],
            }
        ],
        **fields,
    }


def test_a_thread_becomes_an_idea_with_answers_as_comments(app, tmp_path) -> None:
    load(app, write(tmp_path, thread()))

    with app.app_context():
        idea = one_idea()
        assert (idea.stage_kind, idea.imported_votes, idea.comment_count) == ("done", -5, 3)
        comments = {c.source_id: c for c in db.session.scalars(select(Comment))}
        assert comments["c2"].parent_id == comments["a1"].id
        assert comments["c2"].author_id == idea.author_id
        assert comments["c1"].parent_id is None


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({"id": 1, "title": "t"}, "own"),
        ({"id": 1, "title": "t", "body": "b"}, "own"),
        ({"id": 1, "title": "t", "html": "b", "votes": 1, "created": "x"}, "decide"),
        ({"id": 1, "title": "t", "text": "b", "status": "open"}, "petitions"),
        ({"id": 1, "title": "t", "markdown": "b"}, "issues"),
        (thread(), "threads"),
    ],
)
def test_the_kind_of_a_source_shows_in_its_names(raw, kind) -> None:
    assert detect(raw) == kind


def run(app: Any, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["import", "ideas", *arguments])


def test_the_command_names_what_it_refuses_and_counts_at_the_end(app, tmp_path: Path) -> None:
    path = write(tmp_path, line(1), "{broken", line(2))

    done = run(app, str(path))

    assert done.exit_code == 1
    assert done.stdout == "created 2, unchanged 0, updated 0, refused 1\n"
    assert done.stderr.splitlines()[-1] == f"{path}:2: This line is not JSON."
    assert run(app, str(write(tmp_path, line(1), line(2)))).exit_code == 0


def test_the_command_can_only_look(app, tmp_path: Path) -> None:
    done = run(app, str(write(tmp_path, line(1))), "--dry-run")

    assert (done.exit_code, done.stdout) == (0, "created 1, unchanged 0, updated 0, refused 0\n")
    with app.app_context():
        assert db.session.scalars(select(Idea)).first() is None


def test_a_folder_without_a_forum_is_a_sentence_not_a_bug(tmp_path: Path) -> None:
    path = write(tmp_path, line(1))

    done = forum("import", "ideas", str(path), folder=tmp_path / "nothing")

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
