"""Answers, decision and what follows from them."""

from __future__ import annotations

import threading

from sqlalchemy import select, update

from forum.core.db import db, transaction
from forum.ideas.models import Answer
from tests.support import make
from tests.support.pages import Document, undo_of


def asked_department(app) -> tuple[int, int, int]:
    department = make.department(app, slug="it", name="IT")
    representative = make.person(app, department=department)
    make.represent(app, representative, department)
    return department, representative, make.idea(app, departments=[department])


def test_a_representative_answers_with_one_tap_and_can_undo(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    browser = sign_in(representative)

    browser.post(f"/ideas/{idea}/answers/{department}", {"answer": "no_effect"})
    tile = browser.page(f"/ideas/{idea}").one("li", data_department=department)
    assert tile["data-answer"] == "no_effect"

    browser.post(f"/ideas/{idea}/answers/{department}/undo")
    tile = browser.page(f"/ideas/{idea}").one("li", data_department=department)
    assert tile["data-answer"] == "waiting"


def test_a_needed_change_has_to_be_named(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    browser = sign_in(representative)

    refused = browser.post(f"/ideas/{idea}/answers/{department}", {"answer": "needs_change"})
    taken = browser.post(
        f"/ideas/{idea}/answers/{department}",
        {"answer": "needs_change", "reason": "Two weeks of notice."},
    )

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "Two weeks of notice." in browser.get(f"/ideas/{idea}").text


def test_others_may_not_answer_for_a_department(app, sign_in) -> None:
    department, _representative, idea = asked_department(app)

    answer = sign_in().post(f"/ideas/{idea}/answers/{department}", {"answer": "helps"})

    assert answer.status_code == 403


def test_answers_close_with_the_decision(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    make.decide(app, idea, "decline")

    answer = sign_in(representative).post(
        f"/ideas/{idea}/answers/{department}", {"answer": "helps"}
    )

    assert answer.status_code == 409


def test_a_moderator_accepts_with_owner_and_date(app, sign_in) -> None:
    department, _representative, idea = asked_department(app)
    browser = sign_in(make.moderator(app))

    answer = browser.post(
        f"/ideas/{idea}/decision",
        {"decision": "accept", "reason": "Worth it.", "owner": department, "due": "2099-01-31"},
    )

    page = browser.page(answer.location)
    assert page.one("article", data_idea=idea)["data-stage"] == "accepted"
    assert "Worth it." in page.text
    assert "Jan 31, 2099" in page.text


def test_a_decision_needs_a_reason_and_keeps_what_was_typed(app, sign_in) -> None:
    idea = make.idea(app)

    answer = sign_in(make.moderator(app)).post(
        f"/ideas/{idea}/decision", {"decision": "decline", "reason": "", "revisit": "More people"}
    )

    assert answer.status_code == 422
    assert "More people" in answer.text


def test_nobody_decides_on_their_own_idea(app, sign_in) -> None:
    moderator = make.moderator(app)
    idea = make.idea(app, moderator)

    answer = sign_in(moderator).post(
        f"/ideas/{idea}/decision", {"decision": "accept", "reason": "Mine is good."}
    )

    assert answer.status_code == 403


def test_an_employee_does_not_decide(app, sign_in) -> None:
    idea = make.idea(app)

    assert sign_in().post(f"/ideas/{idea}/review").status_code == 403
    assert sign_in().post(f"/ideas/{idea}/decision", {"decision": "accept"}).status_code == 403


def test_harm_holds_acceptance_unless_overridden(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    make.answer(app, idea, department, representative, "harms", "It stops the night shift.")
    browser = sign_in(make.moderator(app))
    fields = {"decision": "accept", "reason": "The company needs it."}

    held = browser.post(f"/ideas/{idea}/decision", fields)
    passed = browser.post(f"/ideas/{idea}/decision", {**fields, "override": "1"})

    assert (held.status_code, passed.status_code) == (409, 303)


def test_a_held_acceptance_leaves_the_idea_where_it_was(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    make.answer(app, idea, department, representative, "harms", "It stops the night shift.")
    browser = sign_in(make.moderator(app))

    browser.post(f"/ideas/{idea}/decision", {"decision": "accept", "reason": "Now."})

    article = browser.page(f"/ideas/{idea}").one("article", data_idea=idea)
    assert article["data-stage"] == "open"


def test_of_two_moderators_at_once_exactly_one_wins(app, sign_in) -> None:
    idea = make.idea(app)
    browsers = [sign_in(make.moderator(app)) for _ in range(2)]
    together, codes = threading.Barrier(2), []

    def decide(browser, decision: str) -> None:
        together.wait()
        fields = {"decision": decision, "reason": "Because."}
        codes.append(browser.post(f"/ideas/{idea}/decision", fields).status_code)

    threads = [
        threading.Thread(target=decide, args=pair)
        for pair in zip(browsers, ("accept", "decline"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [303, 409]


def test_who_comes_second_keeps_the_words_and_is_led_back_to_the_idea(app, sign_in) -> None:
    idea = make.idea(app)
    make.decide(app, idea, "decline")
    late = sign_in(make.moderator(app))

    answer = late.post(f"/ideas/{idea}/decision", {"decision": "accept", "reason": "It helps us."})

    assert answer.status_code == 409
    assert "It helps us." in answer.text
    assert Document(answer.text).one("article", data_idea=idea)["data-stage"] == "declined"


def test_votes_close_with_the_decision(app, sign_in) -> None:
    idea = make.idea(app)
    browser = sign_in()
    browser.post(f"/ideas/{idea}/vote")
    make.decide(app, idea, "decline")

    assert browser.post(f"/ideas/{idea}/unvote").status_code == 409
    assert sign_in().post(f"/ideas/{idea}/vote").status_code == 409
    assert browser.page(f"/ideas/{idea}").one("article", data_idea=idea)["data-votes"] == "1"


def test_done_says_what_changed(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    make.decide(app, idea, owner_id=department)

    sign_in(representative).post(f"/ideas/{idea}/done", {"outcome": "Two days instead of ten."})

    page = sign_in().page(f"/ideas/{idea}")
    assert page.one("article", data_idea=idea)["data-stage"] == "done"
    assert "Two days instead of ten." in page.text


def test_the_owner_may_ask_for_another_day(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    moderator = make.moderator(app)
    make.decide(app, idea, owner_id=department, by=moderator)

    sign_in(representative).post(f"/ideas/{idea}/owner/move", {"due": "2099-03-01"})
    assert "Mar 1, 2099" in sign_in(moderator).page(f"/ideas/{idea}").text
    sign_in(moderator).post(f"/ideas/{idea}/owner/agree")

    assert "confirmed" in sign_in().page(f"/ideas/{idea}").text


def test_comments_are_shown_with_their_replies(app, sign_in) -> None:
    idea = make.idea(app)
    top = make.comment(app, idea, body="**Bold** words")
    browser = sign_in()

    answer = browser.post(f"/ideas/{idea}/comments", {"body": "A reply", "parent": top})
    deeper = browser.post(
        f"/ideas/{idea}/comments",
        {"body": "Deeper", "parent": answer.location.rpartition("-")[2]},
    )

    page = browser.page(deeper.location)
    assert len(page.all("li", data_comment=True)) == 3
    assert page.one("li", data_comment=top).text.count("Deeper") == 1


def test_a_deleted_comment_leaves_a_trace_and_no_text(app, sign_in) -> None:
    idea, author = make.idea(app), make.person(app)
    comment = make.comment(app, idea, author, body="Something unwise")

    sign_in(author).post(f"/comments/{comment}/delete")

    page = sign_in().page(f"/ideas/{idea}")
    assert "Something unwise" not in page.text
    assert "removed" in page.one("li", data_comment=comment).text


def test_an_edited_comment_keeps_its_history(app, sign_in) -> None:
    idea, author = make.idea(app), make.person(app)
    comment = make.comment(app, idea, author, body="Before")

    sign_in(author).post(f"/comments/{comment}/edit", {"body": "After"})

    assert "After" in sign_in().page(f"/ideas/{idea}").text
    assert "Before" in sign_in().page(f"/comments/{comment}/history").text


def test_only_its_author_edits_a_comment(app, sign_in) -> None:
    comment = make.comment(app, make.idea(app))

    stranger = sign_in()
    assert stranger.get(f"/comments/{comment}/edit").status_code == 403
    assert stranger.post(f"/comments/{comment}/edit", {"body": "x"}).status_code == 403
    assert sign_in().post(f"/comments/{comment}/delete").status_code == 403


def test_a_refused_reply_stays_a_reply(app, sign_in) -> None:
    idea = make.idea(app)
    top = make.comment(app, idea)
    browser = sign_in()
    assert browser.page(f"/ideas/{idea}?reply={top}").one("input", name="parent")["value"] == str(
        top
    )

    answer = browser.post(f"/ideas/{idea}/comments", {"body": "x" * 10_001, "parent": top})

    assert answer.status_code == 422
    assert f'name="parent" value="{top}"' in answer.text
    assert "x" * 10_001 in answer.text


def test_undoing_an_answer_brings_back_what_was_said_before(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    make.answer(app, idea, department, representative, "harms", "It doubles the work.")
    browser = sign_in(representative)
    address = f"/ideas/{idea}/answers/{department}"
    browser.post(address, {"answer": "helps"})
    undo = undo_of(browser.page(f"/ideas/{idea}"), address)

    browser.post(undo)
    page = browser.page(f"/ideas/{idea}")
    assert page.one("li", data_department=department)["data-answer"] == "harms"
    assert "It doubles the work." in page.text
    assert browser.post(undo).status_code == 409


def test_undo_never_takes_a_colleagues_later_answer(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    colleague = make.person(app)
    make.represent(app, colleague, department)
    browser = sign_in(representative)
    address = f"/ideas/{idea}/answers/{department}"
    browser.post(address, {"answer": "helps"})
    undo = undo_of(browser.page(f"/ideas/{idea}"), address)
    make.answer(app, idea, department, colleague, "no_effect")

    assert browser.post(undo).status_code == 409
    assert browser.post(address + "/undo").status_code == 409

    tile = browser.page(f"/ideas/{idea}").one("li", data_department=department)
    assert tile["data-answer"] == "no_effect"


def test_an_acceptance_says_nothing_of_what_would_change_it(app, sign_in) -> None:
    idea = make.idea(app)
    fields = {"decision": "accept", "reason": "Yes.", "revisit": "A cheaper offer."}

    sign_in(make.moderator(app)).post(f"/ideas/{idea}/decision", fields)

    assert "A cheaper offer." not in sign_in().page(f"/ideas/{idea}").text


def test_what_is_declined_was_not_accepted_against_a_harm(app, sign_in) -> None:
    department, representative, idea = asked_department(app)
    make.answer(app, idea, department, representative, "harms", "It doubles the work.")
    fields = {"decision": "decline", "reason": "No.", "override": "1"}

    sign_in(make.moderator(app)).post(f"/ideas/{idea}/decision", fields)

    assert "Accepted although" not in sign_in().page(f"/ideas/{idea}").text


def test_departments_of_a_draft_are_asked_when_it_is_posted(app, sign_in) -> None:
    department, author = make.department(app), make.person(app)
    idea = make.idea(app, author, departments=[department], draft=True)
    with app.app_context(), transaction():
        db.session.execute(update(Answer).values(asked_at=make.ago(days=9)))

    fields = {"problem": "Lost keys.", "departments": department, "action": "post"}
    sign_in(author).post(f"/ideas/{idea}/edit", fields)

    tile = sign_in().page(f"/ideas/{idea}").one("li", data_department=department)
    assert "due " in tile.text
    with app.app_context():
        slot = db.session.scalars(select(Answer)).one()
        assert slot.asked_at > make.ago(minutes=5)
