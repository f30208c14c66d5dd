"""An idea written together: asked by its author, joined by oneself, left at any time."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.limits import CO_AUTHORS
from forum.ideas.models import Idea
from forum.ideas.together import authors
from forum.ideas.together.queries import co_authors
from forum.search.follower import catch_up as index
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, sent_by


def invite(browser: Browser, idea: int, who: str) -> int:
    """Ask somebody; the status of the answer."""
    return browser.post(f"/ideas/{idea}/authors", {"who": who}).status_code


def written_together(app: Flask, author: int, other: int, **fields: object) -> int:
    """An idea of both."""
    idea = make.idea(app, author, **fields)  # type: ignore[arg-type]
    join(app, idea, author, other)
    return idea


def join(app: Flask, idea: int, author: int, other: int) -> None:
    """Its author asks somebody to write it too, who does."""
    with app.app_context():
        writer, joining = (db.session.get_one(Person, each) for each in (author, other))
        target = db.session.get_one(Idea, idea)
        authors.invite(writer, target, joining)
        authors.accept(joining, target)


def byline(page: Document) -> str:
    return page.one("p", class_="byline").text


def test_who_is_asked_accepts_and_stands_in_the_byline(app, sign_in) -> None:
    author, other = make.person(app, name="Anna Wolf"), make.person(app, name="Boris Maier")
    idea = make.idea(app, author)

    assert invite(sign_in(author), idea, "boris") == 303
    browser = sign_in(other)
    page = browser.page(f"/ideas/{idea}")
    assert "You are asked to write this idea together." in page.text
    assert "Boris" not in byline(page)

    browser.post(f"/ideas/{idea}/authors/accept")
    page = browser.page(f"/ideas/{idea}")
    assert "Anna Wolf, Boris Maier" in byline(page)
    assert "You are asked" not in page.text
    assert idea in [int(row["data-idea"]) for row in browser.page("/ideas?mine=1").all("article")]


def test_who_is_asked_may_decline_think_again_and_is_not_asked_twice(app, sign_in) -> None:
    author, other = make.person(app), make.person(app, name="Boris Maier")
    idea = make.idea(app, author)
    asking, asked = sign_in(author), sign_in(other)
    invite(asking, idea, "Boris Maier")

    asked.post(f"/ideas/{idea}/authors/decline")
    assert "You are asked" not in asked.page(f"/ideas/{idea}").text
    assert invite(asking, idea, "Boris Maier") == 422

    asked.post(f"/ideas/{idea}/authors/reconsider")
    assert "You are asked" in asked.page(f"/ideas/{idea}").text


def test_nobody_joins_unasked(app, sign_in) -> None:
    idea = make.idea(app)

    assert sign_in().post(f"/ideas/{idea}/authors/accept").status_code == 409


def test_a_co_author_edits_the_text_and_chooses_departments_as_the_author_may(app, sign_in) -> None:
    author, other, finance = make.person(app), make.person(app), make.department(app)
    idea = written_together(app, author, other)
    browser = sign_in(other)

    form = sent_by(browser.page(f"/ideas/{idea}/edit"), f"/ideas/{idea}/edit")
    answer = browser.post(f"/ideas/{idea}/edit", {**form, "problem": "Invoices get lost."})
    assert answer.status_code == 303
    assert "Invoices get lost." in sign_in().page(f"/ideas/{idea}").text

    chosen = {"departments": str(finance)}
    assert browser.post(f"/ideas/{idea}/departments", chosen).status_code == 303
    assert sign_in().post(f"/ideas/{idea}/departments", chosen).status_code == 403


def test_what_is_the_authors_alone_stays_so(app, sign_in) -> None:
    author, other = make.person(app), make.person(app)
    idea = written_together(app, author, other)
    browser = sign_in(other)

    assert browser.post(f"/ideas/{idea}/withdraw").status_code == 403
    assert invite(browser, idea, "somebody") == 403
    assert browser.post(f"/ideas/{idea}/authors/{author}/remove").status_code == 403
    assert "Withdraw" not in browser.page(f"/ideas/{idea}").text


def test_a_moderator_decides_nothing_they_wrote_too(app, sign_in) -> None:
    author, moderator = make.person(app), make.moderator(app)
    idea = written_together(app, author, moderator)
    browser = sign_in(moderator)

    verdict = {"decision": "accept", "reason": "It is good."}
    assert browser.post(f"/ideas/{idea}/decision", verdict).status_code == 403
    assert browser.post(f"/ideas/{idea}/review").status_code == 403
    assert not browser.page(f"/ideas/{idea}").all("section", id="decide")
    assert f'data-idea="{idea}"' not in browser.get("/moderation").text


def test_leaving_can_be_undone(app, sign_in) -> None:
    author, other = make.person(app), make.person(app, name="Boris Maier")
    idea = written_together(app, author, other)
    browser = sign_in(other)

    browser.post(f"/ideas/{idea}/authors/leave")
    assert "Boris" not in byline(browser.page(f"/ideas/{idea}"))
    assert browser.get(f"/ideas/{idea}/edit").status_code == 403

    browser.post(f"/ideas/{idea}/authors/accept")
    assert "Boris" in byline(browser.page(f"/ideas/{idea}"))


def test_who_was_removed_by_mistake_is_asked_again(app, sign_in) -> None:
    author, other = make.person(app), make.person(app, name="Boris Maier")
    idea = written_together(app, author, other)
    browser = sign_in(author)

    browser.post(f"/ideas/{idea}/authors/{other}/remove")
    undo = f"/ideas/{idea}/authors/{other}/ask"
    page = browser.page(f"/ideas/{idea}/authors")
    assert page.all("button", formaction=undo)
    assert sign_in(other).post(undo).status_code == 403
    assert browser.post(f"/ideas/{idea}/authors/987654/ask").status_code == 404
    assert browser.post(undo).status_code == 303
    assert browser.post(undo).status_code == 409

    assert "You are asked" in sign_in(other).page(f"/ideas/{idea}").text


def test_the_author_removes_co_authors_and_takes_invitations_back(app, sign_in) -> None:
    author, other = make.person(app), make.person(app, name="Boris Maier")
    idea = written_together(app, author, other)
    make.person(app, name="Clara Huber")
    browser = sign_in(author)
    invite(browser, idea, "Clara Huber")
    page = browser.page(f"/ideas/{idea}/authors")

    for button in page.all("button", formaction=True):
        if button["formaction"].endswith("/remove"):
            browser.post(button["formaction"])

    assert "Nobody writes it with you yet." in browser.page(f"/ideas/{idea}/authors").text
    with app.app_context():
        assert co_authors(idea) == []


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("nobody at all", "Nobody here is called so."),
        ("", "Fill this in."),
        ("Maier", "Several people are called so."),
        ("Gone", "Nobody here is called so."),
        ("guest@example.org", "They do not see this idea."),
        ("author@example.org", "They write it with you already"),
    ],
)
def test_whoever_cannot_be_asked_is_refused_with_the_reason(app, sign_in, who, why) -> None:
    author = make.person(app, name="Anna Wolf", email="author@example.org")
    for name in ("Boris Maier", "Clara Maier"):
        make.person(app, name=name)
    make.person(app, name="Gone Away", deactivated_at=make.ago(days=1))
    elsewhere = make.department(app)
    make.person(app, kind="consultant", attached=[elsewhere], email="guest@example.org")
    idea = make.idea(app, author)

    answer = sign_in(author).post(f"/ideas/{idea}/authors", {"who": who})

    assert answer.status_code == 422
    assert why in Document(answer.text).text


def test_there_is_an_end_to_how_many_write_together(app) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    others = [make.person(app) for _ in range(CO_AUTHORS.value + 1)]

    with app.app_context():
        writer, target = db.session.get_one(Person, author), db.session.get_one(Idea, idea)
        for other in others[:-1]:
            authors.invite(writer, target, db.session.get_one(Person, other))
        with pytest.raises(Exception, match="at most 10"):
            authors.invite(writer, target, db.session.get_one(Person, others[-1]))


def test_drafts_and_withdrawn_ideas_are_not_shared(app, sign_in) -> None:
    author, other = make.person(app), make.person(app, name="Boris Maier")
    draft, withdrawn = make.idea(app, author, draft=True), make.idea(app, author)
    browser = sign_in(author)
    browser.post(f"/ideas/{withdrawn}/withdraw")

    assert other
    assert invite(browser, draft, "Boris Maier") == 403
    assert invite(browser, withdrawn, "Boris Maier") == 403


def test_everybody_hears_their_part_and_co_authors_what_an_author_hears(app, sign_in) -> None:
    author, other = make.person(app), make.person(app, name="Boris Maier")
    (finance, representative) = make.represented(app)
    idea = make.idea(app, author, departments=[finance])
    invite(sign_in(author), idea, "Boris Maier")
    catch_up(app)
    sign_in(other).post(f"/ideas/{idea}/authors/accept")
    catch_up(app)
    make.answer(app, idea, finance, representative, "helps")
    make.comment(app, idea)
    make.decide(app, idea, owner_id=finance)
    catch_up(app)

    assert news_of(app, author) == ["joined", "answered", "commented", "decided"]
    assert news_of(app, other) == ["invited", "answered", "commented", "decided"]


def test_a_co_author_is_found_by_their_name(app, sign_in) -> None:
    author, other = make.person(app, name="Anna Wolf"), make.person(app, name="Boris Maier")
    make.idea(app, other, problem="Badges are forgotten at home.")
    idea = written_together(app, author, other, problem="Stamps are locked away.")
    index(app)
    browser = sign_in()

    def found(question: str) -> set[str]:
        return {hit["id"] for hit in browser.json(f"/search?q={question}&kind=idea")["hits"]}

    assert str(idea) in found("author:boris")
    assert len(found("author:boris")) == 2
    assert found("author:anna") == {str(idea)}

    sign_in(other).post(f"/ideas/{idea}/authors/leave")
    index(app)
    assert str(idea) not in found("author:boris")


def test_the_page_of_a_person_lists_what_they_wrote_with_others(app, sign_in) -> None:
    author, other = make.person(app), make.person(app)
    written_together(app, author, other, title="Stamps for all")

    assert "Stamps for all" in sign_in().page(f"/people/{other}").text
