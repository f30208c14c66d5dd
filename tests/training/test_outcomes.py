"""What follows from an outcome is said where it leads, and taken back with another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.departments.actions import archive
from forum.departments.models import Department
from forum.standards.models import Version
from forum.standards.why.models import ClauseOrigin
from forum.training.models import AgendaItem
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import sent_by
from tests.training import company as office
from tests.training.company import Company, SignIn

QUOTE = "> To be clarified, from [case"


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


class Meeting:
    """A session that is going on, with one case and its host."""

    def __init__(self, app: Flask, sign_in: SignIn, company: Company) -> None:
        self.app, self.company = app, company
        self.case = office.opened(app, company)
        self.number = office.planned(app, company)
        self.host: Browser = sign_in(company.moderator)
        self.edit = f"/standards/{company.number}/edit"

    def settle(self, outcome: str, session: int = 0, **sent: str) -> Any:
        number = session or self.number
        with self.app.app_context():
            query = select(AgendaItem.id).where(AgendaItem.session_id == number)
            item = db.session.scalars(query).one()
        address = f"/training/{number}/agenda/{item}/outcome"
        return self.host.post(address, {"outcome": outcome, **sent})

    def clarify(self, session: int = 0) -> Any:
        options = self.host.page(f"/training/{session or self.number}").all("option")
        return self.settle("clarify", session, clause=options[0]["value"])

    def draft(self) -> str:
        return self.host.page(self.edit).one("textarea", id="body").text.strip()

    def save(self, body: str) -> None:
        form = sent_by(self.host.page(self.edit), self.edit)
        sent = {**form, "body": body, "action": "save"}
        assert self.host.post(self.edit, sent).status_code == 303

    def origins(self) -> int:
        with self.app.app_context():
            return db.session.query(ClauseOrigin).filter_by(kind="case").count()


@pytest.fixture
def meeting(app: Flask, sign_in: SignIn, company: Company) -> Iterator[Meeting]:
    made = Meeting(app, sign_in, company)
    with time_machine.travel(office.in_days(7.01)):
        yield made


def test_the_draft_says_what_became_of_the_case_and_leads_back(meeting: Meeting) -> None:
    page = meeting.host.page(meeting.clarify().headers["Location"])

    assert "Noted. What was learned stands under clause 2, Promises." in page.text
    [back] = [each["href"] for each in page.all("a") if each.text == "Back to the agenda"]
    assert back == f"/training/{meeting.number}#agenda"


def test_where_somebody_took_the_words_out_the_clause_alone_is_named(meeting: Meeting) -> None:
    meeting.clarify()
    meeting.save(office.BODY)

    page = meeting.host.page(meeting.clarify().headers["Location"])

    assert "Noted. To be clearer: clause 2, Promises." in page.text


def test_words_that_were_moved_are_said_to_stand_in_the_text(meeting: Meeting) -> None:
    meeting.clarify()
    quote = next(line for line in meeting.draft().splitlines() if line.startswith(QUOTE))
    meeting.save(f"{office.BODY}\n\n{quote}")

    page = meeting.host.page(meeting.clarify().headers["Location"])

    assert "Noted. What was learned stands in this text, at the end" in page.text


def test_a_new_idea_says_that_the_agenda_keeps_it_and_leads_back(meeting: Meeting) -> None:
    page = meeting.host.page(meeting.settle("idea").headers["Location"])

    assert "Noted on the agenda. Here the idea begins." in page.text
    assert [each["href"] for each in page.all("a") if each.text == "Back to the agenda"] == [
        f"/training/{meeting.number}#agenda"
    ]


def test_another_outcome_takes_the_untouched_words_out_of_the_draft(
    app: Flask, meeting: Meeting
) -> None:
    meeting.clarify()
    assert QUOTE in meeting.draft()

    answer = meeting.settle("none", note="It was a single slip.")

    said = meeting.host.page(answer.headers["Location"]).text
    assert f"The draft of {meeting.company.number} is without the words of this case" in said
    assert meeting.draft() == office.BODY
    assert meeting.origins() == 0
    with app.app_context():
        saved = db.session.query(Event).filter_by(type="standard.draft-saved").count()
        assert (saved, db.session.query(Version).count()) == (2, 2)
    meeting.clarify()
    assert meeting.draft().count(QUOTE) == 1
    assert meeting.origins() == 1


@pytest.mark.parametrize("after", [" And by whom?", "\n> And by whom?", "\nAnd by whom?"])
def test_words_that_somebody_worked_on_stay_and_that_is_told(meeting: Meeting, after: str) -> None:
    meeting.clarify()
    learned = "Ask for the number of the order first."
    meeting.save(meeting.draft().replace(learned, learned + after))

    answer = meeting.settle("none", note="It was a single slip.")

    page = meeting.host.page(answer.headers["Location"])
    assert f"The words of this case still stand in the text of {meeting.company.number}." in (
        page.text
    )
    assert [each["href"] for each in page.all("a") if each.text == "Open the standard"] == [
        f"/standards/{meeting.company.number}"
    ]
    assert QUOTE in meeting.draft()
    assert meeting.origins() == 1


def test_what_else_was_written_in_the_draft_stays(meeting: Meeting) -> None:
    meeting.clarify()
    meeting.save(meeting.draft().replace("Pay.", "Pay in time."))

    meeting.settle("praise")

    assert meeting.draft() == office.BODY.replace("Pay.", "Pay in time.")


def test_words_that_are_published_stay_and_that_is_told(meeting: Meeting) -> None:
    meeting.clarify()
    form = sent_by(meeting.host.page(meeting.edit), meeting.edit)
    meeting.host.post(meeting.edit, {**form, "action": "publish"})

    answer = meeting.settle("none", note="It was a single slip.")

    assert "still stand in the text of" in meeting.host.page(answer.headers["Location"]).text
    assert QUOTE in meeting.draft()


def test_words_that_another_session_asks_for_stay(meeting: Meeting) -> None:
    meeting.clarify()
    later = office.planned(meeting.app, meeting.company, at_moment=office.in_days(0.001))
    meeting.host.post(f"/training/{later}/agenda", {"case": str(meeting.case)})
    with time_machine.travel(office.in_days(0.002)):
        meeting.clarify(later)
        answer = meeting.settle("none", note="It was a single slip.")

        assert QUOTE in meeting.draft()
        assert "words of this case" not in meeting.host.page(answer.headers["Location"]).text


def test_an_idea_begins_with_the_departments_of_its_case(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    make.department(app, "Warehouse")
    case = office.opened(app, company)

    def ticked(reader: Browser) -> set[str]:
        boxes = reader.page(f"/ideas/new?case={case}").all("input", name="departments")
        return {box["value"] for box in boxes if "checked" in box}

    assert ticked(sign_in()) == {str(company.finance), str(company.sales)}
    assert ticked(sign_in(kind="consultant", attached=[company.sales])) == set()
    with app.app_context(), transaction():
        db.session.get_one(Person, company.for_sales).department_id = None
    with app.app_context():
        archive(None, db.session.get_one(Department, company.sales), anyway=True)
    assert ticked(sign_in()) == {str(company.finance)}
    office.switch(app)
    assert ticked(sign_in()) == set(), "training is off"
