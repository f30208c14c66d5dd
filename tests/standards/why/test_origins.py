"""What clauses came from: linked by versions and by hand, and who is told when one goes."""

from __future__ import annotations

from flask import Flask

from forum.core import readers
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

PURPOSE = "## Purpose\n\nSuppliers know on which day they are paid and by whom.\n\n"
STEPS = "## Steps\n\nFinance pays on Fridays. The warehouse counts before noon.\n\n"
LIMITS = "## Exceptions\n\nRent and taxes are paid at once.\n\n"


def words(browser: Browser, address: str) -> str:
    """What a page says."""
    return " ".join(browser.page(address).one("main").text.split())


def amended(app: Flask, sign_in, body: str, *, author: int | None = None) -> tuple[str, int]:
    """A standard of two clauses whose second version an idea fed, with this text; both.

    What the idea itself brings along, where it comes from, is the third clause for a while.
    """
    owner = make.department(app, "Finance")
    number = standards.in_force(app, body=PURPOSE + STEPS)
    fields: dict[str, object] = {"author": author} if author else {}
    idea = standards.accepted(app, owner=owner, title="Rent at once", **fields)
    standards.standardise(app, idea, number)
    editor = sign_in(make.moderator(app))
    sent = {**standards.fields_of(editor, number), "body": body}
    assert editor.post(f"/standards/{number}/edit", sent).status_code == 303
    standards.publish(app, number)
    return number, idea


def test_a_clause_that_an_idea_brought_says_so(app: Flask, sign_in) -> None:
    number, idea = amended(app, sign_in, PURPOSE + STEPS + LIMITS)
    reader = sign_in()

    page = reader.page(f"/standards/{number}")
    [why] = page.all("p", class_="why")
    story = words(reader, f"/standards/{number}/clauses/4")

    assert "Why does this rule exist?" in why.text
    assert "Rent at once" in story
    assert "It was worded here first." in story
    assert "In force since version 2" in story
    assert "Clause of it that came from here: 3" in words(reader, f"/ideas/{idea}")


def test_a_clause_that_a_version_left_alone_does_not(app: Flask, sign_in) -> None:
    number, _idea = amended(app, sign_in, PURPOSE + STEPS + LIMITS)

    assert "Nobody has said where it comes from" in words(
        sign_in(), f"/standards/{number}/clauses/1"
    )


def test_a_clause_that_was_worded_anew_shows_what_changed(app: Flask, sign_in) -> None:
    number, _idea = amended(app, sign_in, PURPOSE + STEPS.replace("Fridays", "Mondays"))

    page = sign_in().page(f"/standards/{number}/clauses/2")

    assert [e.text for e in page.all("del")] == ["Fridays"]
    assert [e.text for e in page.all("ins")] == ["Mondays"]
    assert "Rent at once" in page.one("main").text


def test_an_editor_says_and_takes_back_what_it_came_from(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE)
    idea = make.idea(app, title="Tell the day")
    comment = make.comment(app, idea, make.person(app), "In May it was three weeks.")
    editor = sign_in(make.moderator(app))
    address = f"/standards/{number}/clauses/1"

    wrong = editor.post(f"{address}/link", {"address": "/ideas/999"})
    editor.post(f"{address}/link", {"address": f"http://localhost/ideas/{idea}"})
    editor.post(f"{address}/link", {"address": f"/ideas/{idea}#comment-{comment}"})
    editor.post(f"{address}/link", {"address": f"/ideas/{idea}"})
    told = words(editor, address)
    editor.post(f"{address}/unlink", {"kind": "idea", "source": str(idea)})
    twice = editor.post(f"{address}/unlink", {"kind": "idea", "source": str(idea)})

    assert wrong.status_code == 422
    assert "/ideas/999" in wrong.text
    assert "In May it was three weeks." in told
    assert told.count("Idea by:") == 1
    assert "Idea by:" not in words(editor, address)
    assert twice.status_code == 404


def test_what_was_taken_away_is_not_linked_again_by_a_version(app: Flask, sign_in) -> None:
    number, idea = amended(app, sign_in, PURPOSE + STEPS + LIMITS)
    editor = sign_in(make.moderator(app))
    address = f"/standards/{number}/clauses/4"
    editor.post(f"{address}/unlink", {"kind": "idea", "source": str(idea)})

    standards.rewrite(app, number, body=PURPOSE + STEPS + LIMITS.replace("Rent", "Rents"))

    assert "Idea by:" not in words(editor, address)


def test_who_does_not_see_the_idea_does_not_hear_of_it(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE)
    idea = make.idea(app, title="A secret matter")
    moderator = make.moderator(app)
    editor, reader = sign_in(moderator), sign_in()
    editor.post(f"/standards/{number}/clauses/1/link", {"address": f"/ideas/{idea}"})
    editor.post(f"/ideas/{idea}/hide", {"why": "Not for everybody."})

    assert "A secret matter" not in words(reader, f"/standards/{number}/clauses/1")
    assert "A secret matter" in words(editor, f"/standards/{number}/clauses/1")


def test_a_clause_of_a_draft_is_its_editors_alone(app: Flask, sign_in) -> None:
    number = standards.in_force(app, body=PURPOSE)
    editor, reader = sign_in(make.moderator(app)), sign_in()
    sent = {**standards.fields_of(editor, number), "body": PURPOSE + LIMITS}
    editor.post(f"/standards/{number}/edit", sent)
    address = f"/standards/{number}/clauses/2"

    assert "This clause is in the draft of version 2." in words(editor, address)
    assert reader.get(address).status_code == 404
    assert reader.post(f"{address}/link", {"address": "/ideas/1"}).status_code == 404
    assert reader.post(f"/standards/{number}/clauses/1/link", {"address": "/x"}).status_code == 403


def test_the_author_hears_when_a_clause_of_theirs_is_dropped(app: Flask, sign_in) -> None:
    author = make.person(app)
    number, _idea = amended(app, sign_in, PURPOSE + STEPS + LIMITS, author=author)
    standards.rewrite(app, number, body=PURPOSE + STEPS)
    with app.app_context():
        readers.catch_up()

    reader = sign_in(author)

    assert "A clause that came from your idea was dropped" in words(reader, "/notifications")
    assert "It went out of force with version 2" in words(reader, f"/standards/{number}/clauses/4")
