"""What ideas changed as a file: as the pages tell it, with the survey that each side is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.i18n import local_day
from forum.ideas.models import Idea
from forum.surveys.models import Purpose
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company
from tests.surveys.test_change import HIGH, LOW, after, before, idea, into_force, planned, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]
ADDRESS = "/surveys/changes.csv"


def lines(browser: Browser) -> list[dict[str, str]]:
    answer = browser.get(ADDRESS)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_line_tells_both_sides_with_their_surveys_and_the_verdict(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    number = into_force(app, idea)
    after(app, company, idea, HIGH)

    (line,) = lines(sign_in(make.person(app)))

    told = [line[name] for name in ("idea", "standard", "service_name", "provider", "item")]
    assert told == [str(idea), number, "Help desk", "IT", "quality"]
    figures = ("measure", "before_survey", "before_n", "before_figure", "after_n", "after_figure")
    assert [line[name] for name in figures] == ["mean", "Spring", "8", "1.750", "8", "4.375"]
    assert line["before_ended"] == str(local_day(now() - timedelta(days=20)))
    assert (line["verdict"], line["why"]) == ("better", "")


def test_of_who_would_recommend_it_tells_the_share(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    said = {company["help"]: {"recommend": [10] * 8 + [0] * 12}}
    waves.wave(app, said, closed_at=now() - timedelta(days=20))
    promise(app, sign_in, idea, company["help"], items=("recommend",))
    into_force(app, idea)
    said = {company["help"]: {"recommend": [8] * 20}}
    waves.wave(app, said, purpose=Purpose.AFTER, idea_id=idea)

    (line,) = lines(sign_in(make.person(app)))

    names = ("measure", "before_figure", "before_low", "before_high", "after_figure", "verdict")
    assert [line[name] for name in names] == ["share", "0.400", "0.219", "0.613", "0.000", "worse"]


def test_it_says_why_nothing_is_compared(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"], company["phones"])
    into_force(app, idea)
    sign_in(make.moderator(app)).post(f"/surveys/{planned(app)[0].id}/cancel")
    said = {company["help"]: {"quality": HIGH}, company["phones"]: {"quality": LOW}}
    waves.wave(app, said, purpose=Purpose.AFTER, idea_id=idea, number=2)

    found = {line["service_name"]: line for line in lines(sign_in(make.person(app)))}

    assert {line["verdict"] for line in found.values()} == {"too few answers"}
    assert found["Help desk"]["why"] == "asked in other words"
    assert [found["Help desk"][f"{side}_wording"] for side in ("before", "after")] == ["1", "2"]
    assert found["Phones"]["why"] == "nothing measured in the year before"
    assert (found["Phones"]["before_survey"], found["Phones"]["before_figure"]) == ("", "")


def test_it_tells_no_more_than_the_library(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    reader = sign_in(make.person(app))
    assert reader.page("/surveys/changes").one("a", href=ADDRESS)
    with app.app_context(), transaction():
        db.session.get_one(Idea, idea).hidden_at = now()

    assert lines(reader) == []
    assert sign_in(make.person(app, kind="consultant")).get(ADDRESS).status_code == 404
