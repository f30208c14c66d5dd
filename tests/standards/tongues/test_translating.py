"""Translating a standard: part by part, beside what was approved, losing nothing of anybody."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core.db import db
from forum.core.events import Event
from forum.core.limits import TITLE
from tests.standards import standards
from tests.standards.tongues import translating
from tests.standards.tongues.translating import RULE, form_of, within
from tests.support import make
from tests.support.pages import Document

HERE = "/standards/PS-001/translate?lang=en&page=1"


def russian(app: Flask, **fields: object) -> str:
    return standards.in_force(app, title="Оплата в срок", body=RULE, **fields)


def test_an_owner_translates_clause_by_clause(app: Flask, sign_in) -> None:
    owner = make.person(app)
    number = russian(app, owner=owner)
    browser = sign_in(owner)
    [link] = [e for e in browser.page(f"/standards/{number}").all("a") if e.text == "Translate"]
    assert link["href"] == f"/standards/{number}/translate"
    fields = form_of(browser, number)

    typed = {"heading-title": "Paying on time", "heading-1": "Purpose", "text-1": "They *know*."}
    answer = browser.post(HERE, fields | typed)

    assert (answer.status_code, answer.location) == (303, HERE)
    page = browser.page(HERE)
    assert "2 parts saved." in page.text
    assert "2 of 3 parts are translated" in page.text
    assert form_of(browser, number)["text-1"] == "They *know*."
    assert "They know." in browser.page(f"/standards/{number}").text


def test_it_makes_no_version_and_asks_nobody_to_confirm_again(app: Flask, sign_in) -> None:
    number, reader = russian(app), sign_in()
    reader.post(f"/standards/{number}/acknowledge", {"version": "1"})

    translating.translate(app, number, {1: ("Purpose", "They know.")})

    with app.app_context():
        standard = standards.by_number(number)
        assert (standard.in_force, standard.lock) == (1, 2)
        told = db.session.query(Event).order_by(Event.id.desc()).first()
        assert told is not None
        assert told.type == "standard.translated"
        assert told.payload == {"version": 1, "lang": "en", "clauses": [1]}
    assert reader.page("/standards/pending").all("a", href=f"/standards/{number}") == []


def test_a_part_that_is_behind_shows_what_changed_and_can_stay(app: Flask, sign_in) -> None:
    number, moderator = russian(app), make.moderator(app)
    translating.translate(app, number, {1: ("Purpose", "They know the day.")})
    body = RULE.replace("знают день", "знают точный день")
    standards.rewrite(app, number, title="Оплата в срок", body=body)
    browser = sign_in(moderator)

    page = browser.page(HERE)
    part = page.one("section", id="part-1")
    assert "The translation is behind by 1 version." in part.text
    assert within(page, part, "ins").text.strip() == "точный"
    assert "1 is behind" in page.text
    fields = form_of(browser, number)
    browser.post(HERE, fields)
    assert "0 parts saved." in browser.page(HERE).text
    browser.post(HERE, fields | {"stays-1": "1"})

    assert "behind" not in browser.page(f"/standards/{number}").one("article").text
    with app.app_context():
        assert translating.known(number)[1].version == 2
        assert translating.known(number, version=1)[1].version == 1


def test_fields_are_called_by_their_clause_and_one_tense_tells_what_is_behind(
    app: Flask, sign_in
) -> None:
    number = standards.in_force(app, title="Rules", body="For all.\n\n## Scope\n\nEverything.")
    translating.translate(app, number, {1: ("Охват", "Всё.")}, lang="ru")
    standards.rewrite(app, number, title="Rules", body="For all.\n\n## Scope\n\nMost.")
    address = f"/standards/{number}/translate?lang=ru"
    english = sign_in(make.moderator(app)).page(address)
    russian = sign_in(make.moderator(app, locale="ru")).page(address)

    def labels(page: Document) -> list[str]:
        fields = ("text-opening", "heading-1", "text-1")
        return [page.one("label", for_=name).text for name in fields]

    assert labels(english) == [
        "Text before the first clause",
        "Heading of “1 Scope”",
        "Text of “1 Scope”",
    ]
    assert labels(russian) == [
        "Текст перед первым пунктом",
        "Заголовок пункта «1 Scope»",
        "Текст пункта «1 Scope»",
    ]
    assert "Перевод отстаёт на 1 версию." in russian.text
    assert "отстал" not in russian.text


def test_two_who_translate_at_once_lose_nothing(app: Flask, sign_in) -> None:
    number = russian(app)
    one, other = sign_in(make.moderator(app)), sign_in(make.moderator(app))
    mine, theirs = form_of(one, number), form_of(other, number)
    other.post(HERE, theirs | {"heading-1": "Aim", "text-1": "Theirs."})

    typed = {"heading-1": "Purpose", "text-1": "Mine.", "heading-2": "Steps", "text-2": "Pay."}
    answer = one.post(HERE, mine | typed)

    assert answer.status_code == 409
    page = Document(answer.text)
    assert page.one("textarea", id="text-1").text.strip() == "Mine."
    assert page.one("textarea", id="text-2").text.strip() == "Pay."
    assert page.one("textarea", id="theirs-1").text.strip() == "Aim\n\nTheirs."
    assert "Theirs." in one.page(f"/standards/{number}").text
    again = translating.sent_by(page, HERE)
    assert one.post(HERE, again).status_code == 303
    text = one.page(f"/standards/{number}").text
    assert "Mine." in text
    assert "Pay." in text


def test_two_who_translate_different_parts_do_not_meet(app: Flask, sign_in) -> None:
    number = russian(app)
    translating.translate(app, number, {1: ("Purpose", "Old."), 2: ("Steps", "Old too.")})
    one, other = sign_in(make.moderator(app)), sign_in(make.moderator(app))
    mine, theirs = form_of(one, number), form_of(other, number)

    assert other.post(HERE, theirs | {"text-1": "New."}).status_code == 303
    assert one.post(HERE, mine | {"text-2": "New too."}).status_code == 303

    text = one.page(f"/standards/{number}").text
    assert "New." in text
    assert "New too." in text
    assert "Old" not in text


def test_what_was_typed_for_a_version_before_is_kept_as_its_translation(
    app: Flask, sign_in
) -> None:
    number = russian(app)
    browser = sign_in(make.moderator(app))
    fields = form_of(browser, number)
    body = RULE.replace("знают день", "знают час")
    standards.rewrite(app, number, title="Оплата в срок", body=body)

    typed = {"heading-1": "Purpose", "text-1": "They know the day."}
    typed |= {"heading-2": "Steps", "text-2": "Finance pays."}
    assert browser.post(HERE, fields | typed).status_code == 303

    page = browser.page(f"/standards/{number}")
    assert "behind by 1 version" in page.one("section", id="clause-1").text
    assert "behind" not in page.one("section", id="clause-2").text


def test_a_new_version_takes_nothing_from_who_was_translating_the_one_before(
    app: Flask, sign_in
) -> None:
    number = russian(app)
    translating.translate(app, number, {1: ("Purpose", "Old."), 2: ("Steps", "Old too.")})
    for day, payment in (("вторник", "сразу"), ("среду", "в срок")):
        if day == "среду":
            browser = sign_in(make.moderator(app))
            fields = form_of(browser, number)
        body = RULE.replace("день", day).replace("платит", f"платит {payment}")
        standards.rewrite(app, number, title="Оплата в срок", body=body)

    answer = browser.post(HERE, fields | {"text-1": "They know Tuesday.", "stays-2": "1"})

    assert answer.status_code == 303
    assert "2 parts saved." in browser.page(HERE).text
    with app.app_context():
        known = translating.known(number, version=2)
        assert [(known[key].source, known[key].version, known[key].behind) for key in (1, 2)] == [
            ("They know Tuesday.", 2, 0),
            ("Old too.", 2, 0),
        ]
    page = browser.page(f"/standards/{number}")
    assert "behind by 1 version" in page.one("section", id="clause-1").text
    assert "behind by 1 version" in page.one("section", id="clause-2").text


def test_who_translated_the_new_version_keeps_theirs_beside_one_of_the_version_before(
    app: Flask, sign_in
) -> None:
    number = russian(app)
    translating.translate(app, number, {1: ("Purpose", "Old.")})
    standards.rewrite(app, number, title="Оплата в срок", body=RULE.replace("день", "вторник"))
    browser = sign_in(make.moderator(app))
    fields = form_of(browser, number)
    standards.rewrite(app, number, title="Оплата в срок", body=RULE.replace("день", "среду"))
    translating.translate(app, number, {1: ("Purpose", "They know Wednesday.")})

    answer = browser.post(HERE, fields | {"text-1": "They know Tuesday."})

    assert answer.status_code == 303
    assert "They know Wednesday." in browser.page(f"/standards/{number}").text
    assert "They know Tuesday." in browser.page(f"/standards/{number}/versions/2?lang=en").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text-1": "Only the text."}, "heading-1"),
        ({"heading-1": "Only the heading"}, "text-1"),
        ({"heading-title": "x" * (int(TITLE) + 1)}, "heading-title"),
        ({"heading-1": "x" * (int(TITLE) + 1), "text-1": "Text."}, "heading-1"),
    ],
)
def test_what_cannot_be_a_translation_comes_back_as_it_was_typed(
    app: Flask, sign_in, typed: dict[str, str], field: str
) -> None:
    browser, number = sign_in(make.moderator(app)), russian(app)

    answer = browser.post(HERE, form_of(browser, number) | typed | {"text-2": "Kept."})

    assert answer.status_code == 422
    page = Document(answer.text)
    assert page.one(id=field)["aria-invalid"] == "true"
    assert page.one(id=f"{field}-error").text
    sent = translating.sent_by(page, HERE)
    assert {name: sent[name].strip() for name in typed} == typed
    assert sent["text-2"].strip() == "Kept."
    with app.app_context():
        assert translating.known(number) == {}


def test_a_translation_is_taken_away_by_emptying_its_fields(app: Flask, sign_in) -> None:
    browser, number = sign_in(make.moderator(app)), russian(app)
    translating.translate(app, number, {1: ("Purpose", "Old."), 2: ("Steps", "Stays.")})

    browser.post(HERE, form_of(browser, number) | {"heading-1": "", "text-1": ""})

    page = browser.page(f"/standards/{number}")
    assert "Поставщики знают день." in page.text
    assert "Stays." in page.text
    body = RULE.replace("знают день", "знают час")
    standards.rewrite(app, number, title="Оплата в срок", body=body)
    assert "Old." not in browser.page(f"/standards/{number}").text


def test_only_editors_translate_and_only_what_is_in_force(app: Flask, sign_in) -> None:
    finance = make.department(app)
    owner = make.person(app, department=finance)
    number = russian(app, owner=owner, departments=[finance])
    draft = standards.drafted(app, title="Черновик", body=RULE, owner=owner)
    reader = sign_in(make.person(app, department=finance))
    consultant = sign_in(make.person(app, kind="consultant", attached=[finance]))
    stranger = sign_in(make.person(app, kind="consultant"))
    fields = {"version": "1", "seen-1": "0-", "heading-1": "Purpose", "text-1": "Text."}

    for somebody, status in ((reader, 403), (consultant, 403), (stranger, 404)):
        assert somebody.get(HERE).status_code == status
        assert somebody.post(HERE, fields).status_code == status
    own = sign_in(owner)
    assert own.post(HERE, fields).status_code == 303
    assert own.get(f"/standards/{draft}/translate").status_code == 409
    assert own.post(f"/standards/{draft}/translate", fields).status_code == 409
    standards.retire(app, number)
    assert own.post(HERE, fields).status_code == 409
    assert "Translate" not in reader.page(f"/standards/{number}").text


def test_a_draft_cannot_be_translated_before_it_is_published(app: Flask, sign_in) -> None:
    browser, number = sign_in(make.moderator(app)), russian(app)
    sent = standards.fields_of(browser, number) | {"body": RULE + "\n\nЕщё строка."}
    browser.post(f"/standards/{number}/edit", sent)

    fields = form_of(browser, number)
    assert fields["version"] == "1"
    assert browser.post(HERE, fields | {"version": "2", "text-2": "Leak."}).status_code == 404


def test_words_from_outside_stay_words(app: Flask, sign_in) -> None:
    browser, number = sign_in(make.moderator(app)), russian(app)
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"

    typed = {"heading-title": bad, "heading-1": bad, "text-1": f"{bad}\n\n# Big\n\n### Small"}
    browser.post(HERE, form_of(browser, number) | typed)

    page = browser.page(f"/standards/{number}")
    inside = [e for e in page.elements if page.one("article") in e.inside]
    assert not [e for e in inside if e.name in ("script", "img") or "onerror" in e.attributes]
    assert page.one("h1").text == bad
    assert [e.text for e in page.all("h3")] == ["Big"]
    assert browser.get(HERE).status_code == 200


def test_tables_can_be_copied_as_they_were_typed(app: Flask, sign_in) -> None:
    table = "| Кто | Обещает |\n|---|---|\n| IT | Ответ |"
    code = "```\n# не заголовок\n```"
    body = f"Для всех.\n\n## *Цель* и [дом](/map)\n\n{code}\n\n## Обещания\n\n{table}"
    standards.in_force(app, title="Оплата", body=body)

    page = sign_in(make.moderator(app)).page(HERE)

    typed = {name: page.one("textarea", id=f"source-{name}").text for name in ("opening", "1", "2")}
    assert {name: text.strip() for name, text in typed.items()} == {
        "opening": "Для всех.",
        "1": code,
        "2": table,
    }


def test_without_headings_as_they_were_read_nothing_is_offered_to_copy(app: Flask, sign_in) -> None:
    standards.in_force(app, title="Оплата", body="Цель\n====\n\nТекст.\n\n## Шаги\n\nПлатим.")

    page = sign_in(make.moderator(app)).page(HERE)

    assert [e["id"] for e in page.all("textarea") if e["id"].startswith("source")] == []
    assert page.one("textarea", id="text-1")


def test_many_clauses_are_translated_on_several_pages(app: Flask, sign_in, queries) -> None:
    body = "\n\n".join(f"## Пункт {n}\n\nТекст {n}." for n in range(1, 61))
    number = standards.in_force(app, title="Много", body=body)
    browser = sign_in(make.moderator(app))

    assert len(form_of(browser, number)) < 120
    second = form_of(browser, number, "?lang=en&page=3")
    here = "/standards/PS-001/translate?lang=en&page=3"
    typed = {"heading-60": "Point 60", "text-60": "Text 60."}
    assert browser.post(here, second | typed).location == here
    assert "Text 60." in browser.page(f"/standards/{number}").text
    with queries(5):  # the reader, the standard, its text, its clauses, translations
        browser.get(HERE)


def test_a_page_of_long_russian_clauses_is_saved_and_comes_back_whole(app: Flask, sign_in) -> None:
    body = "\n\n".join(f"## Rule {n}\n\nText {n}." for n in range(1, 11))
    number = standards.in_force(app, title="Rules", body=body)
    browser, here = sign_in(make.moderator(app)), f"/standards/{number}/translate?lang=ru&page=1"
    form = browser.page(here).one("form", action=here)
    sent_as = form.get("enctype") or "application/x-www-form-urlencoded"
    fields = form_of(browser, number, "?lang=ru&page=1")
    long = "Правило. " * 2_500
    fields |= {f"heading-{n}": f"Правило {n}" for n in range(1, 11)}
    fields |= {f"text-{n}": long for n in range(1, 11)}

    refused = browser.post(here, fields | {"heading-10": ""}, content_type=sent_as)
    assert refused.status_code == 422
    typed = translating.sent_by(Document(refused.text), here)
    assert all(typed[f"text-{n}"].strip() == long.strip() for n in range(1, 11))

    assert browser.post(here, fields, content_type=sent_as).status_code == 303
    assert "10 parts saved." in browser.page(here).text
