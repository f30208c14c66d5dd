"""What a session does: its agenda, how cases end, who came, and feedback that is nobody's."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.events import Event
from forum.standards.models import Acknowledgement, Version
from forum.standards.review.models import Review
from forum.standards.review.opening import sweep
from forum.standards.why.models import ClauseOrigin
from forum.training.models import AgendaItem, CaseIdea, Feedback, Seat, Session
from forum.training.sessions import attendance, feedback, seats
from tests.standards import standards
from tests.support import make
from tests.support.pages import sent_by
from tests.training import company as office
from tests.training.company import Company, SignIn


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def agenda(app: Flask, session_id: int) -> list[int]:
    with app.app_context():
        query = select(AgendaItem.case_id).where(
            AgendaItem.session_id == session_id, AgendaItem.dropped.is_(False)
        )
        return list(db.session.scalars(query.order_by(AgendaItem.place)))


def item(app: Flask, session_id: int, case_id: int) -> int:
    with app.app_context():
        query = select(AgendaItem.id).where(
            AgendaItem.session_id == session_id, AgendaItem.case_id == case_id
        )
        return db.session.scalars(query).one()


def settle(browser: Any, app: Flask, session: int, case: int, **sent: str) -> Any:
    return browser.post(f"/training/{session}/agenda/{item(app, session, case)}/outcome", sent)


def test_the_agenda_assembles_itself_from_cases_between_the_departments(
    app: Flask, company: Company
) -> None:
    other = make.department(app, "Warehouse")
    make.represent(app, make.person(app), other)
    older, newer = office.opened(app, company), office.opened(app, company)
    office.drafted(app, company)
    elsewhere = office.drafted(app, company, departments=[other], touches="", by=company.moderator)
    office.send(app, company, elsewhere)

    number = office.planned(app, company)
    assert agenda(app, number) == [older, newer], "the oldest first"

    late = office.opened(app, company)
    assert agenda(app, number) == [older, newer, late], "one that is opened later joins"


@pytest.mark.parametrize("sessions", [1, 4])
def test_a_case_joins_all_sessions_to_come_at_the_same_cost(
    app: Flask, queries: Any, company: Company, sessions: int
) -> None:
    other = make.department(app, "Warehouse")
    office.opened(app, company)
    coming = [office.planned(app, company) for _turn in range(sessions)]
    stranger = office.planned(app, company, departments=[other])
    number = office.drafted(app, company)
    office.send(app, company, number)
    office.check(app, company.for_finance, number, company.finance)
    # The case, who, the settings, two of what may be said; eight to say it; the sessions to come.
    with queries(14):
        office.check(app, company.for_sales, number, company.sales)

    assert all(agenda(app, each)[-1] == number for each in coming)
    assert agenda(app, stranger) == []


def test_what_a_session_has_ended_does_not_come_again_and_what_it_left_does(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    first, second = office.opened(app, company), office.opened(app, company)
    number, host = office.planned(app, company), sign_in(company.moderator)
    with time_machine.travel(office.in_days(7.01)):
        settle(host, app, number, first, outcome="none", note="It was a single slip.")

    with time_machine.travel(office.in_days(8)):
        assert agenda(app, office.planned(app, company, at_moment=office.in_days(3))) == [second]


def test_the_host_takes_cases_off_moves_them_and_puts_others_on(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    cases = [office.opened(app, company) for _turn in range(3)]
    number, host = office.planned(app, company), sign_in(company.moderator)
    address = f"/training/{number}/agenda"

    host.post(f"{address}/{item(app, number, cases[2])}/up")
    assert agenda(app, number) == [cases[0], cases[2], cases[1]]
    host.post(f"{address}/{item(app, number, cases[0])}/drop")
    assert agenda(app, number) == [cases[2], cases[1]]
    host.post(f"{address}/{item(app, number, cases[0])}/restore")
    assert agenda(app, number)[0] == cases[0]
    draft = office.drafted(app, company)
    assert host.post(address, {"case": str(draft)}).status_code == 422
    assert sign_in().post(address, {"case": str(cases[0])}).status_code == 403


def test_other_cases_are_offered_by_their_titles(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    elsewhere, draft = office.opened(app, company), office.drafted(app, company)
    number = office.planned(app, company, departments=[company.sales])
    host = sign_in(company.moderator)

    offered = host.page(f"/training/{number}").all("option")
    host.post(f"/training/{number}/agenda", {"case": offered[0]["value"]})

    assert [(each["value"], each.text) for each in offered] == [
        (str(elsewhere), "The invoice that waited")
    ], f"and not {draft}"
    assert agenda(app, number) == [elsewhere]
    assert not host.page(f"/training/{number}").all("option")
    assert not sign_in().page(f"/training/{number}").all("datalist")


def test_a_clause_that_is_to_be_clearer_is_opened_for_change(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    case = office.opened(app, company)
    number, host = office.planned(app, company), sign_in(company.moderator)
    assert settle(host, app, number, case, outcome="praise").status_code == 409, "not begun"
    with time_machine.travel(office.in_days(7.01)):
        clause = host.page(f"/training/{number}").all("option")[0]["value"]

        answer = settle(host, app, number, case, outcome="clarify", clause=clause)
        again = settle(host, app, number, case, outcome="clarify", clause=clause)

        assert answer.headers["Location"] == f"/standards/{company.number}/edit"
        draft = host.page(f"/standards/{company.number}/edit").one("textarea", id="body").text
        assert f"## Promises\n\n> To be clarified, from [case {case}]" in draft
        assert draft.count("Ask for the number of the order first.") == 1
        assert again.status_code == 303
        story = host.page(f"/standards/{company.number}/clauses/2")
        assert f"/training/cases/{case}" in [a.get("href") for a in story.all("a")]
    with app.app_context():
        assert db.session.query(ClauseOrigin).filter_by(kind="case").count() == 1
        assert db.session.query(Version).count() == 2


def test_who_cannot_change_the_standard_opens_its_review_instead(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    case = office.opened(app, company)
    number = office.planned(app, company, by=company.for_finance)
    host = sign_in(company.for_finance)
    with time_machine.travel(office.in_days(7.01)):
        clause = host.page(f"/training/{number}").all("option")[0]["value"]
        answer = settle(host, app, number, case, outcome="clarify", clause=clause)
        assert answer.headers["Location"] == f"/training/{number}#agenda"
        with app.app_context():
            sweep()
            [review] = db.session.query(Review).all()
            assert review.evidence["kinds"] == ["cases"]


def test_a_new_idea_is_begun_and_remembers_its_case(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    case = office.opened(app, company)
    number, host = office.planned(app, company), sign_in(company.moderator)
    with time_machine.travel(office.in_days(7.01)):
        answer = settle(host, app, number, case, outcome="idea", note="Ask for it in the form.")
        page = host.page(answer.headers["Location"])
        assert "Ask for it in the form." in page.one("textarea", id="problem").text
        sent = {"problem": "Ask for it in the form.", "action": "post", "case": str(case)}
        made = host.post("/ideas/new", {**sent, "case-shown": "1"})

        assert made.headers["Location"] in host.page(f"/training/cases/{case}").html
    with app.app_context():
        assert db.session.scalars(select(CaseIdea.case_id)).one() == case


def test_the_log_tells_of_an_idea_from_a_case_once_it_is_posted(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    case, host = office.opened(app, company), sign_in(company.moderator)
    sent = {"problem": "Ask for it in the form.", "case": str(case), "case-shown": "1"}
    host.post("/ideas/new", {**sent, "action": "draft"})
    assert came(app) == []
    with app.app_context():
        address = f"/ideas/{db.session.scalars(select(CaseIdea.idea_id)).one()}/edit"
    draft = {**sent_by(host.page(address), address), "case": str(case)}

    posted = host.post(address, {**draft, "action": "post"}).headers["Location"]

    told = [(case, int(posted.rsplit("/", 1)[1]))]
    assert came(app) == told
    again = sent_by(host.page(f"{posted}/edit"), f"{posted}/edit")
    host.post(f"{posted}/edit", {**again, "problem": "Ask for it twice.", "case": str(case)})
    assert came(app) == told


def came(app: Flask) -> list[tuple[int, int]]:
    """The cases and ideas that the log ties together."""
    with app.app_context():
        told = select(Event).where(Event.type == "case.idea-came").order_by(Event.id)
        return [(each.object_id, each.payload["idea"]) for each in db.session.scalars(told)]


@pytest.mark.parametrize(
    ("outcome", "note"), [("", ""), ("none", ""), ("clarify", ""), ("forget", "x")]
)
def test_an_outcome_that_cannot_be_is_refused(
    app: Flask, sign_in: SignIn, company: Company, outcome: str, note: str
) -> None:
    case = office.opened(app, company)
    number, host = office.planned(app, company), sign_in(company.moderator)

    with time_machine.travel(office.in_days(7.01)):
        answer = settle(host, app, number, case, outcome=outcome, note=note)

    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_a_week_after_the_session_nothing_of_it_changes(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    first, second = office.opened(app, company), office.opened(app, company)
    number = office.planned(app, company)
    address = f"/training/{number}/agenda"
    with time_machine.travel(office.in_days(14)):
        host = sign_in(company.moderator)
        assert settle(host, app, number, first, outcome="praise").status_code == 303
    with time_machine.travel(office.in_days(14.1)):
        host = sign_in(company.moderator)
        late = [settle(host, app, number, first, outcome="none", note="No.")]
        late += [host.post(f"{address}/{item(app, number, second)}/{a}") for a in ("drop", "up")]
        late.append(host.post(address, {"case": str(second)}))
        assert [answer.status_code for answer in late] == [409] * 4
        forms = host.page(f"/training/{number}").all("form")
        assert not [form for form in forms if address in form.get("action", "")]
    assert agenda(app, number) == [first, second]


def come(app: Flask, number: int, people: list[int]) -> None:
    for person in people:
        with app.app_context():
            session = db.session.get_one(Session, number)
            seats.sign_up(db.session.get_one(Person, person), session)


def note(app: Flask, host: int, number: int, people: list[int]) -> None:
    with app.app_context():
        session = db.session.get_one(Session, number)
        attendance.note(db.session.get_one(Person, host), session, people)


def test_whoever_came_has_confirmed_what_they_are_asked_to(app: Flask, company: Company) -> None:
    asked = make.person(app, department=company.finance)
    other = make.person(app, department=make.department(app, "Legal"))
    number = office.planned(app, company, capacity=9, standards=company.number, confirms=True)
    come(app, number, [asked, other])

    def confirmed() -> list[tuple[int, str, int]]:
        with app.app_context():
            rows = db.session.query(Acknowledgement).all()
            return [(row.person_id, row.way, row.by_id or 0) for row in rows]

    with pytest.raises(Conflict):
        note(app, company.moderator, number, [asked])
    with time_machine.travel(office.in_days(7.01)):
        note(app, company.moderator, number, [asked, other])
        assert confirmed() == [(asked, "training", company.moderator)]
        note(app, company.moderator, number, [other])
        assert confirmed() == [], "it was a slip"


def test_correcting_one_session_leaves_what_another_confirmed(app: Flask, company: Company) -> None:
    asked = make.person(app, department=company.finance)
    wanted = {"standards": company.number, "confirms": True}
    first, second = (
        office.planned(app, company, at_moment=office.in_days(day), **wanted) for day in (7, 8)
    )
    for number in (first, second):
        come(app, number, [asked])
    with time_machine.travel(office.in_days(8.1)):
        for number, people in ((first, [asked]), (second, [asked]), (second, [])):
            note(app, company.moderator, number, people)
    with app.app_context():
        assert db.session.scalars(select(Acknowledgement.person_id)).all() == [asked]


def test_a_version_that_came_after_the_session_is_not_confirmed_by_it(
    app: Flask, company: Company
) -> None:
    asked = make.person(app, department=company.finance)
    number = office.planned(app, company, standards=company.number, confirms=True)
    come(app, number, [asked])
    with time_machine.travel(office.in_days(7.1)):
        standards.rewrite(app, company.number, body=f"{office.BODY}\n\nAnd more.")
        note(app, company.moderator, number, [asked])
    with app.app_context():
        assert db.session.query(Acknowledgement).count() == 0


def answer(app: Flask, person: int, number: int) -> None:
    with app.app_context():
        session = db.session.get_one(Session, number)
        feedback.give(db.session.get_one(Person, person), session, useful=4, better=2)


@pytest.mark.parametrize(("answers", "told"), [(4, "Fewer than five"), (5, "5 answers of 1 to 5")])
def test_feedback_is_told_of_five_and_only_when_nobody_can_add_to_it(
    app: Flask, sign_in: SignIn, company: Company, answers: int, told: str
) -> None:
    people = [make.person(app) for _turn in range(6)]
    number = office.planned(app, company, capacity=9)
    come(app, number, people)
    with time_machine.travel(office.in_days(7.1)):
        note(app, company.moderator, number, people[:5])
        for person in people[:answers]:
            answer(app, person, number)
        with pytest.raises(Conflict):
            answer(app, people[0], number)
        with pytest.raises(Conflict):
            answer(app, people[5], number)
        assert "is told a week after" in sign_in(company.moderator).page(f"/training/{number}").text
    with time_machine.travel(office.in_days(15)):
        assert told in sign_in(company.moderator).page(f"/training/{number}").text
        with pytest.raises(Conflict):
            answer(app, people[4], number)
    with app.app_context():
        assert {c.name for c in Feedback.__table__.columns} == {
            *("key", "session_id", "useful", "better")
        }
        assert db.session.query(Seat).filter_by(answered=True).count() == answers


@pytest.mark.parametrize(
    ("members", "came", "told"),
    [
        (4, 4, "too few people to tell"),
        (12, 4, "fewer than five"),
        (12, 9, "all but fewer than five"),
        (9, 5, "all but fewer than five"),
        (12, 6, "about 50"),
    ],
)
def test_the_record_tells_shares_and_never_few(
    app: Flask, sign_in: SignIn, company: Company, members: int, came: int, told: str
) -> None:
    people = [make.person(app, department=company.sales) for _turn in range(members - 1)]
    people.append(company.for_sales)
    number = office.planned(app, company, capacity=20, standards=company.number)
    come(app, number, people[:came])
    with time_machine.travel(office.in_days(7.1)):
        note(app, company.moderator, number, people[:came])

        browser = sign_in(people[0])
        rows = browser.page("/training/record").all("tr", data_department=str(company.sales))
        assert [told in row.text for row in rows] == [True]
        assert told in browser.get("/training/record.csv").text
        assert company.number in browser.page("/training/record").text
