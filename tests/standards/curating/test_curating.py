"""Looking after many standards: valid together, handed over, spread, reworded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core import readers
from forum.core.calendar import is_working
from forum.core.clock import now, today
from forum.core.db import db, end_read, transaction
from forum.standards.curating import spreading
from forum.standards.models import Version
from forum.standards.review.intervals import add_months
from tests.notifications.inboxes import catch_up, news_of
from tests.standards import standards
from tests.standards.review.test_reviews import due_of, make_due
from tests.support import make

ADDRESS = "/standards/curating"


def id_of(app: Flask, number: str) -> str:
    with app.app_context():
        return str(standards.by_number(number).id)


def listed(browser, part: str = "") -> list[str]:
    page = browser.page(f"{ADDRESS}{part}")
    rows = [*page.all("tr", data_standard=True), *page.all("li", data_standard=True)]
    return [e["data-standard"] for e in rows]


def test_only_moderators_look_after_standards(app: Flask, sign_in) -> None:
    browser = sign_in()

    for part in ("", "/owners", "/dates", "/words", "/links"):
        assert browser.get(f"{ADDRESS}{part}").status_code == 404
    for part in ("", "/owners", "/dates", "/words"):
        assert browser.post(f"{ADDRESS}{part}", {"standards": "1"}).status_code == 404


def test_what_is_due_within_a_month_is_listed_the_latest_first(app: Flask, sign_in) -> None:
    late, soon, _far = (standards.in_force(app) for _each in range(3))
    make_due(app, soon, 20)
    make_due(app, late, -20)

    assert listed(sign_in(make.moderator(app))) == [late, soon]


def test_several_are_valid_as_they_are_and_that_is_taken_back(app: Flask, sign_in) -> None:
    numbers = [standards.in_force(app) for _each in range(3)]
    for number in numbers:
        make_due(app, number, 5)
    moderator = sign_in(make.moderator(app))

    answer = moderator.post(ADDRESS, {"standards": [id_of(app, each) for each in numbers[:2]]})

    assert answer.location == ADDRESS
    page = moderator.get(ADDRESS).text
    undo = page.split('formaction="')[1].split('"')[0]
    assert "2 standards are valid as they are" in page
    later, soon = add_months(today(), 12), today() + timedelta(days=5)
    assert [due_of(app, each) for each in numbers] == [later, later, soon]
    moderator.post(undo)
    assert [due_of(app, each) for each in numbers] == [soon] * 3


def test_what_one_wrote_alone_is_left_out_and_told(app: Flask, sign_in) -> None:
    author = make.moderator(app)
    mine, other = standards.in_force(app, by=author), standards.in_force(app)
    make_due(app, mine, 5)
    make_due(app, other, 5)
    moderator = sign_in(author)

    moderator.post(ADDRESS, {"standards": [id_of(app, mine), id_of(app, other)]})

    page = moderator.page(ADDRESS)
    assert f"{mine}: You alone wrote this version" in " ".join(page.text.split())
    assert due_of(app, mine) == today() + timedelta(days=5)
    assert due_of(app, other) == add_months(today(), 12)


def test_what_was_reviewed_since_the_list_was_shown_is_left_and_told(app: Flask, sign_in) -> None:
    moved, dateless, same = numbers = [standards.in_force(app) for _each in range(3)]
    for number, days in ((moved, 5), (same, 6)):
        make_due(app, number, days)
    with app.app_context(), transaction():
        standards.by_number(dateless).review_on = None
    moderator = sign_in(make.moderator(app))
    boxes = moderator.page(ADDRESS).all("input", type="checkbox")
    chosen = [e["value"] for e in boxes if e.get("name") == "standards"]
    make_due(app, moved, 9)

    moderator.post(ADDRESS, {"standards": chosen})

    page = " ".join(moderator.page(ADDRESS).text.split())
    assert f"{moved}: Somebody has just reviewed this standard" in page
    later = add_months(today(), 12)
    assert [due_of(app, each) for each in numbers] == [today() + timedelta(days=9), later, later]


@pytest.mark.parametrize("day", ["x", "2026-02-30", "9999-01-01", ""])
def test_a_day_that_nobody_was_shown_reviews_nothing(app: Flask, sign_in, day: str) -> None:
    number = standards.in_force(app)
    make_due(app, number, 5)

    sign_in(make.moderator(app)).post(ADDRESS, {"standards": f"{id_of(app, number)}:{day}"})

    assert due_of(app, number) == today() + timedelta(days=5)


def test_nothing_chosen_is_said(app: Flask, sign_in) -> None:
    make_due(app, standards.in_force(app), 5)

    answer = sign_in(make.moderator(app)).post(ADDRESS, {})

    assert answer.status_code == 422
    assert "Choose at least one standard" in answer.text


def test_standards_of_those_who_left_are_handed_over_together(app: Flask, sign_in) -> None:
    finance = make.department(app)
    gone, heir = make.person(app), make.person(app, department=finance)
    numbers = [standards.in_force(app, owner=gone) for _each in range(2)]
    standards.in_force(app, owner=heir)
    with app.app_context(), transaction():
        db.session.get_one(Person, gone).deactivated_at = now()
    moderator = sign_in(make.moderator(app))
    assert listed(moderator, "/owners") == numbers

    ids = [id_of(app, each) for each in numbers]
    moderator.post(f"{ADDRESS}/owners", {"standards": ids, "owner": str(heir)})
    catch_up(app)

    assert listed(moderator, "/owners") == []
    assert "standard-given" in news_of(app, heir)
    assert sign_in(heir).get(f"/standards/{numbers[0]}/edit").status_code == 200
    with app.app_context():
        given = standards.by_number(numbers[0])
        assert (given.owner_id, given.owner_department_id) == (heir, finance)
        [version] = db.session.query(Version).filter_by(standard_id=given.id)
        assert version.owner_id == heir


def test_a_handover_ends_what_the_deputy_of_the_owner_before_may(app: Flask, sign_in) -> None:
    owner, deputy, heir = (make.person(app) for _each in range(3))
    number = standards.in_force(app, owner=owner)
    with app.app_context(), transaction():
        standards.by_number(number).deputy_id = deputy
    moderator = sign_in(make.moderator(app))

    for to, status in ((owner, 200), (heir, 403)):
        moderator.post(f"{ADDRESS}/owners", {"standards": id_of(app, number), "owner": str(to)})
        assert sign_in(deputy).get(f"/standards/{number}/edit").status_code == status


def test_a_handover_stops_who_is_editing_with_both_texts(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    heir, moderator = make.person(app), sign_in(make.moderator(app))
    fields = standards.fields_of(moderator, number)
    moderator.post(f"{ADDRESS}/owners", {"standards": id_of(app, number), "owner": str(heir)})

    assert moderator.post(f"/standards/{number}/edit", fields).status_code == 409


@pytest.mark.parametrize("owner", ["", "987654"])
def test_nobody_who_is_not_here_gets_a_standard(app: Flask, sign_in, owner: str) -> None:
    number = standards.in_force(app)

    answer = sign_in(make.moderator(app)).post(
        f"{ADDRESS}/owners", {"standards": id_of(app, number), "owner": owner}
    )

    assert answer.status_code == 422
    assert "Choose an owner from the list" in answer.text


def test_review_dates_are_spread_as_the_preview_showed_them(app: Flask, sign_in) -> None:
    numbers = [standards.in_force(app) for _each in range(6)]
    moderator = sign_in(make.moderator(app))
    preview = moderator.page(f"{ADDRESS}/dates?months=6&which=all")
    sent = {e["name"]: e["value"] for e in preview.all("input", type="hidden") if "name" in e}

    answer = moderator.post(f"{ADDRESS}/dates", sent)

    days = [due_of(app, number) for number in numbers]
    assert answer.status_code == 303
    assert days == sorted(set(days))
    assert days[0] <= today() + timedelta(days=8)
    assert add_months(today(), 4) < days[-1] <= add_months(today(), 6) + timedelta(days=4)
    with app.app_context():
        assert all(is_working(day) for day in days)


def test_only_late_ones_and_those_without_a_day_may_be_spread(app: Flask, sign_in) -> None:
    late, far = standards.in_force(app), standards.in_force(app)
    make_due(app, late, -40)

    assert listed(sign_in(make.moderator(app)), "/dates?months=6&which=late") == [late]
    assert due_of(app, far) == add_months(today(), 12)


def test_a_plan_that_would_come_out_otherwise_is_not_carried_out(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    with app.app_context():
        seen = spreading.plan(6, "all").digest
    make_due(app, number, 40)

    answer = moderator.post(f"{ADDRESS}/dates", {"months": "6", "which": "all", "seen": seen})

    assert answer.status_code == 409
    assert due_of(app, number) == today() + timedelta(days=40)


def test_a_review_made_while_days_are_spread_keeps_its_day(
    app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed, other = standards.in_force(app), standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    preview = moderator.page(f"{ADDRESS}/dates?months=6&which=all")
    sent = {e["name"]: e["value"] for e in preview.all("input", type="hidden") if "name" in e}
    planned = spreading.plan

    def overtaken(*asked: Any) -> spreading.Plan:
        found = planned(*asked)
        end_read()
        with transaction():
            standards.by_number(reviewed).review_on = add_months(today(), 24)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(spreading, "plan", overtaken)
        moderator.post(f"{ADDRESS}/dates", sent)

    assert due_of(app, reviewed) == add_months(today(), 24)
    assert due_of(app, other) < add_months(today(), 12)
    page = moderator.page(f"{ADDRESS}/dates").text
    assert "1 date moved." in page
    assert "1 date is left: somebody changed it meanwhile." in page


@pytest.mark.parametrize("months", ["0", "121", "x"])
def test_an_impossible_cycle_is_said(app: Flask, sign_in, months: str) -> None:
    standards.in_force(app)

    page = sign_in(make.moderator(app)).page(f"{ADDRESS}/dates?months={months}")

    assert "Between 1 and 120 months" in page.text


def test_broken_links_are_listed(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body="## A\n\n[x](/standards/PS-987)")
    with app.app_context():
        readers.catch_up()
    moderator = sign_in(make.moderator(app))

    page = moderator.page(f"{ADDRESS}/links")

    assert listed(moderator, "/links") == [number]
    assert "leads to PS-987: there is no such standard" in " ".join(page.text.split())


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize("part", ["", "/owners", "/dates", "/words?old=IT&new=Us", "/links"])
def test_a_list_costs_the_same_whatever_the_rows(
    app: Flask, sign_in, queries, rows: int, part: str
) -> None:
    for _each in range(rows):
        make_due(app, standards.in_force(app, body="## A\n\nIT [x](/standards/PS-987)"), 3)
    with app.app_context():
        readers.catch_up()
    moderator = sign_in(make.moderator(app))
    moderator.get(f"{ADDRESS}{part}")

    with queries(3 if part == "/owners" else 2):  # the reader, the rows, who may own
        moderator.get(f"{ADDRESS}{part}")
