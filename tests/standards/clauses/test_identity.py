"""Clauses through drafts and versions, as their rows and pages have them."""

from __future__ import annotations

from flask import Flask

from forum.core.db import db, transaction
from forum.standards.clauses import old
from forum.standards.clauses.models import Clause, ClauseKin, VersionClause
from forum.standards.models import Version
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

PURPOSE = "## Purpose\n\nSuppliers know on which day they are paid and by whom.\n\n"
STEPS = "## Steps\n\nFinance pays on Fridays. The warehouse counts before noon.\n\n"
RENAMED = STEPS.replace("Steps", "How we pay")
LIMITS = "## Exceptions\n\nRent and taxes are paid at once.\n\n"


def keys(app: Flask, number: str, version: int) -> list[int]:
    """The clauses of a version in order."""
    with app.app_context():
        query = (
            db.session.query(Clause.key)
            .join(VersionClause, VersionClause.clause_id == Clause.id)
            .join(Version, Version.id == VersionClause.version_id)
            .filter(Version.number == version, Clause.standard_id == standards.by_number(number).id)
        )
        return [row[0] for row in query.order_by(VersionClause.place)]


def save(browser: Browser, number: str, body: str, **more: str) -> int:
    """Save a draft as its form does; the answer's status."""
    fields = {**standards.fields_of(browser, number), "body": body, **more}
    return browser.post(f"/standards/{number}/edit", fields).status_code


def test_clauses_keep_their_addresses_wherever_they_move(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS + LIMITS)
    standards.rewrite(app, number, body=LIMITS + PURPOSE)
    standards.rewrite(app, number, body=PURPOSE + STEPS + LIMITS)

    page = sign_in().page(f"/standards/{number}")

    assert keys(app, number, 2) == [3, 1]
    assert keys(app, number, 3) == [1, 2, 3]
    assert [e["id"] for e in page.all("section", class_="clause")] == [
        "clause-1",
        "clause-2",
        "clause-3",
    ]


def test_a_clause_that_only_the_draft_lost_comes_back_as_itself(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    editor = sign_in(make.moderator(app))

    save(editor, number, PURPOSE)
    without = keys(app, number, 2)
    save(editor, number, PURPOSE + STEPS)

    assert (without, keys(app, number, 2)) == ([1], [1, 2])


def test_the_form_says_which_clauses_the_editor_holds(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + "### Detail\n\n#### Deep\n\nMore.\n\n" + STEPS)
    editor = sign_in(make.moderator(app))

    page = editor.page(f"/standards/{number}/edit")
    held = next(e for e in page.all("input") if e.get("name") == "clauses")
    body = "## One *two*\n\nAll\n\n## Other\n\nNew words everywhere"
    save(editor, number, body, clauses="3 One *two*\r\n1 Other")
    believed = keys(app, number, 2)
    save(editor, number, "## Other\n\nFresh\n\n## Third\n\nYet", clauses="3 One *two*\n2 Third")

    assert (held["data-held"], held["value"]) == ("1 Purpose\n2 Detail\n Deep\n3 Steps", "")
    assert believed == [3, 1]
    assert keys(app, number, 2) == [1, 2]


def test_what_the_editor_lost_is_found_by_its_heading(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body="## A\n\nOne.\n\n## B\n\nTwo.\n\n## C\n\nThree.")
    standards.rewrite(app, number, body="## A\n\nOne.\n\n## B\n\nTwo.")
    editor = sign_in(make.moderator(app))

    body = "## A\n\nOne.\n\n## B\n\nTwo.\n\n## C\n\nThree."
    save(editor, number, body, clauses="1 A\n B\n C")

    assert keys(app, number, 3) == [1, 2, 3]


def test_a_guess_is_settled_either_way(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    editor = sign_in(make.moderator(app))
    address = f"/standards/{number}/versions/2"
    save(editor, number, PURPOSE + RENAMED)
    page = editor.page(address)
    lock = next(e["value"] for e in page.all("input") if e.get("name") == "lock")

    said = " ".join(page.one("ul", class_="kept").text.split())
    stale = editor.post(f"/standards/{number}/clauses", {"new": "2", "lock": "0"})
    settled = editor.post(f"/standards/{number}/clauses", {"new": "2", "lock": lock})
    again = editor.post(f"/standards/{number}/clauses", {"new": "2", "lock": str(int(lock) + 1)})

    assert "“How we pay” goes on from “Steps” in version 1." in said
    assert (stale.status_code, settled.status_code, again.status_code) == (409, 303, 409)
    assert keys(app, number, 2) == [1, 3]
    assert editor.page(address).all("ul", class_="kept") == []


def test_who_publishes_confirms_what_was_guessed(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    save(sign_in(make.moderator(app)), number, PURPOSE + RENAMED)
    with app.app_context():
        [guessed] = db.session.query(VersionClause).filter_by(guessed=True).all()
    standards.publish(app, number)

    with app.app_context():
        assert not db.session.query(VersionClause).filter_by(guessed=True).all()
    assert guessed.place == 1
    assert keys(app, number, 2) == [1, 2]


def test_what_nobody_has_seen_is_not_confirmed_by_publishing_at_once(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    editor = sign_in(make.moderator(app))
    fields = standards.fields_of(editor, number)

    asked = editor.post(
        f"/standards/{number}/edit",
        {**fields, "body": PURPOSE + RENAMED, "action": "publish"},
    )
    page = editor.page(asked.headers["Location"])

    assert page.one("article", data_standard=True)["data-state"] == "draft"
    assert "Are these the same clauses?" in page.text
    assert "see first whether the clauses are the same" in page.text


def test_a_stale_form_forgets_what_its_editor_held(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    editor = sign_in(make.moderator(app))
    fields = standards.fields_of(editor, number)
    save(sign_in(make.moderator(app)), number, PURPOSE + RENAMED)

    answer = editor.post(
        f"/standards/{number}/edit",
        {**fields, "body": PURPOSE + RENAMED, "clauses": "1 Purpose\n2 How we pay"},
    )

    page = standards.Document(answer.text)
    [held] = [e for e in page.all("input") if e.get("name") == "clauses"]
    assert (answer.status_code, held["value"]) == (409, "")


def test_a_heading_forgets_a_person_who_is_erased(app: Flask, sign_in) -> None:
    anna = make.person(app, name="Anna Petrova")
    number = standards.in_force(app, body=f"## Ask @[Anna Petrova](person:{anna})\n\nAlways.")

    admin = sign_in(make.admin(app))
    assert admin.post(f"/admin/people/{anna}/erase", {"name": "Anna Petrova"}).status_code == 303

    with app.app_context():
        [clause] = db.session.query(VersionClause).all()
        assert "Petrova" not in clause.title
        assert standards.by_number(number).state == "in_force"


def test_only_editors_settle_and_readers_see_no_guess(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    save(sign_in(make.moderator(app)), number, PURPOSE + RENAMED)
    reader = sign_in()

    answer = reader.post(f"/standards/{number}/clauses", {"same": "2", "lock": "3"})

    assert answer.status_code == 403
    assert "How we pay" not in reader.get(f"/standards/{number}").text


def test_what_was_split_or_joined_remembers_the_other(app: Flask) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS + LIMITS)
    half = "## Counting\n\nThe warehouse counts before noon.\n\n"
    paid = "## Steps\n\nFinance pays on Fridays.\n\nRent and taxes are paid at once.\n\n"
    standards.rewrite(app, number, body=PURPOSE + paid + half)

    with app.app_context():
        of = {row.id: row.key for row in db.session.query(Clause)}
        kin = {(of[row.clause_id], of[row.from_id]) for row in db.session.query(ClauseKin)}
    assert keys(app, number, 2) == [1, 2, 4]
    assert kin == {(4, 2), (2, 3)}


def test_versions_from_before_get_their_clauses(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    standards.rewrite(app, number, body=STEPS + PURPOSE + LIMITS)
    with app.app_context(), transaction():
        for model in (ClauseKin, VersionClause, Clause):
            db.session.query(model).delete()
        db.session.query(Version).update({"clauses": None})
    page = sign_in().page(f"/standards/{number}")

    with app.app_context():
        old.sweep()
        old.sweep()

    assert [e["id"] for e in page.all("section", class_="clause")][:2] == ["clause-1", "clause-2"]
    assert (keys(app, number, 1), keys(app, number, 2)) == ([1, 2], [2, 1, 3])


def test_a_standard_from_before_is_caught_up_with_by_its_next_draft(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE + STEPS)
    with app.app_context(), transaction():
        for model in (VersionClause, Clause):
            db.session.query(model).delete()
        db.session.query(Version).update({"clauses": None})

    save(sign_in(make.moderator(app)), number, STEPS + PURPOSE)

    assert (keys(app, number, 1), keys(app, number, 2)) == ([1, 2], [2, 1])
