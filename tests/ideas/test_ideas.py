"""Posting, reading, editing and listing ideas."""

from __future__ import annotations

import pytest

from tests.support import make


def test_one_text_is_enough(app, sign_in) -> None:
    browser = sign_in()

    answer = browser.post("/ideas/new", {"problem": "Invoices wait for three weeks. It hurts."})

    assert answer.status_code == 303
    page = browser.page(answer.location)
    assert page.one("h1").text == "Invoices wait for three weeks"
    assert page.one("article", data_idea=True)["data-stage"] == "open"


def test_an_empty_idea_is_refused_and_what_was_typed_stays(sign_in) -> None:
    browser = sign_in()

    answer = browser.post(
        "/ideas/new", {"problem": "  ", "proposal": "Do it better", "tags": "a,b"}
    )

    assert answer.status_code == 422
    assert "Do it better" in answer.text
    assert 'value="a,b"' in answer.text


def test_too_long_a_title_is_an_error_at_its_field(sign_in) -> None:
    from tests.support.pages import Document

    answer = sign_in().post("/ideas/new", {"problem": "x", "title": "t" * 201})

    page = Document(answer.text)
    assert answer.status_code == 422
    field = page.one("input", id="title")
    assert "201" in page.one("p", id=field["aria-describedby"].split()[-1]).text


def test_a_draft_is_nobody_elses_business(app, sign_in) -> None:
    author = make.person(app)
    draft = make.idea(app, author, draft=True)

    assert sign_in(author).get(f"/ideas/{draft}").status_code == 200
    assert sign_in(make.moderator(app)).get(f"/ideas/{draft}").status_code == 404
    assert f'data-idea="{draft}"' not in sign_in(author).get("/ideas").text


def test_two_tabs_never_overwrite_one_another(app, sign_in) -> None:
    author = make.person(app)
    browser = sign_in(author)
    draft = make.idea(app, author, draft=True, problem="first")

    mine = browser.post(f"/ideas/{draft}/autosave", {"problem": "from one tab", "version": "1"})
    other = browser.post(f"/ideas/{draft}/autosave", {"problem": "from the other", "version": "1"})

    assert (mine.status_code, other.status_code) == (200, 409)
    assert mine.json["version"] == 2
    assert "from one tab" in browser.get(f"/ideas/{draft}").text


def test_an_edit_keeps_every_wording_readable(app, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author, problem="The old wording stays.")
    browser = sign_in(author)

    answer = browser.post(
        f"/ideas/{idea}/edit",
        {"title": "New", "problem": "The new wording stays.", "revision": "1"},
    )

    assert answer.status_code == 303
    history = sign_in().page(f"/ideas/{idea}/history")
    assert [e.text.strip() for e in history.all("del")] == ["old"]
    assert [e.text.strip() for e in history.all("ins")] == ["new"]


def test_a_stale_edit_is_a_conflict_that_keeps_both(app, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    browser = sign_in(author)
    browser.post(f"/ideas/{idea}/edit", {"problem": "From one window", "revision": "1"})

    answer = browser.post(f"/ideas/{idea}/edit", {"problem": "From the other", "revision": "1"})

    assert answer.status_code == 409
    assert "From the other" in answer.text
    assert "From one window" in browser.get(f"/ideas/{idea}").text


def test_only_the_author_edits(app, sign_in) -> None:
    idea = make.idea(app)

    assert sign_in().get(f"/ideas/{idea}/edit").status_code == 403
    assert sign_in().post(f"/ideas/{idea}/edit", {"problem": "x"}).status_code == 403


def test_a_withdrawn_idea_stays_readable(app, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author)

    sign_in(author).post(f"/ideas/{idea}/withdraw")

    page = sign_in().page(f"/ideas/{idea}")
    assert page.one("article", data_idea=idea)["data-stage"] == "withdrawn"


@pytest.mark.parametrize("sort", ["new", "supported", "active", "balanced"])
def test_paging_shows_every_idea_once_in_every_order(app, sign_in, sort) -> None:
    author = make.person(app)
    made = {make.idea(app, author, problem=f"Problem {n}") for n in range(45)}
    for number, idea in enumerate(sorted(made)[:7]):
        for _ in range(number % 3):
            make.vote(app, idea)
    browser = sign_in()

    seen, address = [], f"/ideas?sort={sort}"
    while address:
        page = browser.page(address)
        seen += [int(row["data-idea"]) for row in page.all("article", data_idea=True)]
        links = page.all("a", rel="next")
        address = links[0]["href"] if links else ""

    assert len(seen) == 45
    assert set(seen) == made


def test_filters_narrow_the_list(app, sign_in) -> None:
    it, finance = make.department(app, slug="it"), make.department(app, slug="finance")
    author = make.person(app, department=finance)
    affects_it = make.idea(app, author, departments=[it], tags=["Night shift"])
    other = make.idea(app)
    browser = sign_in(author)

    def shown(query: str) -> list[int]:
        page = browser.page(f"/ideas?{query}")
        return [int(row["data-idea"]) for row in page.all("article", data_idea=True)]

    assert shown("") == [other, affects_it]
    assert shown("affected=it") == [affects_it]
    assert shown("department=finance") == [affects_it]
    assert shown("tag=night-shift") == [affects_it]
    assert shown("mine=1") == [affects_it]
    assert shown("stage=declined") == []


def test_unknown_filters_are_left_out_with_a_notice(app, sign_in) -> None:
    make.idea(app)

    page = sign_in().page("/ideas?stage=nonsense&sort=%00&affected=nobody&after=zzz")

    assert "stage" in page.one("main").text
    assert len(page.all("article", data_idea=True)) == 1


def test_waiting_shows_what_waits_for_my_departments(app, sign_in) -> None:
    it = make.department(app)
    representative = make.person(app, department=it)
    make.represent(app, representative, it)
    waiting, _other = make.idea(app, departments=[it]), make.idea(app)

    page = sign_in(representative).page("/ideas?waiting=1")

    assert [row["data-idea"] for row in page.all("article", data_idea=True)] == [str(waiting)]


def test_an_unknown_department_is_refused(app, sign_in) -> None:
    answer = sign_in().post("/ideas/new", {"problem": "x", "departments": ["999"]})

    assert answer.status_code == 422


def test_an_unknown_idea_is_not_found(sign_in) -> None:
    browser = sign_in()

    assert browser.get("/ideas/999").status_code == 404
    assert browser.get("/ideas/99999999999999999999999").status_code == 404
