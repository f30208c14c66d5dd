"""Versions: one in force, all readable, compared, asked for by day; editing and publishing."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.events import Event
from forum.standards import actions
from forum.standards.models import Version
from tests.standards import standards
from tests.support import make


def test_a_day_shows_what_was_in_force_at_its_end(app: Flask, sign_in) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        number = standards.in_force(app, body="## Rule\n\nWithin ten days.")
    with time_machine.travel(datetime(2026, 5, 4, 9, tzinfo=UTC), tick=False):
        standards.rewrite(app, number, body="## Rule\n\nWithin five days.")
    with time_machine.travel(datetime(2026, 7, 6, 9, tzinfo=UTC), tick=False):
        standards.retire(app, number, "Merged into another rule.")
        reader = sign_in()
        address = f"/standards/{number}?as-of="

        first = standards.read(reader, f"{address}2026-03-02")
        last_of_first = standards.read(reader, f"{address}2026-05-03")
        second = standards.read(reader, f"{address}2026-05-04")
        too_early = reader.get(f"{address}2026-03-01")
        too_late = reader.get(f"{address}2026-07-06")

        assert (first.version, last_of_first.version, second.version) == ("1", "1", "2")
        assert "ten days" in first.text
        assert "five days" in second.text
        assert "Mar 2, 2026" in reader.get(f"{address}2026-03-02").text
        assert (too_early.status_code, too_late.status_code) == (404, 404)
        assert "Nothing was in force" in too_early.text


@pytest.mark.parametrize(
    "day", ["tomorrow", "2999-01-01", "0001-01-01", "2026-13-45", "9999-12-31"]
)
def test_a_strange_day_is_no_error(app: Flask, sign_in, day: str) -> None:
    number = standards.in_force(app)

    answer = sign_in().get(f"/standards/{number}?as-of={day}")

    assert answer.status_code == (404 if day == "0001-01-01" else 200)


def test_two_versions_are_compared_word_by_word(app: Flask, sign_in) -> None:
    number = standards.in_force(app, title="Old name", body="## Rule\n\nPay within ten days.")
    it = make.department(app, "IT")
    standards.rewrite(
        app, number, title="New name", body="## Rule\n\nPay within five days.", departments=[it]
    )
    reader = sign_in()

    page = reader.page(f"/standards/{number}/compare?from=1&to=2")
    latest = reader.page(f"/standards/{number}/compare")

    assert [e.text for e in page.all("del")] == ["Old name", "the whole company", "ten"]
    assert [e.text for e in page.all("ins")] == ["New name", "IT", "five"]
    assert page.text == latest.text
    for wrong in ("from=1&to=3", "from=0&to=1", "from=x&to=1", "to=99999999999999999999"):
        assert reader.get(f"/standards/{number}/compare?{wrong}").status_code == 404


def test_a_stale_save_keeps_both_texts(app: Flask, sign_in) -> None:
    number = standards.drafted(app, body="## Rule\n\nTen days.")
    ann, bob = sign_in(make.moderator(app)), sign_in(make.moderator(app))
    hers = standards.fields_of(ann, number)
    his = standards.fields_of(bob, number)
    bob.post(f"/standards/{number}/edit", {**his, "body": "## Rule\n\nFive days, says Bob."})

    refused = ann.post(
        f"/standards/{number}/edit", {**hers, "body": "## Rule\n\nSeven days, says Ann."}
    )

    assert refused.status_code == 409
    page = standards.Document(refused.text)
    assert "Seven days, says Ann." in page.one("textarea", id="body").text
    assert "Five days, says Bob." in page.one("textarea", id="theirs").text
    assert "Bob" in " ".join(e.text for e in page.all("del"))
    [lock] = [e["value"] for e in page.all("input") if e.get("name") == "lock"]
    again = ann.post(f"/standards/{number}/edit", {**hers, "body": "Agreed.", "lock": lock})
    assert again.status_code == 303
    assert "Agreed." in standards.read(ann, f"/standards/{number}").text


@pytest.mark.parametrize("lock", ["", "0", "x", "999999999999"])
def test_a_save_that_does_not_say_what_it_saw_is_stale(app: Flask, sign_in, lock: str) -> None:
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))

    answer = moderator.post(
        f"/standards/{number}/edit", {"title": "Mine", "body": "Mine", "lock": lock}
    )

    assert answer.status_code == 409
    assert "Mine" in answer.text


def test_a_publication_makes_an_open_form_stale(app: Flask, sign_in) -> None:
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)
    standards.publish(app, number)

    assert moderator.post(f"/standards/{number}/edit", fields).status_code == 409
    assert standards.read(moderator, f"/standards/{number}").version == "1"


def test_saving_a_published_standard_begins_its_next_version(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)

    saved = moderator.post(f"/standards/{number}/edit", {**fields, "body": "Another text."})

    assert (saved.status_code, saved.location) == (303, f"/standards/{number}/versions/2")
    assert standards.read(moderator, f"/standards/{number}/versions/2").state == "draft"
    assert standards.read(moderator, f"/standards/{number}").version == "1"


def test_fields_that_were_not_sent_stay_as_they_were(app: Flask, sign_in) -> None:
    finance, head = make.department(app, "Finance"), make.person(app, name="Vera Head")
    number = standards.drafted(app, departments=[finance], owner=head)
    moderator = sign_in(make.moderator(app))
    lock = standards.fields_of(moderator, number)["lock"]

    moderator.post(f"/standards/{number}/edit", {"title": "T", "body": "B", "lock": lock})

    page = moderator.get(f"/standards/{number}").text
    assert "Finance" in page
    assert "Vera Head" in page


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app: Flask, sign_in) -> None:
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)
    wrong: list[dict[str, object]] = [
        {"title": ""},
        {"title": "x" * 201},
        {"body": "y" * 200_001},
        {"owner": "999999"},
        {"owner": "x"},
        {"departments": ["999999"]},
        {"departments": ["x"]},
        {"change": "z" * 501},
        {"body": "", "action": "publish"},
    ]

    for change in wrong:
        answer = moderator.post(
            f"/standards/{number}/edit", {**fields, "body": "Kept text", **change}
        )
        assert answer.status_code == 422, change
        assert "aria-describedby" in answer.text
        assert str(change.get("body", "Kept text"))[:50] in answer.text
    assert standards.read(moderator, f"/standards/{number}").state == "draft"


def test_one_of_two_who_publish_at_once_wins(app: Flask) -> None:
    number = standards.drafted(app)
    people = [make.moderator(app), make.moderator(app)]
    barrier, outcomes = Barrier(2), []

    def publish(person_id: int) -> None:
        with app.app_context():
            standard = standards.by_number(number)
            person = db.session.get_one(Person, person_id)
            barrier.wait()
            try:
                actions.publish(person, standard)
                outcomes.append("published")
            except Conflict:
                outcomes.append("conflict")

    threads = [Thread(target=publish, args=(person_id,)) for person_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict", "published"]
    with app.app_context():
        assert db.session.query(Version).filter_by(state="in_force").count() == 1
        assert db.session.query(Event).filter_by(type="standard.published").count() == 1


def test_two_who_make_standards_at_once_get_two_numbers(app: Flask) -> None:
    owner = make.department(app)
    ideas = [standards.accepted(app, owner=owner) for _each in range(4)]
    barrier, numbers = Barrier(4), []

    def make_standard(idea: int) -> None:
        barrier.wait()
        numbers.append(standards.standardise(app, idea))

    threads = [Thread(target=make_standard, args=(idea,)) for idea in ideas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == ["PS-001", "PS-002", "PS-003", "PS-004"]


def test_two_who_standardise_one_idea_at_once_make_one_standard(app: Flask) -> None:
    idea = standards.accepted(app, owner=make.department(app))
    barrier, numbers = Barrier(3), []

    def make_standard() -> None:
        barrier.wait()
        numbers.append(standards.standardise(app, idea))

    threads = [Thread(target=make_standard) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers == ["PS-001"] * 3


def test_publishing_twice_is_a_conflict(app: Flask, sign_in) -> None:
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))

    first = moderator.post(f"/standards/{number}/publish")
    second = moderator.post(f"/standards/{number}/publish")

    assert (first.status_code, second.status_code) == (303, 409)


def test_publishing_what_one_has_not_seen_is_a_conflict(app: Flask, sign_in) -> None:
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))
    [lock] = {e["value"] for e in moderator.page(f"/standards/{number}").all("input", name_="lock")}
    fields = standards.fields_of(moderator, number)
    sign_in(make.moderator(app)).post(f"/standards/{number}/edit", {**fields, "body": "Other."})

    assert moderator.post(f"/standards/{number}/publish", {"lock": lock}).status_code == 409


def test_a_moderator_writes_a_standard_without_an_idea(app: Flask, sign_in) -> None:
    finance = make.department(app, "Finance")
    moderator = sign_in(make.moderator(app))

    page = moderator.page("/standards/new")
    made = moderator.post(
        "/standards/new",
        {"title": "How we serve each other", "body": "Kindly.", "departments": [str(finance)]},
    )

    assert "## Purpose" in page.one("textarea", id="body").text
    assert (made.status_code, made.location) == (303, "/standards/PS-001")
    assert standards.read(moderator, "/standards/PS-001").state == "draft"
    assert sign_in().get("/standards/new").status_code == 404


def test_a_retired_standard_says_why_and_stays_readable(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body="## Rule\n\nTen days.")
    moderator = sign_in(make.moderator(app))

    empty = moderator.post(f"/standards/{number}/retire", {"why": " "})
    done = moderator.post(f"/standards/{number}/retire", {"why": "The portal does it."})

    assert (empty.status_code, done.status_code) == (422, 303)
    page = sign_in().page(f"/standards/{number}")
    assert "The portal does it." in page.text
    assert "Ten days." in page.text
    assert page.one("article", data_standard=number)["data-state"] == "retired"
    assert moderator.post(f"/standards/{number}/retire", {"why": "Again."}).status_code == 409
    assert moderator.get(f"/standards/{number}/edit").status_code == 409
    assert moderator.post(f"/standards/{number}/publish").status_code == 409
    assert sign_in().post(f"/standards/{number}/acknowledge").status_code == 409
    assert number not in sign_in().get("/standards").text
    assert number in sign_in().get("/standards?state=retired").text


def test_reading_is_confirmed_once_and_counted(app: Flask, sign_in) -> None:
    finance = make.department(app, "Finance")
    reader = sign_in(make.person(app, department=finance))
    make.person(app, department=finance)
    make.person(app)
    number = standards.in_force(app, departments=[finance])

    for _time in range(2):
        answer = reader.post(f"/standards/{number}/acknowledge", {"version": "1"})
        assert answer.status_code == 303

    assert "You read version 1" in reader.get(f"/standards/{number}").text
    assert "1 of 2 people" in sign_in(make.moderator(app)).get(f"/standards/{number}").text
    assert "of 2 people" not in reader.get(f"/standards/{number}").text
    with app.app_context():
        assert db.session.query(Event).filter_by(type="standard.acknowledged").count() == 1


def test_a_new_version_is_unread_again(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    reader = sign_in()
    reader.post(f"/standards/{number}/acknowledge")
    standards.rewrite(app, number, body="Everything is different.")

    page = reader.page(f"/standards/{number}")
    old = reader.post(f"/standards/{number}/acknowledge", {"version": "1"})

    assert "You have read version 1; version 2 is new." in page.text
    assert old.status_code == 409
    assert "I have read version 2" in page.text


@pytest.mark.parametrize(
    "tail", ["", "?as-of=2026-01-01", "/edit", "/versions/1", "/compare?from=1&to=1", ".pdf"]
)
def test_small_letters_lead_to_the_number(app: Flask, sign_in, tail: str) -> None:
    number = standards.in_force(app)

    answer = sign_in().get(f"/standards/{number.lower()}{tail}")

    assert answer.status_code in (301, 302, 303, 308)
    assert answer.location == f"/standards/{number}{tail}"


@pytest.mark.parametrize("number", ["PS-999", "PS-1", "PS", "ps_001", "PS-001'", "ПС-001"])
def test_what_is_no_number_is_not_here(app: Flask, sign_in, number: str) -> None:
    standards.in_force(app)

    assert sign_in().get(f"/standards/{number}").status_code == 404


def test_people_talk_under_a_standard(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    reader, other = sign_in(), sign_in()

    said = reader.post(f"/standards/{number}/comments", {"body": "Does this cover cash?"})
    comment = said.location.rpartition("-")[2]
    replied = other.post(f"/standards/{number}/comments", {"body": "It does.", "parent": comment})
    empty = other.post(f"/standards/{number}/comments", {"body": " "})

    assert said.status_code == replied.status_code == 303
    assert said.location.startswith(f"/standards/{number}#comment-")
    assert empty.status_code == 422
    page = reader.page(f"/standards/{number}")
    assert len(page.all("li", data_comment=True)) == 2
    assert "It does." in page.text
    assert reader.get(f"/comments/{comment}").location == said.location
    assert reader.post(f"/comments/{comment}/delete").status_code == 303
    assert "Does this cover cash?" not in reader.get(f"/standards/{number}").text
