"""What stands in a document is found with the idea, comment or standard that brings it along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.files import extraction
from forum.search.documents import Document
from forum.search.follower import catch_up, shelf_of
from forum.search.verify import differences
from forum.search.wording import FILE_WEIGHTS, card_of, file_weight
from tests.files.sending import send
from tests.support import make, office
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


def found(browser: Browser, query: str) -> list[tuple[str, str]]:
    """What a search finds, as (kind, snippet)."""
    hits = browser.json("/search", query_string={"q": query})["hits"]
    return [(hit["kind"], hit["snippet"]) for hit in hits]


def read_all(app: Flask) -> None:
    """Read whatever waits, and have the index follow."""
    with app.app_context():
        while extraction.read_next():
            pass
    catch_up(app)


def test_an_idea_is_found_by_its_document_whenever_that_was_read(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    browser = sign_in(author)
    early = send(browser, office.docx("The barrier jams"), "early.docx").json["markdown"]
    read_all(app)
    make.idea(app, author, title="Gate", problem=f"See {early}")
    late = send(browser, office.xlsx("шлагбаум заедает"), "поздно.xlsx").json["markdown"]
    make.idea(app, author, title="Ворота", problem=f"Смотрите {late}")
    catch_up(app)
    before = found(browser, "шлагбаумы")

    read_all(app)

    assert before == []
    assert found(browser, "barriers") == [("idea", "early.docx: The <mark>barrier</mark> jams")]
    assert found(browser, "шлагбаумы") == [("idea", "поздно.xlsx: <mark>шлагбаум</mark> заедает")]


def test_a_comments_document_is_found_with_the_comment(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    link = send(browser, office.pdf("forklift timetable"), "plan.pdf").json["markdown"]
    comment = make.comment(app, make.idea(app), author, body=f"Here: {link}")
    read_all(app)

    there = found(browser, "forklift")
    browser.post(f"/comments/{comment}/delete")
    catch_up(app)

    assert [kind for kind, _snippet in there] == ["comment"]
    assert found(browser, "forklift") == []


def test_what_a_text_no_longer_names_finds_it_no_more(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    link = send(browser, office.pdf("forklift"), "plan.pdf").json["markdown"]
    idea = make.idea(app, author, problem=f"Here: {link}")
    read_all(app)
    before = found(browser, "forklift")

    browser.post(f"/ideas/{idea}/edit", {"problem": "Without it."})
    catch_up(app)

    assert len(before) == 1
    assert found(browser, "forklift") == []


def test_documents_are_found_by_those_alone_who_see_what_they_belong_to(
    app: Flask, sign_in: SignIn
) -> None:
    from forum.accounts.models import Person
    from forum.ideas.models import Idea
    from forum.moderation import actions as moderation

    inside, outside = make.department(app), make.department(app)
    author = make.person(app, department=inside)
    browser = sign_in(author)
    consultant = sign_in(make.person(app, kind="consultant", attached=[outside]))
    sent = [send(browser, office.pdf(f"forklift {n}"), f"{n}.pdf").json for n in range(3)]
    make.idea(app, author, problem=sent[0]["markdown"], departments=[inside])
    hidden = make.idea(app, author, problem=sent[1]["markdown"])
    browser.post("/ideas/new", {"problem": sent[2]["markdown"], "action": "draft"})
    with app.app_context():
        moderator = db.session.get_one(Person, make.moderator(app))
        moderation.hide(moderator, db.session.get_one(Idea, hidden))
    read_all(app)

    seen = [len(found(each, "forklift")) for each in (browser, sign_in(), consultant)]

    assert seen == [1, 1, 0]


def test_the_index_agrees_with_the_database(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    link = send(sign_in(author), office.docx("forklift"), "plan.docx").json["markdown"]
    make.idea(app, author, problem=link)
    read_all(app)

    with app.app_context():
        lines = [line for line in differences(shelf_of(app)) if not line.startswith("person:")]

    assert lines == []


def test_a_word_of_the_text_counts_more_than_one_of_a_document(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    link = send(browser, office.docx("The forklift, the forklift"), "a.docx").json["markdown"]
    make.idea(app, author, title="Other things entirely", problem=f"Look: {link}")
    make.idea(app, author, title="Something else", problem="Here the forklift stands around.")
    read_all(app)

    hits = found(browser, "forklift")

    assert "Here the <mark>forklift</mark>" in hits[0][1]
    assert hits[1][1].startswith("a.docx: ")


@pytest.mark.parametrize(("body", "files"), [(10, 10), (10, 500), (2_000, 500), (5, 20_000)])
def test_a_document_never_outweighs_what_it_belongs_to(body: int, files: int) -> None:
    weight = file_weight(body, files)

    assert weight in FILE_WEIGHTS
    assert weight * files <= max(100, body) or weight == FILE_WEIGHTS[-1]


def test_things_without_documents_are_kept_as_they_were() -> None:
    plain = Document("idea", 1, "Title", "Body")

    assert card_of(plain) == card_of(plain._replace(files=""))
    assert card_of(plain) != card_of(plain._replace(files="words"))


def test_erasing_a_text_erases_the_way_to_its_document(app: Flask, sign_in: SignIn) -> None:
    from forum.core.personal import blank
    from forum.ideas.models import Idea

    author = make.person(app)
    link = send(sign_in(author), office.docx("forklift"), "a.docx").json["markdown"]
    idea = make.idea(app, author, problem=link)
    read_all(app)
    with app.app_context(), transaction():
        blank([db.session.get_one(Idea, idea).problem_id])

    with app.app_context():
        differing = [line for line in differences(shelf_of(app)) if line.startswith("idea:")]

    assert differing == [f"idea:{idea} differs"]
