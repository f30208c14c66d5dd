"""The board: which ideas stand in which column, what it costs, and moving one from there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core.db import db, transaction
from forum.ideas import board
from forum.ideas.models import Idea, StageKind
from forum.ideas.stages import stage_id
from tests.ideas.test_pages import cost
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, Element

SignIn = Callable[..., Browser]
BOARD = "/ideas?view=board"
COST = 6  # the reader, the departments, counts, cards, their departments, who answers for whom


def put(app: Flask, idea_id: int, kind: str) -> int:
    """Put an idea where only a longer way leads."""
    with app.app_context(), transaction():
        values = {"stage_kind": kind, "stage_id": stage_id(kind)}
        db.session.execute(update(Idea).where(Idea.id == idea_id).values(**values))
    return idea_id


def column(page: Document, slug: str) -> Element:
    return page.one("section", data_column=slug)


def inside(page: Document, element: Element, tag: str) -> list[Element]:
    return [found for found in page.all(tag) if element in found.inside]


def cards(page: Document, slug: str) -> list[int]:
    found = inside(page, column(page, slug), "li")
    return [int(card["data-idea"]) for card in found if "data-idea" in card]


def counted(page: Document, slug: str) -> list[str]:
    return next(
        span.text.split()
        for span in inside(page, column(page, slug), "span")
        if span.get("class") == "count"
    )


def onward(page: Document, slug: str = "open") -> str:
    """Where more of a column is; empty where there is none."""
    links = [a["href"] for a in inside(page, column(page, slug), "a") if a.get("rel") == "next"]
    return links[0].partition("#")[0] if links else ""


def test_every_idea_stands_in_the_column_of_its_stage(app: Flask, sign_in: SignIn) -> None:
    kinds = [kind for kind in StageKind if kind != StageKind.DRAFT]
    author = make.person(app)
    ideas = {str(kind): put(app, make.idea(app, author), kind) for kind in kinds}
    make.idea(app, author, draft=True)

    page = sign_in(author).page(BOARD)

    assert {kind: cards(page, kind) for kind in ideas} == {k: [i] for k, i in ideas.items()}


def test_a_column_without_ideas_is_folded(app: Flask, sign_in: SignIn) -> None:
    make.idea(app)

    page = sign_in().page(BOARD)

    assert "bare" not in column(page, "open")["class"]
    assert "bare" in column(page, "declined")["class"]


def test_the_filters_of_the_list_apply_and_stay_in_the_address(app: Flask, sign_in: SignIn) -> None:
    it = make.department(app, slug="it", name="IT")
    touched, _other = make.idea(app, departments=[it]), make.idea(app)
    browser = sign_in()

    page = browser.page(BOARD + "&affected=it&sort=supported")

    assert cards(page, "open") == [touched]
    chips = [link["href"] for link in page.all("a") if "Waiting" in link.text]
    assert chips == ["/ideas?affected=it&waiting=1&sort=supported&view=board"]


def test_a_stage_alone_is_a_board_of_one_column(app: Flask, sign_in: SignIn) -> None:
    make.idea(app)

    page = sign_in().page(BOARD + "&stage=open")

    assert [each["data-column"] for each in page.all("section") if each.get("data-column")] == [
        "open"
    ]


def test_a_column_is_paged_by_itself(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    ideas = [make.idea(app, author) for _ in range(board.SIZE + 3)]
    settled = put(app, make.idea(app, author), "done")
    browser = sign_in()

    first = browser.page(BOARD)
    second = browser.page(onward(first))

    assert cards(first, "open") + cards(second, "open") == ideas[::-1]
    assert cards(second, "done") == [settled]
    assert "Start" in column(second, "open").text


def test_more_of_a_column_comes_alone_and_says_how_much(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    ideas = [make.idea(app, author) for _ in range(board.SIZE + 2)]
    browser = sign_in()

    answer = browser.get(onward(browser.page(BOARD)), headers={"HX-Request": "true"})

    part = Document(answer.text)
    assert "<html" not in answer.text
    assert [int(c["data-idea"]) for c in part.all("li") if c.get("data-idea")] == ideas[1::-1]
    assert "2 more ideas" in answer.text


@pytest.mark.parametrize("sort", ["new", "supported", "active", "balanced"])
def test_every_order_pages_through_everything_once(app: Flask, sign_in: SignIn, sort: str) -> None:
    author = make.person(app)
    ideas = {make.idea(app, author) for _ in range(2 * board.SIZE + 1)}
    browser, found, address = sign_in(), [], f"{BOARD}&sort={sort}"

    while address:
        page = browser.page(address)
        found += cards(page, "open")
        address = onward(page)

    assert sorted(found) == sorted(ideas)


@pytest.mark.parametrize("length", [1, 25])
def test_the_board_costs_the_same_however_full(app: Flask, sign_in: SignIn, length: int) -> None:
    departments = [make.department(app), make.department(app)]
    author = make.person(app)
    for number in range(length):
        idea = make.idea(app, author, departments=departments)
        put(app, idea, ("open", "review", "accepted", "done")[number % 4])

    for reader in (make.moderator(app), make.person(app)):
        assert cost(app, sign_in(reader), BOARD) <= COST
        assert cost(app, sign_in(reader), BOARD + "&waiting=1&sort=balanced") <= COST


def test_a_consultants_board_holds_and_counts_only_what_they_see(
    app: Flask, sign_in: SignIn
) -> None:
    mine, other = make.department(app), make.department(app)
    seen = make.idea(app, departments=[mine])
    make.idea(app, departments=[other])
    put(app, make.idea(app, departments=[other]), "declined")

    page = sign_in(make.person(app, kind="consultant", attached=[mine])).page(BOARD)

    assert cards(page, "open") == [seen]
    assert counted(page, "open") == ["1", "idea"]
    assert counted(page, "declined") == ["0", "ideas"]


def menu(page: Document, idea_id: int) -> dict[str, str]:
    """Where a card's menu leads, by what it says."""
    found = page.one("div", id=f"move-{idea_id}")
    buttons, links = inside(page, found, "button"), inside(page, found, "a")
    taps = {b.text.strip(): f"{b['formaction']} {b['value']}" for b in buttons}
    return taps | {a.text.strip(): a["href"] for a in links}


def test_moderators_move_a_card_where_the_table_says(app: Flask, sign_in: SignIn) -> None:
    is_open = make.idea(app)
    in_review = put(app, make.idea(app), "review")
    accepted = put(app, make.idea(app), "accepted")
    declined = put(app, make.idea(app), "declined")

    page = sign_in(make.moderator(app)).page(BOARD)

    at = f"/ideas/{is_open}"
    assert menu(page, is_open) == {
        "In review": f"{at}/move review",
        "Accepted…": f"{at}#decide",
        "Declined…": f"{at}#decide",
    }
    assert set(menu(page, in_review)) == {"Open", "Accepted…", "Declined…"}
    assert set(menu(page, accepted)) == {"Became a standard…", "Done…"}
    assert not page.all("div", id=f"move-{declined}")


def test_others_and_authors_get_no_menu(app: Flask, sign_in: SignIn) -> None:
    moderator = make.moderator(app)
    make.idea(app, moderator)

    for reader in (moderator, make.person(app)):
        assert "Move to" not in sign_in(reader).get(BOARD).text


def test_one_tap_moves_and_another_takes_it_back(app: Flask, sign_in: SignIn) -> None:
    idea, browser = make.idea(app), sign_in(make.moderator(app))
    from_board = {"Referer": f"http://localhost{BOARD}&sort=active"}

    moved = browser.post(f"/ideas/{idea}/move", {"stage": "review"}, headers=from_board)
    after = browser.page(moved.headers["Location"])
    undo = next(
        b["formaction"] for b in after.all("button", formaction=True) if "/move?" in b["formaction"]
    )
    browser.post(undo)

    assert moved.headers["Location"] == f"{BOARD}&sort=active"
    assert cards(after, "review") == [idea]
    assert cards(browser.page(BOARD), "open") == [idea]


def test_a_step_that_wants_words_leads_to_them(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)

    answer = sign_in(make.moderator(app)).post(f"/ideas/{idea}/move", {"stage": "accepted"})

    assert answer.headers["Location"] == f"/ideas/{idea}#decide"
    assert 'data-stage="open"' in sign_in().get(f"/ideas/{idea}").text


ALLOWED = {
    ("open", "review"),
    ("review", "open"),
    *((before, after) for before in ("open", "review") for after in ("accepted", "declined")),
    ("accepted", "standardised"),
    ("accepted", "done"),
}
LISTED = [str(kind) for kind in StageKind if kind != StageKind.DRAFT]


@pytest.mark.parametrize("before", LISTED)
def test_every_step_not_in_the_table_is_refused_with_the_reason(
    app: Flask, sign_in: SignIn, before: str
) -> None:
    idea, browser = put(app, make.idea(app), before), sign_in(make.moderator(app))

    for after in (*LISTED, "draft", "nonsense"):
        if (before, after) in ALLOWED or before == after:
            continue
        answer = browser.post(f"/ideas/{idea}/move", {"stage": after})

        assert answer.status_code == (422 if after in ("draft", "nonsense") else 409), after
        assert Document(answer.text).one("div", class_="error").text.strip(), after
        assert f'data-stage="{before}"' in answer.text


def test_who_may_not_decide_may_not_move(app: Flask, sign_in: SignIn) -> None:
    moderator = make.moderator(app)
    own, other = make.idea(app, moderator), make.idea(app)

    assert sign_in(moderator).post(f"/ideas/{own}/move", {"stage": "review"}).status_code == 403
    assert sign_in().post(f"/ideas/{other}/move", {"stage": "review"}).status_code == 403


def test_an_idea_that_has_moved_meanwhile_stays_where_it_is(app: Flask, sign_in: SignIn) -> None:
    idea, browser = put(app, make.idea(app), "declined"), sign_in(make.moderator(app))

    answer = browser.post(f"/ideas/{idea}/move", {"stage": "review"})

    assert answer.status_code == 409
    assert "that is where its way ends" in answer.text
