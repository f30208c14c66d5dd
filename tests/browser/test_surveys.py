"""A wave on the phone: asked, half filled, come back to, sent, and never again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.surveys.models import SurveyAnswer, SurveyText
from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.browser.watch import settled, until
from tests.support import make
from tests.surveys import company

Enter = Callable[..., Visit]


def asked_of_anna(app: Flask, locale: str, what: str = "Badges") -> tuple[int, int]:
    """A new service of Anna's department, and a wave about it."""
    with app.app_context():
        anna = db.session.scalars(select(Person).where(Person.email == "anna@demo.example")).one()
        home = anna.department_id
        it = db.session.scalars(select(Department.id).where(Department.slug == "it")).one()
        with transaction():
            save_settings(company.GENEROUS)
    assert home is not None
    service = company.service(app, it, home, f"{what} {locale}")
    by = make.moderator(app)
    return service, company.running(app, [service], title=f"{what}, {locale}", by=by)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_wave_is_answered_on_the_phone_and_half_an_answer_waits_in_the_browser(
    visit: Enter, inside: Flask, locale: str
) -> None:
    service, wave = asked_of_anna(inside, locale)
    anna = visit("anna", locale, width=360)
    page = anna.page
    page.goto("/surveys")
    page.get_by_role("link", name=f"Badges, {locale}").first.click()
    settled(page)
    items = page.locator(f"[data-service='{service}'] .survey-items")

    expect(items).to_be_visible()  # the only service is ticked already
    page.locator(f"#s{service}").uncheck()
    expect(items).to_be_hidden()
    page.locator(f"#s{service}").check()
    four = items.get_by_text("4", exact=True).first
    box = four.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    four.click()
    items.locator("textarea").fill("Badges arrive late. Пропуска опаздывают.")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    until(page, "Object.keys(localStorage).some((key) => key.startsWith('answers:'))")
    assert "POST" not in sent  # half an answer is nowhere but here

    page.reload()
    settled(page)
    expect(items.locator("textarea")).to_have_value("Badges arrive late. Пропуска опаздывают.")
    expect(items.locator("input[value='4']").first).to_be_checked()
    page.get_by_role("button", name=anna.says("Send")).click()

    anna.sees(anna.says("You took part. Thank you."))
    settled(page)
    kept = page.locator("input[readonly]").input_value()
    assert "/surveys/relay/" in kept
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('answers:'))") == []
    page.goto("/surveys/relay/" + kept.rsplit("/", 1)[1])
    anna.sees(anna.says("This survey has not ended yet"))
    page.goto(f"/surveys/{wave}/answer")
    anna.sees(
        anna.says(
            "You have answered already. Answers cannot be changed: nobody knows which are yours."
        )
    )
    with inside.app_context():
        values = select(SurveyAnswer.value).where(SurveyAnswer.wave_id == wave)
        assert db.session.scalars(values).all() == [4]
        texts = select(SurveyText.body).where(SurveyText.wave_id == wave)
        assert db.session.scalars(texts).all() == ["Badges arrive late. Пропуска опаздывают."]


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_what_is_missing_is_shown_where_it_is_and_a_slip_is_taken_back(
    visit: Enter, inside: Flask, locale: str
) -> None:
    service, wave = asked_of_anna(inside, locale, "Keys")
    anna = visit("anna", locale, width=360)
    page = anna.page
    page.goto(f"/surveys/{wave}/answer")
    settled(page)
    item = page.locator(f"[data-service='{service}'] fieldset").first

    anna.watch.expect(422)
    page.get_by_role("button", name=anna.says("Send")).click()
    wrong = page.get_by_text(anna.says("Answer at least one question about it, or untick it."))
    expect(wrong).to_be_in_viewport()
    settled(page)
    expect(page.locator(f"#s{service}")).to_be_focused()

    expect(item.get_by_text(anna.says("no answer"))).to_be_hidden()
    item.get_by_text("4", exact=True).click()
    item.get_by_text(anna.says("no answer")).click()
    expect(item.locator("input[value='4']")).not_to_be_checked()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name=anna.says("Send")).click()
    expect(wrong).to_be_in_viewport()
