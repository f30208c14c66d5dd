"""Who writes an idea with others does what its author may about departments and moderators."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from flask import Flask

from tests.ideas.clocks import slot
from tests.ideas.test_co_authors import written_together
from tests.moderation.acts import decide, flag, follow
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make
from tests.support.pages import Document, sent_by


class Asked(NamedTuple):
    """An idea of two people, and a department that is asked."""

    idea: int
    other: int
    department: int
    representative: int

    @property
    def slot(self) -> str:
        """Where the department's answer lies."""
        return f"/ideas/{self.idea}/answers/{self.department}"


@pytest.fixture
def asked(app: Flask) -> Asked:
    department, representative = make.represented(app)
    author, other = make.person(app), make.person(app)
    idea = written_together(app, author, other, departments=[department])
    return Asked(idea, other, department, representative)


def tile(page: Document, asked: Asked) -> str:
    return page.one("li", data_department=asked.department).text


def reword(browser: Any, idea: int, problem: str) -> int:
    form = sent_by(browser.page(f"/ideas/{idea}/edit"), f"/ideas/{idea}/edit")
    answer: int = browser.post(f"/ideas/{idea}/edit", {**form, "problem": problem}).status_code
    return answer


def test_a_co_author_says_that_a_question_is_answered(app, sign_in, asked) -> None:
    sign_in(asked.representative).post(f"{asked.slot}/question", {"question": "Which gate?"})
    browser = sign_in(asked.other)

    assert "A department asks you" in browser.page("/").text
    assert "I have answered it" in tile(browser.page(f"/ideas/{asked.idea}"), asked)
    assert browser.post(f"{asked.slot}/question/done").status_code == 303

    assert slot(app, asked.idea, asked.department).paused_at is None
    assert "A department asks you" not in browser.page("/").text


def test_a_co_author_takes_a_change_up_and_asks_again(app, sign_in, asked) -> None:
    make.answer(app, asked.idea, asked.department, asked.representative, "needs_change", "Where?")
    browser = sign_in(asked.other)
    assert "Change the text" in tile(browser.page(f"/ideas/{asked.idea}"), asked)

    reword(browser, asked.idea, "Gate three has no bell.")
    assert "ask again" in tile(browser.page(f"/ideas/{asked.idea}"), asked)
    assert browser.post(f"{asked.slot}/ask-again").status_code == 303

    assert slot(app, asked.idea, asked.department).answer == "waiting"


def test_a_co_author_who_answers_for_a_department_has_nobody_to_ask(app, sign_in, asked) -> None:
    make.represent(app, asked.other, asked.department)
    browser = sign_in(asked.other)

    assert "Ask the author" not in tile(browser.page(f"/ideas/{asked.idea}"), asked)
    refused = browser.post(f"{asked.slot}/question", {"question": "Whom?"})

    assert refused.status_code == 409


def test_a_co_author_hears_what_moderators_did_sees_why_and_repairs_it(app, sign_in, asked) -> None:
    moderator = sign_in(make.moderator(app))
    matter = flag(app, "idea", asked.idea)
    assert decide(moderator, matter, "hidden", "Leave the names out.") == 303
    catch_up(app)
    browser = sign_in(asked.other)

    assert news_of(app, asked.other)[-1:] == ["moderated"]
    assert "Leave the names out." in browser.page("/notifications").text
    page = browser.page(f"/ideas/{asked.idea}")
    assert "Change the text once" in page.text
    assert sign_in().get(f"/ideas/{asked.idea}").status_code == 404

    assert reword(browser, asked.idea, "The gate has no bell.") == 303
    follow(app)
    assert "The gate has no bell." in moderator.page("/moderation?queue=flags").text


def test_a_co_author_hears_that_it_went_to_the_trash(app, sign_in, asked) -> None:
    sign_in(make.moderator(app)).post(f"/ideas/{asked.idea}/trash", {"why": "Twice."})
    catch_up(app)

    browser = sign_in(asked.other)
    assert "moderated" in news_of(app, asked.other)
    assert "Twice." in browser.page(f"/ideas/{asked.idea}").text


def test_a_moderator_handles_no_flag_on_what_they_wrote_too(app, sign_in) -> None:
    moderator = make.moderator(app)
    matter = flag(app, "idea", written_together(app, make.person(app), moderator))
    browser = sign_in(moderator)

    assert not browser.page("/moderation?queue=flags").all("article", data_matter=matter)
    assert decide(browser, matter, "disagreed") == 403
    assert decide(sign_in(make.moderator(app)), matter, "disagreed") == 303


def test_a_co_author_who_left_sees_nothing_hidden(app, sign_in, asked) -> None:
    browser = sign_in(asked.other)
    browser.post(f"/ideas/{asked.idea}/authors/leave")
    sign_in(make.moderator(app)).post(f"/ideas/{asked.idea}/hide")

    assert browser.get(f"/ideas/{asked.idea}").status_code == 404
