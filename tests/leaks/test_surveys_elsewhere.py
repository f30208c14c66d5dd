"""What may not be told of surveys is not told on paper, and leaves with no export: a stranger who
finds the files learns no answer of fewer than k people, nor which services it was of."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.surveys.models import SurveyAnswer, SurveyText, Wave
from forum.surveys.results import keeping
from tests.admin.exported import FILES, bring, contents, run
from tests.leaks.surveyed import FIVE, HIDDEN, SignIn, Surveyed
from tests.leaks.told import address, readable
from tests.support import make
from tests.support.forums import Prepared

Row = dict[str, Any]


@pytest.fixture
def forum(app: Flask, sign_in: SignIn) -> Iterator[Surveyed]:
    with time_machine.travel(now().replace(hour=10), tick=False):
        yield Surveyed(app, sign_in)


def papers(forum: Surveyed) -> dict[str, str]:
    """What every PDF of the modules says to who answers for IT, as it can be copied from it."""
    forum.count()
    said = {}
    for rule in readable(forum.app):
        if rule.rule.startswith("/standards") or not rule.rule.endswith(".pdf"):
            continue
        ways = {
            "slug": [name.lower() for name in ("Works", *forum.places)],
            "month": sorted(f"{at:%Y-%m}" for at in (forum.ended, now())),
        }
        [name] = rule.arguments
        for value in ways[name]:
            place = address(rule, {name: value})
            answer = forum.browsers["representative"].client.get(place)
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), place
            said[place] = read_out(answer.data)
    return said


def read_out(pdf: bytes) -> str:
    """The words of a PDF."""
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, check=True, stdout=-1)
    return " ".join(told.stdout.decode().split())


def test_no_paper_says_a_word_more_for_what_is_hidden(forum: Surveyed) -> None:
    before = papers(forum)
    assert len({place.rpartition("/")[0] for place in before}) == 6
    assert "canary" not in str(before)

    for change in HIDDEN:
        change(forum)
    assert papers(forum) == before

    forum.change(SurveyAnswer, forum.met, forum.laptops, value=1)
    told_now = papers(forum)
    differ = {place for place in before if told_now[place] != before[place]}
    assert "/departments/it/passport.pdf" in differ, "what is told is looked at"


def exported(forum: Surveyed, folder: Path) -> dict[str, str]:
    """Every file of an export."""
    forum.count()
    run(forum.app, "export", str(folder))
    return contents(folder)


def rows(files: dict[str, str], name: str) -> list[Row]:
    """The lines of one table."""
    lines = (json.loads(line) for line in files["records.jsonl"].splitlines())
    return [line for line in lines if line["record"] == name]


def test_no_line_of_an_export_depends_on_what_is_hidden(forum: Surveyed, tmp_path: Path) -> None:
    before = exported(forum, tmp_path / "before")
    assert "canary" not in str(before)

    for change in HIDDEN:
        change(forum)
    assert exported(forum, tmp_path / "after") == before

    forum.change(SurveyAnswer, forum.met, forum.laptops, value=3)
    assert exported(forum, tmp_path / "told") != before


def test_a_number_raised_later_holds_for_exports_too(forum: Surveyed, tmp_path: Path) -> None:
    with forum.app.app_context(), transaction():
        save_settings({"survey_k": 9})
    raised = exported(forum, tmp_path / "raised")
    assert rows(raised, "survey-answer") == []

    forum.change(SurveyAnswer, forum.met, forum.laptops, value=2)
    forum.change(SurveyText, forum.met, forum.laptops, body="canaryother")
    assert exported(forum, tmp_path / "other") == raised


def test_a_stranger_with_the_files_learns_what_pages_tell_and_no_more(
    forum: Surveyed, tmp_path: Path
) -> None:
    files = exported(forum, tmp_path / "found")
    answers = rows(files, "survey-answer")
    titles = {each["number"]: each["title"] for each in rows(files, "wave")}
    of: dict[str, list[Row]] = {title: [] for title in titles.values()}
    for each in answers:
        of[titles[each["wave"]]].append({**each, "service": str(each["service"])})

    # Of the survey of which the phones' two answers are told nowhere, the laptops' alone are there.
    assert sorted(each["value"] for each in of["Alone"]) == sorted(FIVE)
    assert len({each["service"] for each in of["Alone"]}) == 1
    # Phones and desks meet in six answers: their values are there, mixed among the two services.
    laptops = of["Alone"][0]["service"]
    met = [each for each in of["Met"] if each["service"] != laptops]
    assert sorted(each["value"] for each in met) == sorted([5, 1, 2, 3, 4, 5])
    assert sorted(Counter(each["service"] for each in met).values()) == [3, 3]
    assert "Running" not in of
    # Nothing but a random name and what was answered about what, in the order of the names.
    assert {frozenset(each) for each in answers} == {
        frozenset({"record", "key", "wave", "service", "version", "value"})
    }
    assert {len(each["key"]) for each in answers} == {32}
    keys = [each["key"] for each in answers]
    assert keys == sorted(keys)
    assert all("canary" not in each["body"] for each in rows(files, "survey-text"))


def test_where_all_said_the_same_the_files_do_not_say_so(forum: Surveyed, tmp_path: Path) -> None:
    forum.change(SurveyAnswer, forum.alone, forum.laptops, value=4)

    files = exported(forum, tmp_path / "same")

    of = [each for each in rows(files, "survey-answer") if each["wave"] == 2]
    assert sorted(each["value"] for each in of) == [3, 4, 4, 4, 4, 4]


def test_what_leaves_tells_the_same_where_it_arrives(
    app: Flask, forum: Surveyed, prepared: Prepared, sign_in: SignIn, tmp_path: Path
) -> None:
    def figures(admin: int) -> list[str]:
        with app.app_context():
            keeping.sweep()
            number = db.session.scalars(select(Wave.id).where(Wave.title == "Met")).one()
        page = sign_in(admin).client.get(f"/surveys/{number}/results.csv")
        assert page.status_code == 200
        # Departments have other numbers there.
        return sorted(re.sub(r"^(\w+),\d+,\d+,", r"\1,", each) for each in page.text.splitlines())

    before, one = figures(make.admin(app)), exported(forum, tmp_path / "one")
    assert len(before) > 5
    prepared.reset()
    for name in FILES:
        bring(app, tmp_path / "one" / name)
    with app.app_context(), transaction():
        save_settings({"modules": ["surveys"]})

    assert figures(make.admin(app)) == before
    two = exported(forum, tmp_path / "two")
    for name in ("survey-answer", "survey-text", "wave-service", "wave-report"):
        assert rows(two, name) == rows(one, name) != [], name
