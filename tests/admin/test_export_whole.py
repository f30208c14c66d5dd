"""What else hangs on people, departments and ideas goes out with an export and comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.accounts.trust import Suspension
from forum.admin import erasure
from forum.campaigns.models import CampaignIdea, CampaignValue
from forum.core import richtext
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments import actions as tree
from forum.departments import deputies, membership
from forum.departments.models import Department
from forum.departments.reach import ModeratorScope
from forum.discussion import actions as discussion
from forum.discussion.models import Comment
from forum.ideas import actions, answers, handing_over, votes
from forum.ideas.models import Idea, IdeaRevision
from forum.moderation import desk, marks, trash
from forum.moderation.models import Matter
from forum.notifications import watches
from forum.scorecards.models import Expert, Score
from tests.admin.exported import bring, moved
from tests.campaigns import test_campaigns as campaigns
from tests.moderation import acts
from tests.support import make
from tests.support.forums import Prepared

ALL = ["campaigns", "scorecards", "thanks"]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ALL})


def lines(files: dict[str, str], name: str) -> list[dict[str, Any]]:
    """The lines of one kind of records."""
    every = (files["company.jsonl"] + files["records.jsonl"]).splitlines()
    return [line for text in every if (line := json.loads(text))["record"] == name]


def again(app: Flask, folder: Path) -> list[str]:
    """What the imports of an export say when they are run once more."""
    return [bring(app, folder / "one" / name) for name in ("company.jsonl", "records.jsonl")]


def hand_over(person: Person, idea: Idea, first: int, second: int) -> None:
    slot = answers.slot_for(person, idea, first)
    handing_over.hand_over(person, idea, slot, to_id=second)


def idea_named(app: Flask, source_id: int) -> int:
    with app.app_context():
        return db.session.scalars(select(Idea.id).where(Idea.source_id == str(source_id))).one()


def test_deputies_past_departments_and_limited_rights_come_along(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    old, new = make.department(app, "Old office", slug="old"), make.department(app, "Depot")
    anna = make.person(app, department=old, email="anna@example.org")
    boris = make.person(app, department=new, email="boris@example.org")
    guest = make.person(app, kind="consultant", attached=[old], email="carl@example.org")
    judge = make.moderator(app, email="judge@example.org")
    idea = make.idea(app, anna, departments=[old])
    make.represent(app, anna, old)
    make.answer(app, idea, old, anna, "needs_change", "Not on Mondays.")
    with app.app_context():
        person = db.session.get_one(Person, anna)
        last = today() + timedelta(days=9)
        deputies.name_deputy(person, "boris@example.org", since=None, until=last)
        membership.attach(None, guest, new, until=now() + timedelta(days=9))
        with transaction():
            membership.place(None, anna, new)
            db.session.add(ModeratorScope(person_id=judge, department_id=new))
            until = now() + timedelta(days=3)
            db.session.add(Suspension(person_id=boris, by_id=judge, until=until))
        closed = db.session.get_one(Department, old)
        tree.set_representatives(None, closed, [])
        tree.archive(None, closed)

    files = moved(app, prepared, tmp_path)

    assert lines(files, "deputy")[0]["deputy"] == "boris@example.org"
    assert [line["department"] for line in lines(files, "belonged")] == ["old"]
    assert [line["person"] for line in lines(files, "moderates")] == ["judge@example.org"]
    assert [line["person"] for line in lines(files, "suspended")] == ["boris@example.org"]
    assert "carl@example.org" in {line["person"] for line in lines(files, "attached")}
    assert "Not on Mondays." in files["ideas.jsonl"]
    assert all("created 0, " in said and "updated 0, " in said for said in again(app, tmp_path))
    with app.app_context():
        gone = db.session.scalars(select(Department).where(Department.slug == "old")).one()
        assert gone.archived_at is not None
        assert not gone.provisional


def test_locks_pins_hand_overs_earlier_wordings_and_wishes_come_along(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    (first, head), (second, _other) = (make.represented(app, name) for name in ("Gate", "Yard"))
    author = make.person(app, email="author@example.org")
    idea = make.idea(app, author, departments=[first], problem="Said at first.")
    remark = make.comment(app, idea, author, "A remark.")
    judge = make.moderator(app)
    with app.app_context():
        person, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea)
        wording = actions.word(title=target.title, problem="Said better.", departments=[first])
        actions.edit_idea(person, target, wording, seen=1)
        said = db.session.get_one(Comment, remark)
        discussion.edit_comment(person, said, richtext.compose("A better remark."))
        answering = db.session.get_one(Person, head)
        hand_over(answering, target, first, second)
        votes.follow(db.session.get_one(Person, head), target)
        thing = watches.find(person, "department", db.session.get_one(Department, second).slug)
        watches.set_level(person, thing, "new")
        moderator = db.session.get_one(Person, judge)
        marks.set_locked(moderator, target, locked=True)
        marks.pin(moderator, target)

    files = moved(app, prepared, tmp_path)

    words = {line["problem"] for line in lines(files, "wording")}
    assert words == {"Said at first.", "Said better."}
    assert {line["text"] for line in lines(files, "comment-wording")} == {
        "A remark.",
        "A better remark.",
    }
    assert len(lines(files, "handed-over")) == len(lines(files, "watches-department")) == 1
    assert lines(files, "follows")
    line = lines(files, "idea")[0]
    assert {"locked_at", "pinned_at", "edited_at"} <= line.keys()
    with app.app_context():
        here = db.session.scalars(select(Idea)).one()
        assert here.revision == 2
        numbers = select(IdeaRevision.number).order_by(IdeaRevision.number)
        assert list(db.session.scalars(numbers)) == [1, 2]


def test_what_is_hidden_or_in_the_trash_stays_so_with_its_reason(
    app: Flask, prepared: Prepared, tmp_path: Path, sign_in: Callable[..., Any]
) -> None:
    idea, rude, kept = make.idea(app), make.idea(app, problem="To the trash."), make.idea(app)
    remark = make.comment(app, idea, body="A rude remark.")
    flagged = acts.flag(app, "comment", remark, note="Not kind.")
    judge = make.moderator(app, email="judge@example.org")
    with app.app_context():
        moderator = db.session.get_one(Person, judge)
        matter = db.session.get_one(Matter, flagged)
        desk.decide(moderator, matter, "hidden", why="Say it kindly.")
        trash.put_in_trash(moderator, db.session.get_one(Idea, rude), why="Twice posted.")

    files = moved(app, prepared, tmp_path)
    page = sign_in(make.person(app)).get(f"/ideas/{idea_named(app, idea)}").text

    assert "A rude remark." not in page
    assert [line["why"] for line in lines(files, "matter-comment")] == [["Say it kindly.", "text"]]
    assert [line["why"] for line in lines(files, "trashed")] == [["Twice posted.", "text"]]
    assert sign_in(make.person(app)).get(f"/ideas/{idea_named(app, rude)}").status_code == 404
    with app.app_context():
        moderator = db.session.get_one(Person, make.moderator(app))
        trash.restore(moderator, db.session.get_one(Idea, idea_named(app, rude)))
    assert "created 0, unchanged" in bring(app, tmp_path / "one" / "records.jsonl")
    assert sign_in(make.person(app)).get(f"/ideas/{idea_named(app, rude)}").status_code == 200
    assert kept


def test_an_imported_merge_can_still_be_separated(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    hr = make.department(app, "HR")
    parent, child = make.idea(app), make.idea(app, problem="The child.", departments=[hr])
    make.comment(app, child, body="Came along.")
    both, alone = make.person(app, email="both@example.org"), make.person(app)
    for idea, voter in ((parent, both), (child, both), (child, alone)):
        make.vote(app, idea, voter)
    make.merge(app, parent, child)

    files = moved(app, prepared, tmp_path)
    make.unmerge(app, idea_named(app, child))

    assert "both@" not in files["records.jsonl"]
    with app.app_context():
        stays, back = (db.session.get_one(Idea, idea_named(app, idea)) for idea in (parent, child))
        assert (stays.support, back.support) == (1, 2)
        assert (stays.comment_count, back.comment_count) == (0, 1)
        assert back.stage_kind == "open"


def test_campaigns_and_scorecards_come_along_and_stay_blind(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    number = campaigns.campaign(app)
    place = campaigns.field(app, number, "Where?")
    idea, expert = make.idea(app), make.person(app, email="expert@example.org")
    judge = make.moderator(app)
    with app.app_context(), transaction():
        db.session.add(CampaignIdea(idea_id=idea, campaign_id=number))
        db.session.add(CampaignValue(idea_id=idea, field_id=place, value="In the yard"))
        asked = Expert(idea_id=idea, person_id=expert, asked_by_id=judge)
        db.session.add(asked)
        db.session.flush()
        db.session.add(Score(expert_id=asked.id, criterion="value", mark="high", note="Much."))

    files = moved(app, prepared, tmp_path)

    assert [line["question"] for line in lines(files, "campaign")] == ["Where do we still print?"]
    assert [line["value"] for line in lines(files, "campaign-value")] == ["In the yard"]
    assert [line["note"] for line in lines(files, "score")] == ["Much."]
    with app.app_context():
        assert db.session.scalars(select(Expert.submitted_at)).one() is None
    assert all("created 0, " in said and "updated 0, " in said for said in again(app, tmp_path))


def test_nobody_who_was_erased_is_named(app: Flask, prepared: Prepared, tmp_path: Path) -> None:
    department, head = make.represented(app, "Gate")
    other = make.department(app, "Yard")
    idea = make.idea(app, departments=[department])
    with app.app_context():
        person = db.session.get_one(Person, head)
        name, email = person.name, person.email or ""
        hand_over(person, db.session.get_one(Idea, idea), department, other)
        erasure.erase(db.session.get_one(Person, make.admin(app)), person)

    files = moved(app, prepared, tmp_path)

    assert lines(files, "handed-over")[0]["by"]
    assert email
    assert all(name not in text and email not in text for text in files.values())


def test_records_that_no_export_wrote_are_refused_line_by_line(app: Flask, tmp_path: Path) -> None:
    said = [
        "no JSON",
        '{"record": "vote", "idea": "1"}',
        '{"record": "follows", "idea": "17", "person": "a@example.org"}',
        '{"record": "follows", "idea": {"a": 1}, "person": ["x", "y"]}',
        '{"record": "deputy", "person": "a@example.org", "deputy": "b@example.org"}',
        '{"record": "deputy", "person": "a@example.org", "deputy": "a@example.org",'
        ' "since": "2026-01-01", "until": "2026-01-02"}',
        '{"record": "deputy", "person": "a@example.org", "deputy": "c@example.org",'
        ' "since": "2026-01-01", "until": "2026-01-02"}',
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(said))

    def run(*more: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["import", "records", str(file), *more])
        return result.exit_code, result.output

    def there() -> int | None:
        with app.app_context():
            named = select(func.count(Person.id)).where(Person.imported_from == "c@example.org")
            return db.session.scalar(named)

    foretold, nobody = run("--dry-run"), there()
    done = run()

    assert (nobody, there()) == (0, 1)
    assert foretold == done
    assert done[0] == 1
    assert "created 1, unchanged 0, updated 0, refused 6" in done[1]


def test_a_dry_run_counts_rows_that_refer_to_what_the_file_itself_brings(
    app: Flask, tmp_path: Path
) -> None:
    department = {
        "record": "department",
        "slug": "depot",
        "name": "Depot",
        "code": "DEP",
        "hue": 3,
        "description": "",
        "created_at": "2026-01-01T00:00:00+00:00",
        "archived_at": None,
        "provisional": False,
    }
    file = tmp_path / "company.jsonl"
    known = {"record": "department-slug", "slug": "store", "department": "depot"}
    file.write_text("\n".join(json.dumps(line) for line in (department, known)))

    result = app.test_cli_runner().invoke(args=["import", "records", str(file), "--dry-run"])

    assert "created 2, unchanged 0, updated 0, refused 0" in result.output
    with app.app_context():
        slugs = select(Department.slug).where(Department.slug == "depot")
        assert db.session.scalar(slugs) is None
    bring(app, file)
