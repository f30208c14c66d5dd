"""How each promise was before: the newest survey that told of it, and not one of years ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Service, ServiceState
from forum.surveys.change.measuring import LATELY
from forum.surveys.models import Purpose, WaveService
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company
from tests.surveys.test_change import baselines, idea, into_force, planned, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]
LOW, HIGH, SIX = [1] * 10 + [2] * 10, [4] * 10 + [5] * 10, [3, 4, 3, 4, 3, 4]


def told(app: Flask, said: waves.Said, *, days_ago: float, title: str) -> int:
    return waves.wave(app, said, closed_at=now() - timedelta(days=days_ago), title=title)


def sides(browser: Browser, idea: int) -> list[tuple[str, ...]]:
    """Before, after and the verdict of each promise, as the idea's page tells them."""
    cells = [" ".join(c.text.split()) for c in browser.page(f"/ideas/{idea}").all("td")]
    return [tuple(cells[row + 1 : row + 4]) for row in range(0, len(cells), 4)]


def test_a_service_is_compared_with_the_newest_survey_that_told_of_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    """Though another told of more services, four years ago."""
    help_desk, phones = company["help"], company["phones"]
    old = {help_desk: {"quality": LOW}, phones: {"quality": SIX}}
    told(app, old, days_ago=4 * 365, title="Four years ago")
    new = {help_desk: {"quality": HIGH}, phones: {"quality": [3] * 4}}
    newest = told(app, new, days_ago=20, title="Last month")
    promise(app, sign_in, idea, help_desk, phones)

    into_force(app, idea)

    asked = planned(app)[0]
    with app.app_context():
        assert baselines(idea) == [newest, asked.id]
        query = select(WaveService.service_id).where(WaveService.wave_id == asked.id)
        assert list(db.session.scalars(query)) == [phones]
    assert asked.purpose == Purpose.BASELINE
    waves.wave(app, {help_desk: {"quality": HIGH}}, purpose=Purpose.AFTER, idea_id=idea)
    first, second = sides(sign_in(make.person(app)), idea)
    assert first[0].startswith("4.5")
    assert "Last month, ended" in first[0]
    assert first[2] == "= no clear change"
    assert second[0].startswith("asked until")
    assert "Four years ago" not in str((first, second))


def test_each_promise_has_its_own_survey_before_and_is_told_with_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    help_desk, phones = company["help"], company["phones"]
    spring = {help_desk: {"quality": LOW, "clarity": LOW}, phones: {"quality": LOW}}
    first = told(app, spring, days_ago=90, title="Spring")
    second = told(app, {help_desk: {"quality": HIGH}}, days_ago=20, title="Summer")
    promise(app, sign_in, idea, help_desk, phones, items=("quality", "clarity"))

    into_force(app, idea)

    asked = planned(app)[0].id
    with app.app_context():
        assert baselines(idea) == [second, first, first, asked]
    after = {"quality": HIGH, "clarity": HIGH}
    said = {help_desk: after, phones: after}
    wave = waves.wave(app, said, purpose=Purpose.AFTER, idea_id=idea, baseline_id=asked)
    reader = sign_in(make.person(app))
    verdicts = {side[2] for side in sides(reader, idea)}
    assert verdicts == {"= no clear change", "↑ better", "– too few answers"}
    library = reader.page("/surveys/changes")
    for number, title in ((first, "Spring"), (second, "Summer")):
        links = library.all("a", href=f"/surveys/{number}/results")
        assert {link.text for link in links} == {title}
    whence = reader.page(f"/surveys/{wave}").one("p", data_whence=True)
    assert "the surveys before: Spring, Summer, Before: " in whence.text


def test_the_survey_after_draws_its_service_from_the_one_it_is_compared_with(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    told(app, {company["help"]: {"quality": LOW}}, days_ago=20, title="Summer")
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    said = {company["help"]: {"quality": HIGH}}
    wave = waves.wave(app, said, purpose=Purpose.AFTER, idea_id=idea, title="Afterwards")

    page = sign_in(make.person(app)).page(f"/surveys/{wave}/results")

    rows = [row.text[:6] for row in page.all("tr") if row.text.startswith(("Summer", "After"))]
    assert rows == ["Summer", "Afterw"]


@pytest.mark.parametrize(("days", "counts"), [(-1, True), (1, False)])
def test_what_was_asked_more_than_a_year_and_a_month_ago_is_no_baseline(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int, days: int, counts: bool
) -> None:
    age = LATELY.days + days
    old = told(app, {company["help"]: {"quality": LOW}}, days_ago=age, title="Long ago")
    promise(app, sign_in, idea, company["help"])

    into_force(app, idea)

    with app.app_context():
        assert (baselines(idea) == [old]) is counts
    purposes = [wave.purpose for wave in planned(app)]
    assert purposes == ["baseline", "after", "after"][counts:]


def test_where_nothing_was_measured_lately_the_page_says_so(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    told(app, {company["help"]: {"quality": LOW}}, days_ago=500, title="Long ago")
    promise(app, sign_in, idea, company["help"])
    reader = sign_in(make.person(app))
    assert sides(reader, idea)[0][0] == "taken once its standard is in force"
    into_force(app, idea)
    sign_in(make.moderator(app)).post(f"/surveys/{planned(app)[0].id}/cancel")
    said = {company["help"]: {"quality": HIGH}}
    waves.wave(app, said, purpose=Purpose.AFTER, idea_id=idea)

    before, after, verdict = sides(reader, idea)[0]

    assert before == "nothing measured in the year before"
    assert after.startswith("4.5")
    assert verdict == "– too few answers"


def test_where_the_services_to_ask_about_have_ended_the_others_are_still_asked_about(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    told(app, {company["help"]: {"quality": LOW}}, days_ago=20, title="Summer")
    promise(app, sign_in, idea, company["help"], company["phones"])
    with app.app_context(), transaction():
        db.session.get_one(Service, company["phones"]).state = ServiceState.ENDED

    into_force(app, idea)

    assert [wave.purpose for wave in planned(app)] == ["after", "after"]
    with app.app_context():
        query = select(WaveService.service_id).distinct()
        for wave in planned(app):
            of_it = query.where(WaveService.wave_id == wave.id)
            assert list(db.session.scalars(of_it)) == [company["help"]]
