"""Where before and after stands, and how the surveys that measure it are called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas.models import Idea
from forum.insights.figures import building
from forum.surveys.change import naming
from forum.surveys.models import Wave, WaveState
from tests.standards.standards import accepted
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company
from tests.surveys.test_change import HIGH, after, before, idea, into_force, planned, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]


def test_the_library_is_a_click_from_the_surveys(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    assert sign_in(make.person(app)).page("/surveys").one("a", href="/surveys/changes")


def test_an_idea_is_read_before_what_came_of_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, HIGH)

    page = sign_in(make.person(app)).page(f"/ideas/{idea}")

    order = [each.name for each in page.elements if each.name == "h1" or "data-change" in each]
    assert order == ["h1", "section"]


def test_surveys_after_a_change_are_called_in_the_language_of_the_idea(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    russian = accepted(
        app, owner=company["IT"], departments=[company["IT"]], problem="Пропуска выдают поздно."
    )
    promise(app, sign_in, russian, company["help"])

    into_force(app, russian)

    titles = [wave.title.split(":")[0] for wave in planned(app)]
    assert titles == ["До", "Спустя 6 недель", "Спустя 12 недель"]
    assert {wave.lang for wave in planned(app)} == {"ru"}


def test_the_survey_that_opens_last_stands_first_whenever_it_was_planned(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["surveys"]})
    for place in range(32):
        waves.wave(app, {}, closed_at=now() - timedelta(days=10 * place), title=f"Round {place}")
    browser = sign_in(make.person(app))

    first = browser.page("/surveys")
    following = browser.page(first.one("a", rel="next")["href"])

    shown = [link.text for page in (first, following) for link in page.all("a", lang=True)]
    assert shown == [f"Round {place}" for place in range(32)]


def test_the_library_sums_up_and_says_what_its_figures_are(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, HIGH)
    browser = sign_in(make.person(app))

    page = browser.page("/surveys/changes")

    assert page.one("p", data_summary=True).text == "↑ better: 1"
    assert "range " in page.one("table").text
    service = f"/map/services/{company['help']}"
    assert not page.all("a", href=service)
    with app.app_context(), transaction():
        save_settings({"modules": ["surveys", "map", "insights"]})
    assert browser.page("/surveys/changes").one("a", href=service)
    with app.app_context():
        building.rebuild()
    assert browser.page("/insights").one("a", href="/surveys/changes")


def test_what_has_ended_and_is_not_counted_is_not_said_to_have_too_few_answers(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    two = [wave.id for wave in planned(app)[:2]]
    lasted = {"opens_at": now() - timedelta(days=14), "closes_at": now()}
    with app.app_context(), transaction():
        ended = update(Wave).where(Wave.id.in_(two)).values(state=WaveState.CLOSED, **lasted)
        db.session.execute(ended)

    page = sign_in(make.person(app)).page(f"/ideas/{idea}")

    change = page.one("section", data_change=True).text
    assert change.count("not counted yet") == 2
    assert "too few answers" not in change


def test_surveys_do_not_name_an_idea_that_is_hidden(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    with app.app_context():
        title = db.session.scalars(select(Idea.title).where(Idea.id == idea)).one()
    assert f"After 6 weeks: {title}" in sign_in(make.moderator(app)).page("/surveys").text

    for hidden_at, told in ((now(), "an idea that is not shown"), (None, "Called otherwise")):
        changed = {"hidden_at": hidden_at, "title": "Called otherwise"}
        with app.app_context(), transaction():
            db.session.execute(update(Idea).where(Idea.id == idea).values(**changed))
        with app.app_context():
            naming.sweep()

        names = {wave.title for wave in planned(app)}
        assert names == {f"After 6 weeks: {told}", f"After 12 weeks: {told}"}
