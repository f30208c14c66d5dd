"""Stages that a company adds: who may add them, who moves ideas through them, what shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import Event
from forum.departments.models import Department
from forum.ideas import moving, stage_cards, stage_editing
from forum.ideas.models import Idea, Stage, StageChange
from forum.ideas.stage_editing import Said
from tests.ideas.test_board import BOARD, cards, column, menu, put
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
COLLECTING = {
    "kind": "open",
    "name_en": "Collecting data",
    "name_ru": "Сбор данных",
    "meaning_en": "Somebody counts how often it happens.",
    "meaning_ru": "Кто-то считает, как часто это бывает.",
    "hue": "4",
    "days": "10",
    "enter": ["moderators", "author"],
    "leave": ["moderators", "heads"],
}


def add(app: Flask, kind: str = "open", **said: object) -> int:
    """A stage of a kind, added by nobody in particular."""
    words = {"name_en": "Collecting data", "name_ru": "Сбор данных", **said}
    with app.app_context():
        return stage_editing.add(None, kind, Said(**words)).id  # type: ignore[arg-type]


def slug(app: Flask, stage_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Stage, stage_id).slug


def stage_of(app: Flask, idea_id: int) -> tuple[str, str]:
    with app.app_context():
        idea = db.session.get_one(Idea, idea_id)
        return idea.stage_kind, db.session.get_one(Stage, idea.stage_id).slug


def move(browser: Browser, idea: int, stage: str) -> int:
    return browser.post(f"/ideas/{idea}/move", {"stage": stage}).status_code


def test_an_administrator_adds_a_stage_and_ideas_go_through_it(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)

    added = sign_in(make.admin(app)).post("/admin/stages", COLLECTING)
    browser = sign_in(make.moderator(app))
    moved = move(browser, idea, "collecting-data")

    page = browser.page(BOARD)
    assert (added.status_code, moved) == (303, 303)
    assert stage_of(app, idea) == ("open", "collecting-data")
    assert cards(page, "collecting-data") == [idea]
    assert cards(page, "open") == []
    assert "Somebody counts how often it happens." in column(page, "collecting-data").text
    with app.app_context():
        steps = db.session.execute(select(StageChange.to_kind, Stage.slug).join(Stage)).all()
        assert [tuple(step) for step in steps] == [("open", "collecting-data")]
        event = db.session.scalars(select(Event).where(Event.type == "idea.restaged")).one()
        assert event.payload.keys() == {"stage"}


def test_the_rules_go_by_the_kind(app: Flask, sign_in: SignIn) -> None:
    add(app)
    department, representative = make.represented(app)
    idea = make.idea(app, departments=[department])
    moderator = sign_in(make.moderator(app))
    move(moderator, idea, "collecting-data")

    voted = sign_in().post(f"/ideas/{idea}/vote").status_code
    answered = sign_in(representative).post(
        f"/ideas/{idea}/answers/{department}", {"answer": "helps"}
    )
    decided = moderator.post(
        f"/ideas/{idea}/decision", {"decision": "accept", "reason": "It saves days."}
    )

    assert (voted, answered.status_code, decided.status_code) == (303, 303, 303)
    assert stage_of(app, idea) == ("accepted", "accepted")


def test_its_name_and_colour_stand_wherever_the_stage_does(app: Flask, sign_in: SignIn) -> None:
    add(app, hue=4)
    idea = make.idea(app)
    move(sign_in(make.moderator(app)), idea, "collecting-data")
    english, russian = sign_in(), sign_in(locale="ru")

    for address in ("/ideas", f"/ideas/{idea}", "/ideas?stage=collecting-data"):
        page = english.page(address)
        assert page.all("span", class_="hue-4"), address
        assert "Collecting data" in page.text
        assert "Сбор данных" in russian.get(address).text


def test_a_kind_is_filtered_with_all_its_stages_and_each_alone(app: Flask, sign_in: SignIn) -> None:
    add(app)
    plain, collecting = make.idea(app), make.idea(app)
    browser = sign_in(make.moderator(app))
    move(browser, collecting, "collecting-data")

    def listed(stage: str) -> set[int]:
        page = browser.page(f"/ideas?stage={stage}")
        return {int(row["data-idea"]) for row in page.all("article", data_idea=True)}

    assert listed("open") == {plain, collecting}
    assert listed("collecting-data") == {collecting}


def test_authors_and_heads_move_an_idea_only_where_a_stage_lets_them(
    app: Flask, sign_in: SignIn
) -> None:
    author, head = make.person(app), make.person(app)
    department = make.department(app, head_id=head)
    idea = make.idea(app, author, departments=[department])
    elsewhere = make.idea(app)
    with app.app_context():
        first = db.session.scalars(select(Stage).where(Stage.slug == "open")).one()
        both = ("moderators", "heads", "author")
        stage_editing.change(None, first, Said("", "", enter=both, leave=both))
    add(app, enter=("author",), leave=("heads",))

    assert move(sign_in(head), idea, "collecting-data") == 403
    assert move(sign_in(author), idea, "collecting-data") == 303
    assert move(sign_in(author), idea, "open") == 403
    assert move(sign_in(make.moderator(app)), idea, "open") == 403
    assert move(sign_in(head), idea, "open") == 303
    assert move(sign_in(head), elsewhere, "collecting-data") == 403


def test_a_menu_offers_what_may_be_done_and_nothing_else(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    idea, _other = make.idea(app, author), make.idea(app)
    with app.app_context():
        first = db.session.scalars(select(Stage).where(Stage.slug == "open")).one()
        stage_editing.change(None, first, Said("", "", leave=("moderators", "author")))
    add(app, enter=("author",), leave=("author",))

    mine = sign_in(author).page(BOARD)

    assert set(menu(mine, idea)) == {"Collecting data"}
    assert len(mine.all("div", class_="board-card")) == 0
    assert len([d for d in mine.all("div", popover=True) if d["id"].startswith("move-")]) == 1
    beside = sign_in(author).page(f"/ideas/{idea}")
    assert [b["value"] for b in beside.all("button", formaction=f"/ideas/{idea}/move")] == [
        "collecting-data"
    ]


def test_a_stage_says_how_many_working_days_too_long(app: Flask, sign_in: SignIn) -> None:
    add(app, days=10)
    with time_machine.travel("2026-03-02T09:00:00Z"):  # a Monday
        idea = make.idea(app)
        move(sign_in(make.moderator(app)), idea, "collecting-data")

    with time_machine.travel("2026-03-16T09:00:00Z"):
        assert "over the time allowed" not in sign_in(make.moderator(app)).get(BOARD).text
    with time_machine.travel("2026-03-19T09:00:00Z"):
        later = sign_in(make.moderator(app))
        assert "3 working days over the time allowed" in later.get(BOARD).text
        assert "3 working days over the time allowed" in later.get(f"/ideas/{idea}").text


def test_only_administrators_touch_stages(app: Flask, sign_in: SignIn) -> None:
    stage = add(app)

    for reader in (make.moderator(app), make.person(app)):
        browser = sign_in(reader)
        for address in ("/admin/stages", f"/admin/stages/{stage}"):
            assert browser.get(address).status_code == 404
        for act in ("", "/order", "/remove", "/restore"):
            assert browser.post(f"/admin/stages/{stage}{act}").status_code == 404
        assert browser.post("/admin/stages", COLLECTING).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "merged"),
        ("kind", ""),
        ("name_en", ""),
        ("name_ru", ""),
        ("name_en", "x" * 41),
        ("meaning_ru", "x" * 501),
        ("hue", "12"),
        ("days", "0"),
        ("days", "many"),
        ("enter", []),
        ("leave", ["strangers"]),
    ],
)
def test_a_stage_that_cannot_be_is_refused_at_its_field(
    app: Flask, sign_in: SignIn, field: str, value: object
) -> None:
    answer = sign_in(make.admin(app)).post("/admin/stages", {**COLLECTING, field: value})

    page = Document(answer.text)
    assert answer.status_code == 422
    assert page.all("p", class_="error")
    with app.app_context():
        assert not stage_cards.added()


def test_a_renamed_stage_keeps_its_address(app: Flask, sign_in: SignIn) -> None:
    stage, idea = add(app), make.idea(app)
    move(sign_in(make.moderator(app)), idea, "collecting-data")

    sign_in(make.admin(app)).post(
        f"/admin/stages/{stage}", {**COLLECTING, "name_en": "Counting", "name_ru": "Подсчёт"}
    )

    assert "Counting" in sign_in().get(f"/ideas/{idea}").text
    assert slug(app, stage) == "collecting-data"


def test_a_stage_of_ours_can_be_renamed_and_given_back(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(make.admin(app))
    with app.app_context():
        ours = db.session.scalars(select(Stage.id).where(Stage.slug == "review")).one()
    idea = make.idea(app)
    make.idea(app)
    move(sign_in(make.moderator(app)), idea, "review")
    renamed = {**COLLECTING, "name_en": "In committee", "name_ru": "В комиссии"}

    browser.post(f"/admin/stages/{ours}", renamed)
    assert "In committee" in sign_in().get("/ideas").text
    browser.post(f"/admin/stages/{ours}", {**renamed, "name_en": "", "name_ru": ""})

    assert "In review" in sign_in().get("/ideas").text
    assert browser.post(f"/admin/stages/{ours}/remove").status_code == 409


def test_a_stage_that_holds_ideas_goes_only_with_a_place_for_them(
    app: Flask, sign_in: SignIn
) -> None:
    stage, idea = add(app), make.idea(app)
    move(sign_in(make.moderator(app)), idea, "collecting-data")
    browser = sign_in(make.admin(app))
    with app.app_context():
        first = db.session.scalars(select(Stage.id).where(Stage.slug == "open")).one()
        review = db.session.scalars(select(Stage.id).where(Stage.slug == "review")).one()

    refused = browser.post(f"/admin/stages/{stage}/remove")
    wrong = browser.post(f"/admin/stages/{stage}/remove", {"to": review})
    done = browser.post(f"/admin/stages/{stage}/remove", {"to": first})

    assert (refused.status_code, wrong.status_code, done.status_code) == (409, 422, 303)
    assert stage_of(app, idea) == ("open", "open")
    assert move(sign_in(make.moderator(app)), idea, "collecting-data") == 422
    assert "Collecting data" in sign_in().get(f"/ideas/{idea}").text  # its history


def test_a_removed_stage_comes_back_with_one_tap(app: Flask, sign_in: SignIn) -> None:
    stage, browser = add(app), sign_in(make.admin(app))
    make.idea(app)

    browser.post(f"/admin/stages/{stage}/remove")
    assert "Collecting data" not in sign_in().get(BOARD).text
    browser.post(f"/admin/stages/{stage}/restore")

    assert "Collecting data" in sign_in().get(BOARD).text


def test_stages_of_a_kind_change_places(app: Flask, sign_in: SignIn) -> None:
    add(app)
    second = add(app, name_en="Trying out", name_ru="Проба")
    browser = sign_in(make.admin(app))

    def order() -> list[str]:
        with app.app_context():
            return [card.slug for card in stage_cards.in_use() if card.kind == "open"]

    assert order() == ["open", "collecting-data", "trying-out"]
    browser.post(f"/admin/stages/{second}/order", {"to": "earlier"})
    assert order() == ["open", "trying-out", "collecting-data"]
    browser.post(f"/admin/stages/{second}/order", {"to": "later"})
    browser.post(f"/admin/stages/{second}/order", {"to": "later"})
    assert order() == ["open", "collecting-data", "trying-out"]


def test_a_stage_removed_while_an_idea_is_moved_there_lets_nothing_in(app: Flask) -> None:
    stage, idea_id, moderator = add(app), make.idea(app), make.moderator(app)
    admin_id = make.admin(app)
    with app.app_context():
        card = stage_cards.every()[stage]
        admin = db.session.get_one(Person, admin_id)
        stage_editing.remove(admin, db.session.get_one(Stage, stage))
    with app.app_context():
        person, idea = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea_id)
        with pytest.raises(Conflict, match="removed"):
            moving.move_to(person, idea, card)
    assert stage_of(app, idea_id) == ("open", "open")


def test_two_stages_of_a_final_kind_keep_what_was_decided(app: Flask, sign_in: SignIn) -> None:
    add(app, "declined", name_en="Not now", name_ru="Не сейчас")
    idea, browser = make.idea(app), sign_in(make.moderator(app))
    make.decide(app, idea, "decline")

    assert move(browser, idea, "not-now") == 303
    assert move(browser, idea, "open") == 409

    page = browser.page(f"/ideas/{idea}")
    assert "Not now" in page.text
    assert page.all("div", class_="decision") or page.all("section", class_="decision")


def test_a_consultant_moves_nothing_they_do_not_see(app: Flask, sign_in: SignIn) -> None:
    add(app, enter=("heads",), leave=("heads",))
    mine, other = make.department(app), make.department(app)
    hidden = make.idea(app, departments=[other])
    consultant = make.person(app, kind="consultant", attached=[mine])
    with app.app_context(), transaction():
        db.session.get_one(Department, mine).head_id = consultant

    assert move(sign_in(consultant), hidden, "collecting-data") == 404


def test_the_board_with_added_stages_pins_its_cost(app: Flask, sign_in: SignIn) -> None:
    from tests.ideas.test_pages import cost

    for number in range(3):
        add(app, name_en=f"Step {number}", name_ru=f"Шаг {number}", enter=("heads",))
    put(app, make.idea(app, departments=[make.department(app)]), "review")

    assert cost(app, sign_in(make.moderator(app)), BOARD) <= 7  # and which departments one heads
