"""What was written is found, by any form of its words."""

from __future__ import annotations

from typing import Any

import pytest

from forum.search.follower import catch_up
from tests.support import make


def found(browser: Any, query: str, **options: Any) -> list[str]:
    """The titles of what a search finds."""
    answer = browser.json("/search", query_string={"q": query, **options})
    return [hit["title"] for hit in answer["hits"]]


@pytest.mark.parametrize("query", ["идей", "идея", "идею", "Идеями"])
def test_russian_words_are_found_by_any_form(app, sign_in, query):
    make.idea(app, title="Куда пропадают идеи", problem="Никто не отвечает.")
    catch_up(app)

    assert found(sign_in(), query) == ["Куда пропадают идеи"]


@pytest.mark.parametrize("query", ["invoice", "invoices", "INVOICES", "late invoice"])
def test_english_words_are_found_by_any_form(app, sign_in, query):
    make.idea(app, title="Invoices arrive late")
    catch_up(app)

    assert found(sign_in(), query) == ["Invoices arrive late"]


def test_yo_and_ye_are_one_letter(app, sign_in):
    make.idea(app, title="Учёт рабочего времени")
    catch_up(app)

    assert found(sign_in(), "учет") == ["Учёт рабочего времени"]


def test_a_hit_shows_the_passage_with_the_written_form_marked(app, sign_in):
    make.idea(app, title="Порядок", problem="Заявки <b>теряются</b> по дороге & никто не знает.")
    catch_up(app)

    hit = sign_in().json("/search?q=заявка")["hits"][0]

    assert "<mark>Заявки</mark>" in hit["snippet"]
    assert "&amp;" in hit["snippet"]
    assert "<b>" not in hit["snippet"]


def test_markup_in_titles_and_texts_stays_text(app, sign_in):
    make.idea(app, title="<script>alert(1)</script> printer", problem="`<img src=x>` printer")
    catch_up(app)

    page = sign_in().get("/search?q=printer")

    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_an_edit_is_found_and_the_old_wording_is_not(app, sign_in):
    from forum.accounts.models import Person
    from forum.core.db import db
    from forum.ideas import actions
    from forum.ideas.models import Idea

    author = make.person(app)
    idea = make.idea(app, author, title="Printers are broken")
    catch_up(app)
    with app.app_context():
        row = db.session.get_one(Idea, idea)
        wording = actions.word(title="Scanners are broken", problem="All of them.")
        actions.edit_idea(db.session.get_one(Person, author), row, wording, seen=row.revision)
    catch_up(app)

    assert found(sign_in(), "printers") == []
    assert found(sign_in(), "scanners") == ["Scanners are broken"]


def test_a_comment_is_found_until_it_is_deleted(app, sign_in):
    from forum.accounts.models import Person
    from forum.core.db import db
    from forum.discussion import actions
    from forum.discussion.models import Comment
    from forum.ideas.models import Idea

    author = make.person(app)
    idea = make.idea(app, title="Slow approvals")
    comment = make.comment(app, idea, author, "The stamp is locked in a drawer")
    catch_up(app)
    hit = sign_in().json("/search?q=drawers")["hits"][0]
    with app.app_context():
        row = db.session.get_one(Comment, comment)
        thing = db.session.get_one(Idea, idea)
        actions.delete_comment(db.session.get_one(Person, author), "idea", thing, row)

    assert (hit["kind"], hit["url"]) == ("comment", f"/ideas/{idea}#comment-{comment}")
    assert found(sign_in(), "drawers") == [], "deleted but not yet out of the index"
    catch_up(app)
    assert found(sign_in(), "drawers") == []


def test_a_stage_change_moves_the_facet(app, sign_in):
    idea = make.idea(app, title="Reusable crates")
    catch_up(app)
    make.decide(app, idea)
    catch_up(app)

    facets = sign_in().json("/search?q=crates")["facets"]

    assert [(f["value"], f["count"]) for f in facets["stage"]] == [("accepted", 1)]


def test_people_and_departments_are_found_by_name(app, sign_in):
    finance = make.department(app, "Финансовая служба", slug="finance")
    make.person(app, name="Анна Ёлкина", department=finance)
    catch_up(app)

    assert found(sign_in(), "финансовой службы") == ["Финансовая служба"]
    assert found(sign_in(), "елкина", kind="person") == ["Анна Ёлкина"]


def test_drafts_hidden_ideas_and_people_who_left_are_in_nobodys_search(app, sign_in):
    author = make.person(app, name="Gone Zebrowski", deactivated_at=make.ago(days=1))
    writer = make.person(app)
    make.idea(app, writer, title="Zebra draft", draft=True)
    hidden = make.idea(app, title="Zebra hidden")
    hide(app, hidden)
    catch_up(app)

    assert author
    for browser in (sign_in(writer), sign_in(role="moderator")):
        assert browser.json("/search?q=zebra*")["total"] == 0


def hide(app: Any, idea_id: int) -> None:
    """Hide an idea as a moderator would."""
    from sqlalchemy import update

    from forum.core.clock import now
    from forum.core.db import db, transaction
    from forum.core.events import record
    from forum.ideas import facts
    from forum.ideas.models import Idea

    with app.app_context(), transaction():
        db.session.execute(update(Idea).where(Idea.id == idea_id).values(hidden_at=now()))
        record(facts.HIDDEN, by=None, about=("idea", idea_id))


def test_hiding_an_idea_takes_its_comments_along(app, sign_in):
    idea = make.idea(app, title="Coffee machine")
    make.comment(app, idea, body="Descale the espresso boiler")
    catch_up(app)
    hide(app, idea)
    catch_up(app)

    assert sign_in().json("/search?q=espresso")["total"] == 0


def test_a_hidden_ideas_comment_is_shown_to_nobody_before_the_index_hears_of_it(app, sign_in):
    idea = make.idea(app, title="Coffee machine")
    make.comment(app, idea, body="Descale the espresso boiler")
    catch_up(app)
    before = sign_in(make.moderator(app)).json("/search?q=espresso")["hits"]
    hide(app, idea)

    shown = [sign_in(by).json("/search?q=espresso")["hits"] for by in (None, make.moderator(app))]

    assert len(before) == 1
    assert shown == [[], []]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ('"late invoices"', ["Late invoices"]),
        ("«late invoice»", ["Late invoices"]),
        ("invoices -late", ["Invoices are never late-stage tasks now", "Paper invoices"]),
        ("paper OR late kind:idea", None),
        ("pap*", ["Paper invoices"]),
        ("kind:person invoices", []),
    ],
)
def test_the_query_language(app, sign_in, query, titles):
    make.idea(app, title="Late invoices", problem="They come.")
    make.idea(app, title="Paper invoices", problem="They come.")
    catch_up(app)

    hits = found(sign_in(), query)

    if titles is None:
        assert sorted(hits) == ["Late invoices", "Paper invoices"]
    else:
        assert hits == [title for title in titles if "late-stage" not in title]


def test_codes_and_hyphens_are_found_whole_and_in_parts(app, sign_in):
    make.idea(app, title="Form KPI-2026 and the follow-up meeting")
    catch_up(app)

    for query in ("kpi-2026", "KPI 2026", "follow up", "follow-up", "follow-up meetings"):
        answer = sign_in().json("/search", query_string={"q": query})
        assert (answer["total"], answer["relaxed"]) == (1, None), query


def test_the_typed_form_ranks_above_another_form(app, sign_in):
    make.idea(app, title="Заявка в закупку", problem="Одно.")
    make.idea(app, title="Заявки в закупку", problem="Одно.")
    catch_up(app)

    assert found(sign_in(), "заявка")[0] == "Заявка в закупку"
    assert found(sign_in(), "заявки")[0] == "Заявки в закупку"


def test_when_no_document_has_all_words_most_then_any_are_shown(app, sign_in):
    make.idea(app, title="Alpha beta gamma delta", problem="One.")
    make.idea(app, title="Epsilon", problem="Two.")
    catch_up(app)
    browser = sign_in()

    most = browser.json("/search?q=alpha+beta+gamma+zeta")
    some = browser.json("/search?q=alpha+omega+epsilon")

    assert (most["relaxed"], most["total"]) == ("most", 1)
    assert (some["relaxed"], some["total"]) == ("any", 2)
    assert "most of them" in browser.page("/search?q=alpha+beta+gamma+zeta").text


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("inovices", "invoices"),
        ("cоглосование", "согласование"),
        ("cjukfcjdfybt", "согласование"),
        ("штмщшсуы", "invoices"),
        ("xyzzyplugh", None),
    ],
)
def test_did_you_mean(app, sign_in, query, suggestion):
    make.idea(app, title="Согласование договоров and invoices")
    catch_up(app)

    assert sign_in().json("/search", query_string={"q": query})["suggestion"] == suggestion


def test_pages_follow_one_another_without_gap_or_repeat(app, sign_in):
    author = make.person(app)
    ideas = {make.idea(app, author, title=f"Pallet number {n}") for n in range(7)}
    catch_up(app)
    browser = sign_in()

    seen, cursor = [], ""
    while True:
        query = {"q": "pallet", "limit": 3, "cursor": cursor}
        page = browser.json("/search", query_string=query)
        seen += [int(hit["id"]) for hit in page["hits"]]
        assert page["total"] == 7
        cursor = page["next"]
        if cursor is None:
            break

    assert len(seen) == 7
    assert set(seen) == ideas


def test_facets_count_what_each_choice_would_show(app, sign_in):
    sales = make.department(app, "Sales", slug="sales")
    idea = make.idea(app, title="Forklift queue", departments=[sales])
    make.comment(app, idea, body="The forklift waits")
    make.idea(app, title="Погрузчик forklift стоит в очереди", problem="Долго ждём погрузчик.")
    catch_up(app)
    browser = sign_in()

    all_of_them = browser.json("/search?q=forklift")
    ideas = browser.json("/search?q=forklift&kind=idea")
    of_sales = browser.json("/search?q=forklift&affected=sales")

    kinds = [("idea", 2), ("comment", 1)]
    assert [(f["value"], f["count"]) for f in all_of_them["facets"]["kind"]] == kinds
    assert [(f["value"], f["count"]) for f in ideas["facets"]["kind"]] == kinds
    assert ideas["total"] == 2
    assert of_sales["total"] == 2
    assert {f["value"] for f in ideas["facets"]["lang"]} == {"en", "ru"}


def test_similar_ideas_are_offered_while_writing(app, sign_in):
    idea = make.idea(app, title="Invoices arrive late", problem="Suppliers complain every month.")
    make.idea(app, title="Парковка для велосипедов", problem="Негде поставить.")
    make.comment(app, idea, body="Invoices of suppliers arrive late")
    catch_up(app)

    query = {"title": "Late invoices", "body": "Our suppliers complain that the invoice is late"}
    hits = sign_in().json("/search/similar", query_string=query)["hits"]

    assert [(hit["kind"], hit["id"]) for hit in hits] == [("idea", str(idea))]


@pytest.mark.parametrize("typed", ["inv", "invoices arr", "arrive inv"])
def test_suggestions_complete_titles(app, sign_in, typed):
    idea = make.idea(app, title="Invoices arrive late")
    catch_up(app)

    items = sign_in().json("/search/suggest", query_string={"q": typed})["items"]

    [item] = items
    assert item == {
        "kind": "idea",
        "label": "Idea",
        "title": "Invoices arrive late",
        "url": f"/ideas/{idea}",
    }


def test_a_search_page_costs_the_same_however_many_hits(app, sign_in, queries):
    author = make.person(app)
    for number in range(12):
        idea = make.idea(app, author, title=f"Barcode {number}")
        make.comment(app, idea, author, "A barcode comment")
    catch_up(app)
    browser = sign_in()

    for limit in (16, 24):  # of both kinds
        with queries(4):  # the reader, the departments, ideas, comments
            browser.get(f"/search?q=barcode&limit={limit}")


def test_an_empty_search_says_what_can_be_found(app, sign_in):
    catch_up(app)

    page = sign_in().page("/search")

    assert "What are you looking for?" in page.text
    assert sign_in().json("/search?q=")["total"] == 0


def test_nothing_found_offers_the_next_step(app, sign_in):
    catch_up(app)

    page = sign_in().page("/search?q=standing+desks+type:idea")
    bare = sign_in().page("/search?q=standing+desks")

    assert "Nothing fits these filters" in page.text
    assert "Nothing found" in bare.text
    assert bare.one("a", class_="secondary")["href"] == "/ideas/new?title=standing+desks"


def test_a_query_over_the_limit_is_refused_and_kept(app, sign_in):
    query = "word " * 300

    page = sign_in().page("/search?q=" + query.strip(), status=422)

    field = page.one("input", id="query")
    assert field["value"] == query.strip()
    assert "query-error" in field["aria-describedby"]


@pytest.mark.parametrize("name", ["limit=0", "limit=101", "limit=x", "kind=vote", "stage=odd"])
def test_unknown_parameters_are_left_out_with_a_notice(app, sign_in, name):
    make.idea(app, title="Turnstile")
    catch_up(app)
    browser = sign_in()

    assert browser.json(f"/search?q=turnstile&{name}")["total"] == 1
    assert "left out" in browser.page(f"/search?q=turnstile&{name}").text


def test_a_query_over_the_limit_is_refused_in_json_too(app, sign_in):
    answer = sign_in().get("/search?q=" + "word " * 300, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "Shorten this" in answer.json["detail"]


def test_a_language_there_is_not_is_left_out_and_named(app, sign_in):
    make.idea(app, title="Reusable crates")
    catch_up(app)

    page = sign_in().page("/search?q=crates&lang=klingon")

    assert "Reusable crates" in page.text
    assert "left out: lang" in page.text
