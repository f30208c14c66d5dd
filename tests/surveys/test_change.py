"""Before and after: an accepted idea says what it should move, and its customers whether it did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Service
from forum.ideas.models import Idea
from forum.standards.models import Standard, Version
from forum.standards.review import opening
from forum.standards.review.models import Review
from forum.surveys import wordings
from forum.surveys.change import comparing, measuring
from forum.surveys.change.models import IdeaMeasure, IdeaOutcome, IdeaPromise, RelationFall
from forum.surveys.models import Purpose, Wave, WaveState
from tests.standards.standards import accepted, by_number, in_force, publish, standardise
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company

__all__ = ["company"]
SignIn = Callable[..., Browser]
LOW, HIGH = [1, 1, 2, 2, 2, 3, 1, 2], [5, 4, 5, 4, 3, 5, 4, 5]


@pytest.fixture
def idea(app: Flask, company: dict[str, int]) -> int:
    """An accepted idea of IT."""
    with app.app_context(), transaction():
        wordings.ensure()
    return accepted(app, owner=company["IT"], departments=[company["IT"]], title="Noon desk")


def item(app: Flask, key: str = "quality") -> int:
    with app.app_context():
        return next(each.item_id for each in wordings.current() if each.key == key)


def promise(
    app: Flask, sign_in: SignIn, idea: int, *services: int, items: tuple[str, ...] = ("quality",)
) -> None:
    sent = {"services": list(services), "items": [item(app, key) for key in items]}
    answer = sign_in(make.moderator(app)).post(f"/ideas/{idea}/promises", sent)
    assert answer.status_code == 303, answer.text


def before(app: Flask, company: dict[str, int], said: list[int] = LOW) -> int:
    return waves.wave(
        app,
        {company["help"]: {"quality": said}},
        closed_at=now() - timedelta(days=20),
        title="Spring",
    )


def into_force(app: Flask, idea: int) -> str:
    number = standardise(app, idea)
    publish(app, number)
    with app.app_context():
        measuring.sweep()
    return number


def planned(app: Flask) -> list[Wave]:
    with app.app_context():
        query = select(Wave).where(Wave.state == WaveState.PLANNED).order_by(Wave.opens_at)
        return list(db.session.scalars(query))


def baselines(idea: int) -> list[int | None]:
    """The surveys that say how each promise of an idea was before."""
    query = select(IdeaPromise.baseline_id).where(IdeaPromise.idea_id == idea)
    return list(db.session.scalars(query.order_by(IdeaPromise.service_id, IdeaPromise.item_id)))


def after(app: Flask, company: dict[str, int], idea: int, said: list[int], number: int = 1) -> int:
    return waves.wave(
        app,
        {company["help"]: {"quality": said}},
        purpose=Purpose.AFTER,
        idea_id=idea,
        number=number,
    )


def test_its_standard_coming_into_force_freezes_the_baseline_and_plans_two_waves(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    baseline = before(app, company)
    promise(app, sign_in, idea, company["help"])

    into_force(app, idea)

    six, twelve = planned(app)
    with app.app_context():
        today = company_day()
        measure = db.session.get_one(IdeaMeasure, idea)
        assert measure.since == today
        assert baselines(idea) == [baseline]
        for wave, weeks in ((six, 6), (twelve, 12)):
            assert 0 <= (company_day(wave.opens_at) - today).days - 7 * weeks <= 4
            assert (wave.purpose, wave.idea_id) == (Purpose.AFTER, idea)
            assert wave.baseline_id == baseline
        measuring.sweep()
    assert len(planned(app)) == 2


def test_without_any_survey_before_one_is_planned_at_once(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])

    into_force(app, idea)

    assert [wave.purpose for wave in planned(app)] == ["baseline", "after", "after"]
    with app.app_context():
        assert baselines(idea) == [planned(app)[0].id]


def test_the_survey_before_may_be_cancelled_and_nothing_refers_to_it_any_more(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    baseline, *later = planned(app)

    answer = sign_in(make.moderator(app)).post(f"/surveys/{baseline.id}/cancel")

    assert answer.status_code == 303
    assert [wave.id for wave in planned(app)] == [wave.id for wave in later]
    assert {wave.baseline_id for wave in planned(app)} == {None}
    with app.app_context():
        assert baselines(idea) == [None]


@pytest.mark.parametrize("days", [90, 80, 10])
def test_what_is_promised_late_is_asked_by_one_survey_at_a_time(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int, days: int
) -> None:
    into_force(app, idea)
    with app.app_context(), transaction():
        db.session.execute(update(Version).values(published_at=now() - timedelta(days=days)))
    promise(app, sign_in, idea, company["help"])
    with app.app_context():
        measuring.sweep()

    found = planned(app)

    assert [wave.purpose for wave in found] == ["baseline", "after", "after"][: 3 - (days > 50)]
    for one, following in pairwise(found):
        assert one.closes_at <= following.opens_at


def test_an_idea_that_promises_nothing_is_not_measured(
    app: Flask, company: dict[str, int], idea: int
) -> None:
    into_force(app, idea)

    assert planned(app) == []


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (HIGH, "↑ better"),
        (LOW, "= no clear change"),
        ([1, 2, 1, 2], "– too few answers"),
    ],
)
def test_the_ideas_page_and_the_library_say_what_came_of_it(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    idea: int,
    said: list[int],
    word: str,
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, said)
    reader = sign_in(make.person(app))

    page = reader.page(f"/ideas/{idea}")
    changes = reader.page("/surveys/changes")

    assert f"What it changed: {word}" in page.text
    assert "1.8" in page.text
    assert word in changes.one("section", data_idea=idea).text
    row = page.one("tr", data_verdict=True)
    assert ("too few answers" in row.text) == (len(said) < 5)


def test_what_got_worse_is_told_too(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company, HIGH)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, LOW)

    assert "↓ worse" in sign_in(make.person(app)).page("/surveys/changes").text


def test_another_wording_is_not_compared(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, HIGH, number=2)

    reader = sign_in(make.person(app))
    page, library = reader.page(f"/ideas/{idea}"), reader.page("/surveys/changes")
    assert "What it changed: – asked in other words, not compared" in page.text
    assert "too few answers" not in page.text
    assert library.one("p", data_summary=True).text == "– asked in other words, not compared: 1"


def test_who_carries_it_out_promises_and_nobody_else(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    boris = make.person(app)
    make.represent(app, boris, company["IT"])
    address, sent = f"/ideas/{idea}/promises", {"services": company["help"], "items": item(app)}

    assert sign_in(make.person(app)).post(address, sent).status_code == 403
    assert f'href="{address}"' not in sign_in(make.person(app)).get(f"/ideas/{idea}").text
    assert f'href="{address}"' in sign_in(boris).get(f"/ideas/{idea}").text
    assert sign_in(boris).post(address, sent).status_code == 303
    assert "checked" in sign_in(boris).get(address).text


def test_an_idea_that_is_not_accepted_promises_nothing(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    idea = make.idea(app, departments=[company["IT"]])

    assert sign_in(make.moderator(app)).get(f"/ideas/{idea}/promises").status_code == 403


def test_what_is_being_measured_is_promised_no_more(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    moderator = sign_in(make.moderator(app))

    answer = moderator.post(f"/ideas/{idea}/promises", {})

    assert answer.status_code == 409
    assert "stays as it is" in answer.text
    assert f'href="/ideas/{idea}/promises"' not in moderator.get(f"/ideas/{idea}").text


@pytest.mark.parametrize(
    ("services", "items", "sentence"),
    [
        (1, 0, "Choose services, and the questions that it should move."),
        (0, 1, "Choose services, and the questions that it should move."),
        (6, 1, "At most 5 services."),
        (1, 4, "At most 3 questions."),
        (-1, 1, "Choose one from the list."),
        (1, -1, "Choose one from the list."),
    ],
)
def test_what_cannot_be_promised_is_refused_with_a_sentence(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    idea: int,
    services: int,
    items: int,
    sentence: str,
) -> None:
    chosen = [company["help"], *range(900, 905)][: abs(services)] if services > 0 else []
    named = [item(app), *range(900, 905)][: abs(items)] if items > 0 else []
    sent = {
        "services": chosen if services >= 0 else [999],
        "items": named if items >= 0 else [999],
    }

    answer = sign_in(make.moderator(app)).post(f"/ideas/{idea}/promises", sent)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_none_takes_the_promise_back(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"], company["phones"], items=("quality", "clarity"))
    with app.app_context():
        assert len(db.session.scalars(select(IdeaPromise)).all()) == 4

    assert sign_in(make.moderator(app)).post(f"/ideas/{idea}/promises", {}).status_code == 303

    with app.app_context():
        assert db.session.scalars(select(IdeaPromise)).all() == []


def test_falling_satisfaction_opens_the_review_of_the_relations_standard(
    app: Flask, company: dict[str, int]
) -> None:
    boris = make.person(app, department=company["IT"])
    numbers = [
        in_force(app, owner=boris, departments=[company[name]]) for name in ("Sales", "Stores")
    ]
    with app.app_context(), transaction():
        db.session.execute(update(Standard).values(in_force_since=now() - timedelta(days=90)))
    before(app, company, HIGH)
    waves.wave(app, {company["help"]: {"quality": LOW}}, title="Autumn")

    with app.app_context():
        assert [row.service_id for row in db.session.scalars(select(RelationFall))] == [
            company["help"]
        ]
        opening.sweep()
        fallen = by_number(numbers[0]).id
        opened = db.session.scalars(select(Review.standard_id)).all()
        assert list(opened) == [fallen]


def test_satisfaction_that_stays_or_rises_opens_nothing(
    app: Flask, company: dict[str, int]
) -> None:
    boris = make.person(app, department=company["IT"])
    in_force(app, owner=boris, departments=[company["Sales"]])
    before(app, company, LOW)
    waves.wave(app, {company["help"]: {"quality": HIGH}}, title="Autumn")

    with app.app_context():
        assert db.session.scalars(select(RelationFall)).all() == []
        opening.sweep()
        assert db.session.scalars(select(Review)).all() == []


def test_telling_a_wave_again_changes_no_verdict(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    wave = after(app, company, idea, HIGH)

    with app.app_context():
        comparing.follow(wave)

        assert [row.verdict for row in db.session.scalars(select(IdeaOutcome))] == ["better"]


def test_with_the_module_off_ideas_say_nothing_of_it_and_nothing_is_planned(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    with app.app_context(), transaction():
        save_settings({"modules": []})
    into_force(app, idea)
    moderator = sign_in(make.moderator(app))

    assert planned(app) == []
    assert "should move" not in moderator.get(f"/ideas/{idea}").text
    assert moderator.get(f"/ideas/{idea}/promises").status_code == 404
    assert moderator.get("/surveys/changes").status_code == 404


def test_who_does_not_see_an_idea_does_not_find_it_in_the_library(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    with app.app_context(), transaction():
        db.session.get_one(Idea, idea).hidden_at = now()

    assert "Noon desk" not in sign_in(make.person(app)).get("/surveys/changes").text
    consultant = sign_in(make.person(app, kind="consultant"))
    assert consultant.get("/surveys/changes").status_code == 404


def test_a_service_that_was_given_another_name_keeps_its_promise(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    with app.app_context(), transaction():
        db.session.get_one(Service, company["help"]).name = "Hotline"

    assert "Hotline" in sign_in(make.person(app)).page(f"/ideas/{idea}").text
