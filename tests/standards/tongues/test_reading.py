"""Readers get their language, else the other one with a word about it."""

from __future__ import annotations

from flask import Flask

from forum.core.clock import today
from tests.standards import standards
from tests.standards.tongues import translating
from tests.standards.tongues.translating import RULE, within
from tests.support import make


def both(app: Flask) -> str:
    """A Russian standard whose first clause is in English too."""
    number = standards.in_force(app, title="Оплата в срок", body=RULE)
    texts = {"title": ("Paying on time", ""), 1: ("Purpose", "Suppliers know the *day*.")}
    translating.translate(app, number, texts)
    return number


def test_readers_get_their_language_and_are_told_which_text_binds(app: Flask, sign_in) -> None:
    number = both(app)

    page = sign_in(make.person(app)).page(f"/standards/{number}")

    title = page.one("h1")
    assert (title.text, title["lang"]) == ("Paying on time", "en")
    assert "Suppliers know the day." in page.text
    assert "Поставщики знают день." not in page.text
    assert "The Russian text is the one that was approved." in page.text
    assert page.one("div", class_="text")["lang"] == "en"


def test_what_is_not_translated_stands_in_the_other_language_and_is_marked_so(
    app: Flask, sign_in
) -> None:
    page = sign_in().page(f"/standards/{both(app)}")

    clause = page.one("section", id="clause-2")
    assert "This clause is not translated." in clause.text
    assert within(page, clause, "div", lang="ru").text.strip() == "Бухгалтерия платит."
    assert within(page, clause, "span", lang="ru").text == "Шаги"
    contents = page.one("nav", class_="toc")
    assert [e.text for e in page.all("a") if contents in e.inside] == ["1 Purpose", "2 Шаги"]
    assert within(page, contents, "span", lang="ru").text == "Шаги"


def test_a_link_leads_to_the_main_text_and_back(app: Flask, sign_in) -> None:
    number, reader = both(app), sign_in()

    [there] = reader.page(f"/standards/{number}").all("a", hreflang="ru")
    main = reader.page(there["href"])
    [back] = main.all("a", hreflang="en")

    assert there["href"] == f"/standards/{number}?lang=ru"
    assert (main.one("h1").text, main.one("h1")["lang"]) == ("Оплата в срок", "ru")
    assert "This is a translation" not in main.text
    assert reader.page(back["href"]).one("h1").text == "Paying on time"


def test_who_reads_the_main_language_gets_it_with_a_link_to_the_other(app: Flask, sign_in) -> None:
    page = sign_in(make.person(app, locale="ru")).page(f"/standards/{both(app)}")

    assert page.one("h1").text == "Оплата в срок"
    assert [e["href"] for e in page.all("a", hreflang="en")] == ["/standards/PS-001?lang=en"]


def test_without_a_translation_the_other_language_comes_with_a_notice(app: Flask, sign_in) -> None:
    number = standards.in_force(app, title="Оплата в срок", body=RULE)

    said = "There is no English translation of it."
    assert said in sign_in().page(f"/standards/{number}").text
    own = sign_in(make.person(app, locale="ru")).page(f"/standards/{number}")
    assert "перевод" not in own.one("article").text


def test_without_its_last_translation_no_page_leads_to_the_language(app: Flask, sign_in) -> None:
    number = standards.in_force(app, title="Оплата в срок", body=RULE)
    translating.translate(app, number, {1: ("Purpose", "They know."), 2: ("Steps", "They pay.")})
    own, reader = sign_in(make.person(app, locale="ru")), sign_in()

    translating.translate(app, number, {1: ("", "")})
    assert own.page(f"/standards/{number}").all("a", hreflang="en")
    translating.translate(app, number, {2: ("", "")})

    assert own.page(f"/standards/{number}").all("a", hreflang="en") == []
    assert "There is no English translation of it." in reader.page(f"/standards/{number}").text
    translating.translate(app, number, {2: ("Steps", "They pay.")})
    assert own.page(f"/standards/{number}").all("a", hreflang="en")


def test_a_clause_says_by_how_many_versions_its_translation_is_behind(app: Flask, sign_in) -> None:
    number, reader = both(app), sign_in()
    for day in ("вторник", "среда"):
        body = RULE.replace("знают день", f"знают день: {day}")
        standards.rewrite(app, number, title="Оплата в срок", body=body)

    page = reader.page(f"/standards/{number}")

    clause = page.one("section", id="clause-1")
    assert "The translation is behind by 2 versions." in clause.text
    assert within(page, clause, "p", class_="meta")["lang"] == "en"
    assert f"/standards/{number}/compare?to=3&from=1" in [
        e["href"] for e in page.all("a") if clause in e.inside
    ]
    assert reader.get(f"/standards/{number}/compare?to=3&from=1").status_code == 200


def test_a_translation_follows_its_clause_when_it_moves_and_is_renumbered(
    app: Flask, sign_in
) -> None:
    number = both(app)
    body = "## Начало\n\nНовое начало правила.\n\n## Шаги\n\nБухгалтерия платит.\n\n"
    body += "## Цель\n\nПоставщики знают день."
    standards.rewrite(app, number, title="Оплата в срок", body=body)

    page = sign_in().page(f"/standards/{number}")

    clauses = page.all("section", class_="clause")
    assert [within(page, e, "h2").text for e in clauses] == ["Начало", "Шаги", "Purpose"]
    assert "behind" not in clauses[2].text
    assert within(page, clauses[2], "a", class_="clause-number").text == "3"


def test_the_translation_of_a_removed_clause_shows_no_more(app: Flask, sign_in) -> None:
    number = both(app)
    body = "## Шаги\n\nБухгалтерия платит."
    standards.rewrite(app, number, title="Оплата в срок", body=body)

    page = sign_in().page(f"/standards/{number}")

    assert "Suppliers" not in page.text
    assert page.one("h1").text == "Paying on time"


def test_an_older_version_shows_the_translation_of_its_own_wording_only(
    app: Flask, sign_in
) -> None:
    number = both(app)
    body = RULE.replace("знают день", "знают час").replace("платит", "платит сразу")
    standards.rewrite(app, number, title="Оплата в срок", body=body)
    texts = {1: ("Purpose", "They know the hour."), 2: ("Steps", "Finance pays at once.")}
    translating.translate(app, number, texts)
    reader = sign_in()

    old = reader.page(f"/standards/{number}/versions/1").one("article").text
    new = reader.page(f"/standards/{number}?as-of={today()}").one("article").text

    assert "Suppliers know the day." in old
    assert "Бухгалтерия платит." in old
    assert "Finance pays" not in old
    assert "They know the hour." in new
    assert "Finance pays at once." in new


def test_a_coming_version_is_read_in_its_own_language(app: Flask, sign_in) -> None:
    number, moderator = both(app), make.moderator(app)
    browser = sign_in(moderator)
    sent = standards.fields_of(browser, number) | {"body": RULE + "\n\nЕщё строка."}
    browser.post(f"/standards/{number}/edit", sent)

    page = browser.page(f"/standards/{number}/versions/2")

    assert "Поставщики знают день." in page.text
    assert "Suppliers" not in page.text
    assert "translation" not in page.one("article").text.lower()


def test_text_before_the_first_clause_and_what_changes_are_translated_too(
    app: Flask, sign_in
) -> None:
    number = standards.in_force(app, title="Оплата в срок", body=f"Для всех.\n\n{RULE}")
    body = f"Для всех и сразу.\n\n{RULE}"
    standards.rewrite(app, number, title="Оплата", body=body, change="Платим раньше.")
    texts = {"opening": ("", "For all."), "change": ("We pay earlier.", "")}
    translating.translate(app, number, texts)
    reader = sign_in()

    page = reader.page(f"/standards/{number}")

    assert "For all." in page.text
    assert (
        within(page, page.one("div", class_="what-changes"), "p", lang="en").text
        == "We pay earlier."
    )
    standards.rewrite(app, number, title="Оплата", body=f"Для нас.\n\n{RULE}", change="Иначе.")
    page = reader.page(f"/standards/{number}")
    assert "The translation is behind by 1 version." in page.text
    assert within(page, page.one("div", class_="what-changes"), "p", lang="ru").text == "Иначе."


def test_steps_are_drawn_in_the_language_of_the_page(app: Flask, sign_in) -> None:
    steps = "## Шаги\n\n1. Бухгалтерия платит.\n2. Склад принимает."
    make.department(app, "Бухгалтерия")
    make.department(app, "Склад")
    number = standards.in_force(app, title="Оплата", body=steps)
    translating.translate(app, number, {1: ("How", "1. Бухгалтерия pays.\n2. Склад takes.")})

    clause = sign_in().page(f"/standards/{number}")

    assert clause.all("figure", class_="lanes")


def test_a_translation_costs_one_query_and_a_page_without_none(
    app: Flask, sign_in, queries
) -> None:
    number = both(app)
    for day in ("вторник", "среда", "четверг"):
        standards.rewrite(app, number, title="Оплата", body=RULE.replace("день", day))
    reader = sign_in()
    reader.get(f"/standards/{number}")

    # The reader, the version, its clauses, translations, audience, versions, ideas, comments;
    # reviews, backlinks.
    with queries(10):
        reader.get(f"/standards/{number}")
    with queries(9):
        reader.get(f"/standards/{number}?lang=ru")


def test_an_unknown_language_is_the_readers_own(app: Flask, sign_in) -> None:
    number, reader = both(app), sign_in()

    for odd in ("xx", "", "ru'--", "%00", "EN"):
        page = reader.page(f"/standards/{number}?lang={odd}")
        assert page.one("h1").text == "Paying on time"


def test_an_older_version_leads_to_a_language_only_where_it_says_something_in_it(
    app: Flask, sign_in, queries
) -> None:
    number = both(app)
    body = "## Правила\n\nВсё по-новому."
    standards.rewrite(app, number, title="Новое название", body=body)
    standards.rewrite(app, number, title="Оплата в срок", body=body)
    standards.rewrite(app, number, title="Ещё одно", body=body)
    reader = sign_in(make.person(app, locale="ru"))

    def leads(version: int) -> list[str]:
        page = reader.page(f"/standards/{number}/versions/{version}")
        return [link["href"] for link in page.all("a", hreflang="en")]

    assert leads(1) == [f"/standards/{number}/versions/1?lang=en"]
    assert leads(2) == [], "neither its title nor a clause of it is translated"
    assert leads(3) == [f"/standards/{number}/versions/3?lang=en"], "its title is"
    for version in (1, 3):
        there = reader.page(f"/standards/{number}/versions/{version}?lang=en")
        assert there.one("h1").text == "Paying on time"
    with queries(9):
        reader.get(f"/standards/{number}/versions/2")


def test_promises_are_called_as_in_the_language_of_the_reader(app: Flask, sign_in, queries) -> None:
    promises = "## Обещания\n\n- Бухгалтерия платит.\n\n## Обещания складу\n\n- Склад ждёт."
    number = standards.in_force(app, title="Оплата в срок", body=promises)
    translating.translate(
        app, number, {"title": ("Paying on time", ""), 1: ("Promises", "- Finance pays.")}
    )
    reader = sign_in()

    page = reader.page(f"/standards/{number}/kept")

    first, second = page.all("h2")[:2]
    assert (first.text.strip(), second.text.strip()) == ("1 Promises", "2 Обещания складу")
    links = [within(page, each, "a") for each in (first, second)]
    assert [link["lang"] for link in links] == ["en", "ru"]
    assert page.one("p", class_="lede").text == "Paying on time"
    own = sign_in(make.person(app, locale="ru")).page(f"/standards/{number}/kept")
    assert "1 Обещания" in own.text
    assert "Promises" not in own.one("main").text
