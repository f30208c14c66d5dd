"""Suggested edits: shown word by word, taken with the suggester's name, or left with a reason."""

from __future__ import annotations

import pytest

from forum.core.limits import SUGGESTIONS
from tests.ideas.test_co_authors import written_together
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, sent_by

PROBLEM = "Invoices arrive late. Nobody knows why. We wait a week."


def suggest(browser: Browser, idea: int, **changes: str) -> int:
    """Suggest an edit; the suggestion's id, or the status it was refused with."""
    address = f"/ideas/{idea}/suggest"
    form = sent_by(browser.page(address), address)
    answer = browser.post(address, {**form, **changes})
    if answer.status_code != 303:
        return -answer.status_code
    page = browser.page(f"/ideas/{idea}/suggestions")
    return max(int(each["id"].rpartition("-")[2]) for each in page.all("section", id=True))


def act(browser: Browser, idea: int, number: int, verb: str, **fields: str) -> int:
    return browser.post(f"/ideas/{idea}/suggestions/{number}/{verb}", fields).status_code


def text_of(browser: Browser, idea: int) -> str:
    return browser.page(f"/ideas/{idea}").one("div", class_="reading").text


def edit(browser: Browser, idea: int, **changes: str) -> None:
    form = sent_by(browser.page(f"/ideas/{idea}/edit"), f"/ideas/{idea}/edit")
    assert browser.post(f"/ideas/{idea}/edit", {**form, **changes}).status_code == 303


def differences(page: Document) -> tuple[list[str], list[str]]:
    """What goes and what comes."""
    return [each.text for each in page.all("del")], [each.text for each in page.all("ins")]


def test_a_suggestion_is_a_difference_the_author_takes_in_one_tap(app, sign_in) -> None:
    author, helper = make.person(app), make.person(app, name="Boris Maier")
    idea = make.idea(app, author, problem=PROBLEM, tags=["paper"])
    number = suggest(sign_in(helper), idea, problem=PROBLEM.replace("late", "too late"))
    browser = sign_in(author)

    assert "1 suggested edit" in browser.page(f"/ideas/{idea}").text
    assert differences(browser.page(f"/ideas/{idea}/suggestions"))[1] == ["too "]
    assert act(browser, idea, number, "take") == 303

    assert "Invoices arrive too late." in text_of(browser, idea)
    assert "suggested by Boris Maier" in browser.page(f"/ideas/{idea}/history").text
    page = browser.page(f"/ideas/{idea}")
    assert "suggested edit" not in page.text
    assert [a.text for a in page.all("a", class_="chip")] == ["#paper"]


def test_leaving_wants_a_reason_that_everybody_reads(app, sign_in) -> None:
    author, helper = make.person(app), make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    number = suggest(sign_in(helper), idea, title="Another title")
    browser = sign_in(author)

    assert act(browser, idea, number, "leave", reason=" ") == 422
    assert act(browser, idea, number, "leave", reason="The title is known already.") == 303

    assert "The title is known already." in sign_in().page(f"/ideas/{idea}/suggestions").text
    assert act(browser, idea, number, "take") == 409


def test_taking_and_leaving_can_be_undone(app, sign_in) -> None:
    author, helper = make.person(app), make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    number = suggest(sign_in(helper), idea, problem="Invoices get lost.")
    browser = sign_in(author)

    act(browser, idea, number, "take")
    assert act(browser, idea, number, "undo") == 303
    assert PROBLEM in text_of(browser, idea)
    assert "1 suggested edit" in browser.page(f"/ideas/{idea}").text

    act(browser, idea, number, "leave", reason="No.")
    act(browser, idea, number, "undo")
    assert act(browser, idea, number, "take") == 303
    edit(browser, idea, problem="Invoices get lost on Mondays.")
    assert act(browser, idea, number, "undo") == 409
    assert "on Mondays" in text_of(browser, idea)


def test_a_suggestion_on_an_older_wording_is_put_on_top_of_the_present_one(app, sign_in) -> None:
    author, helper = make.person(app), make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    number = suggest(sign_in(helper), idea, problem=PROBLEM.replace("late", "too late"))
    browser = sign_in(author)

    edit(browser, idea, problem=PROBLEM.replace("a week", "a month"))
    act(browser, idea, number, "take")

    assert "Invoices arrive too late. Nobody knows why. We wait a month." in text_of(browser, idea)


def test_a_suggestion_that_no_longer_applies_says_so_and_is_not_taken(app, sign_in) -> None:
    author, helper = make.person(app), make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    number = suggest(sign_in(helper), idea, problem=PROBLEM.replace("late", "too late"))
    browser = sign_in(author)

    edit(browser, idea, problem=PROBLEM.replace("late", "never"))
    page = browser.page(f"/ideas/{idea}/suggestions")

    assert "can no longer be taken as it is" in page.text
    assert not page.all("button", formaction=f"/ideas/{idea}/suggestions/{number}/take")
    assert act(browser, idea, number, "take") == 409
    assert "arrive never" in text_of(browser, idea)


def test_a_form_opened_before_the_text_changed_suggests_over_what_it_showed(app, sign_in) -> None:
    author, helper = make.person(app), make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    late = sign_in(helper)
    form = sent_by(late.page(f"/ideas/{idea}/suggest"), f"/ideas/{idea}/suggest")
    browser = sign_in(author)
    edit(browser, idea, problem=PROBLEM.replace("a week", "a month"))

    late.post(f"/ideas/{idea}/suggest", {**form, "problem": PROBLEM.replace("late", "too late")})

    assert differences(browser.page(f"/ideas/{idea}/suggestions")) == ([], ["too "])


def test_who_may_what(app, sign_in) -> None:
    author, helper, other = make.person(app), make.person(app), make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    number = suggest(sign_in(helper), idea, title="Another title")

    for stranger in (sign_in(other), sign_in(make.moderator(app)), sign_in(helper)):
        assert act(stranger, idea, number, "take") == 403
        assert act(stranger, idea, number, "leave", reason="No") == 403
    assert act(sign_in(other), idea, number, "withdraw") == 403
    assert sign_in(author).get(f"/ideas/{idea}/suggest").status_code == 403
    assert act(sign_in(helper), idea, number, "withdraw") == 303
    assert act(sign_in(author), idea, number, "take") == 409
    assert act(sign_in(helper), idea, number, "undo") == 303
    assert act(sign_in(author), idea, number, "take") == 303


def test_a_co_author_takes_as_well(app, sign_in) -> None:
    author, other = make.person(app), make.person(app)
    idea = written_together(app, author, other, problem=PROBLEM)
    number = suggest(sign_in(), idea, title="Another title")

    assert act(sign_in(other), idea, number, "take") == 303


def test_another_ideas_suggestion_is_not_here(app, sign_in) -> None:
    author = make.person(app)
    idea, other = make.idea(app, author, problem=PROBLEM), make.idea(app, author)
    number = suggest(sign_in(), idea, title="Another title")

    for verb in ("take", "leave", "withdraw", "undo"):
        assert act(sign_in(author), other, number, verb) == 404


def test_nothing_and_too_much_are_refused(app, sign_in) -> None:
    idea = make.idea(app, problem=PROBLEM)
    browser = sign_in()

    assert suggest(browser, idea) == -422
    assert suggest(browser, idea, problem="") == -422
    for number in range(3):
        assert suggest(browser, idea, title=f"Title {number}") > 0
    assert suggest(browser, idea, title="One more") == -422


@pytest.mark.full
def test_so_many_may_wait_and_the_rest_stands_on_the_next_page(app, sign_in) -> None:
    idea = make.idea(app, problem=PROBLEM)
    for number in range(SUGGESTIONS.value):
        assert suggest(sign_in(), idea, title=f"Title {number}") > 0

    assert suggest(sign_in(), idea, title="One more") == -422
    page = sign_in().page(f"/ideas/{idea}/suggestions")
    assert len(page.all("section", id=True)) == 10
    assert page.all("a", rel="next")


def test_in_review_the_text_stands_and_suggestions_wait(app, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    number = suggest(sign_in(), idea, title="Another title")
    sign_in(make.moderator(app)).post(f"/ideas/{idea}/review")

    assert act(sign_in(author), idea, number, "take") == 403
    assert sign_in().get(f"/ideas/{idea}/suggest").status_code == 403


def test_those_concerned_hear_of_it(app, sign_in) -> None:
    author, helper = make.person(app), make.person(app)
    idea = make.idea(app, author, problem=PROBLEM)
    taken = suggest(sign_in(helper), idea, title="Another title")
    left = suggest(sign_in(helper), idea, problem="Invoices get lost.")
    withdrawn = suggest(sign_in(helper), idea, problem="Nothing.")
    act(sign_in(helper), idea, withdrawn, "withdraw")
    catch_up(app)
    act(sign_in(author), idea, taken, "take")
    act(sign_in(author), idea, left, "leave", reason="No.")
    catch_up(app)

    assert news_of(app, author) == ["suggested", "suggested"]
    assert news_of(app, helper) == ["suggestion-taken", "suggestion-left"]
    page = sign_in(helper).page("/notifications")
    opened = page.all("button", class_="news-title")[0]["formaction"]
    assert sign_in(helper).post(opened).location == f"/ideas/{idea}/suggestions"


@pytest.mark.parametrize("count", [1, 9])
def test_the_page_costs_the_same_however_many_wait(app, sign_in, queries, count) -> None:
    idea = make.idea(app, problem=PROBLEM)
    for number in range(count):
        suggest(sign_in(), idea, title=f"Title {number}")
    browser = sign_in()
    browser.get(f"/ideas/{idea}/suggestions")

    with queries(6):  # the reader, the idea, whether they write it, what waits, its words, the rest
        browser.get(f"/ideas/{idea}/suggestions")
