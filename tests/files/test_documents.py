"""Documents are told by what they hold, kept as they are, and seen with what they belong to."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from forum.core.db import db, transaction
from forum.files.models import Upload
from tests.files.sending import send
from tests.standards.standards import drafted
from tests.support import make, office
from tests.support.browser import Browser
from tests.support.pages import parsed
from tests.support.queries import listening
from tests.training import company as training

SignIn = Callable[..., Browser]


@pytest.mark.parametrize("name", office.KINDS)
def test_every_kind_is_taken_and_handed_over_as_it_was(
    app: Flask, sign_in: SignIn, name: str
) -> None:
    browser = sign_in()

    sent = send(browser, office.KINDS[name], name)

    assert sent.status_code == 201
    assert sent.json["markdown"] == f"[{name}]({sent.json['url']})"
    got = browser.get(sent.json["url"])
    assert got.data == office.KINDS[name]
    assert got.headers["Content-Disposition"].startswith(f'attachment; filename="{name}"')
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "html" not in got.content_type


def test_a_photo_of_a_phone_becomes_one_that_everybody_can_see(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()

    sent = send(browser, office.heic(), "IMG_0001.HEIC")

    assert sent.status_code == 201
    shown = browser.get(sent.json["url"])
    assert shown.headers["Content-Disposition"] == "inline"
    assert Image.open(io.BytesIO(shown.data)).format == "JPEG"


def test_a_document_is_a_line_with_its_kind_and_size_in_both_languages(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    sent = send(sign_in(author), office.docx("Ворота склада"), "Смета на ворота.docx")
    idea = make.idea(app, author, problem=f"The gate. {sent.json['markdown']}")

    pages = [sign_in(locale=locale).get(f"/ideas/{idea}").text for locale in ("en", "ru")]

    assert all(f'<a class="file" href="{sent.json["url"]}" download>' in page for page in pages)
    assert all("<span>Смета на ворота.docx</span>" in page for page in pages)
    assert "Text document, 1 kB" in pages[0]
    assert "Текстовый документ, 1 КБ" in pages[1]


def test_comments_and_the_preview_show_the_same_line(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    sent = send(browser, office.pdf("x"), "offer.pdf")
    idea = make.idea(app)

    browser.post(f"/ideas/{idea}/comments", {"body": f"See {sent.json['markdown']}"})
    preview = browser.post("/preview", {"text": sent.json["markdown"]}).text
    page = sign_in().get(f"/ideas/{idea}").text

    assert 'class="file"' in preview
    assert page.count(f'<a class="file" href="{sent.json["url"]}"') == 1
    assert "PDF, 1 kB" in page


def test_documents_cost_one_query_for_the_idea_and_one_for_all_comments(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    writer, reader = sign_in(author), sign_in()
    links = [send(writer, office.pdf(str(n)), f"{n}.pdf").json["markdown"] for n in range(4)]
    plain, rich = make.idea(app, author), make.idea(app, author, problem=f"Look {links[0]}")
    for idea, words in ((plain, ["a", "b", "c"]), (rich, links[1:])):
        for each in words:
            make.comment(app, idea, author, body=each)
    reader.get(f"/ideas/{plain}")

    costs = []
    for idea in (plain, rich):
        with listening(app) as seen:
            reader.get(f"/ideas/{idea}")
        costs.append(len(seen))

    assert costs[1] == costs[0] + 2


def test_a_document_is_seen_with_what_it_is_used_in(app: Flask, sign_in: SignIn) -> None:
    inside, outside = make.department(app), make.department(app)
    author = make.person(app, department=inside)
    writer, colleague = sign_in(author), sign_in()
    consultant = sign_in(make.person(app, kind="consultant", attached=[outside]))
    url = send(writer, office.pdf("secret"), "secret.pdf").json["url"]

    before = colleague.get(url).status_code
    make.idea(app, author, problem=f"Look: [it]({url})", departments=[inside])

    assert (before, writer.get(url).status_code, colleague.get(url).status_code) == (404, 200, 200)
    assert consultant.get(url).status_code == 404


def test_a_draft_keeps_its_document_to_its_author(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    writer = sign_in(author)
    sent = send(writer, office.pdf("plan"), "plan.pdf")

    writer.post("/ideas/new", {"problem": sent.json["markdown"], "action": "draft"})

    assert writer.get(sent.json["url"]).status_code == 200
    assert sign_in().get(sent.json["url"]).status_code == 404
    assert sign_in(role="admin").get(sent.json["url"]).status_code == 404


def test_a_hidden_ideas_document_is_hidden_with_it(app: Flask, sign_in: SignIn) -> None:
    from forum.core.clock import now
    from forum.ideas.models import Idea

    author = make.person(app)
    url = send(sign_in(author), office.pdf("plan"), "plan.pdf").json["url"]
    idea = make.idea(app, author, problem=f"[plan]({url})")
    reader = sign_in()
    before = reader.get(url).status_code
    with app.app_context(), transaction():
        db.session.get_one(Idea, idea).hidden_at = now()

    assert (before, reader.get(url).status_code) == (200, 404)


def test_a_deleted_comment_takes_its_document_along(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    writer, reader = sign_in(author), sign_in()
    url = send(writer, office.pdf("plan"), "plan.pdf").json["url"]
    comment = make.comment(app, make.idea(app), author, body=f"[plan]({url})")
    before = reader.get(url).status_code

    writer.post(f"/comments/{comment}/delete")

    assert (before, reader.get(url).status_code) == (200, 404)


def test_naming_anothers_document_tells_nothing_of_it(app: Flask, sign_in: SignIn) -> None:
    url = send(sign_in(), office.pdf("secret"), "secret.pdf").json["url"]
    stranger = make.person(app)
    idea = make.idea(app, stranger, problem=f"[mine]({url})")

    browser = sign_in(stranger)

    assert browser.get(url).status_code == 404
    assert "PDF" not in browser.get(f"/ideas/{idea}").text
    assert 'class="file"' not in browser.post("/preview", {"text": f"[mine]({url})"}).text


def test_neither_an_id_nor_a_digest_opens_a_document(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    send(browser, office.pdf("secret"), "secret.pdf")
    with app.app_context():
        kept = db.session.query(Upload).one()
        names = [str(kept.id), kept.sha256, kept.sha256[:22], "secret.pdf"]

    assert [browser.get(f"/files/{name}").status_code for name in names] == [404] * 4


def test_who_writes_without_scripts_chooses_files_beside_the_text(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in()
    chosen = [
        (io.BytesIO(office.pdf("plan")), "plan.pdf"),
        (io.BytesIO(office.heic()), "IMG_1.heic"),
    ]

    posted = browser.post(
        "/ideas/new",
        {"problem": "The gate sticks.", "action": "post", "files": chosen},
        content_type="multipart/form-data",
    )
    idea = browser.get(posted.headers["Location"]).text
    browser.post(
        f"{posted.headers['Location']}/comments",
        {"body": "More of it.", "files": [(io.BytesIO(office.docx("more")), "more.docx")]},
        content_type="multipart/form-data",
    )

    assert posted.status_code == 303
    assert "plan.pdf" in idea
    assert '<img alt="" src="/files/' in idea
    assert "more.docx" in browser.get(posted.headers["Location"]).text


def test_standards_replies_and_suggested_edits_take_files_without_scripts_too(
    app: Flask, sign_in: SignIn
) -> None:
    moderator = sign_in(make.moderator(app))
    idea = make.idea(app, problem="The gate sticks.")
    said = make.comment(app, idea, make.person(app), "Which one?")
    number = drafted(app)
    problem = {"problem": "Gate three sticks.", "revision": "1"}
    sends = {
        f"/standards/{number}/edit": {"title": "Gates", "body": "## Purpose", "lock": "1"},
        f"/ideas/{idea}/suggest": problem,
        f"/ideas/{idea}/comments": {"body": "Gate three.", "parent": str(said)},
    }
    forms = (
        f"/standards/{number}/edit",
        "/standards/new",
        f"/ideas/{idea}/suggest",
        f"/ideas/{idea}?reply={said}",
    )

    for address in forms:
        assert moderator.page(address).one("input", name="files")["type"] == "file", address
    for place, (address, fields) in enumerate(sends.items()):
        chosen = [(io.BytesIO(office.pdf("plan")), f"plan-{place}.pdf")]
        sent = moderator.post(
            address, {**fields, "files": chosen}, content_type="multipart/form-data"
        )
        assert sent.status_code == 303, address
        assert f"plan-{place}.pdf" in moderator.get(sent.location.partition("#")[0]).text


def test_a_refused_file_keeps_the_text_and_says_which_it_was(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()

    again = browser.post(
        "/ideas/new",
        {
            "problem": "The gate sticks.",
            "action": "post",
            "files": [
                (io.BytesIO(office.pdf("plan")), "plan.pdf"),
                (io.BytesIO(b"MZ\x90\x00\x03"), "run.exe"),
            ],
        },
        content_type="multipart/form-data",
    )

    assert again.status_code == 422
    assert "run.exe: The forum does not take files of this type." in again.text
    assert "The gate sticks." in again.text
    assert "[plan.pdf](/files/" in again.text


def test_a_text_brings_along_no_more_documents_than_the_setting_says(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "FILES_PER_TEXT", 2)
    browser = sign_in()
    links = [send(browser, office.pdf(str(n)), f"{n}.pdf").json["markdown"] for n in range(3)]

    refused = browser.post("/ideas/new", {"problem": " ".join(links), "action": "post"})
    taken = browser.post("/ideas/new", {"problem": " ".join(links[:2]), "action": "post"})

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "At most 2 files fit in a text" in refused.text


def test_a_form_without_a_place_for_files_says_above_it_that_they_are_too_many(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "FILES_PER_TEXT", 2)
    company = training.found(app)
    make.person(app, email="host@example.org")
    browser, session = sign_in(company.moderator), training.planned(app, company)
    links = [send(browser, office.pdf(str(n)), f"{n}.pdf").json["markdown"] for n in range(3)]
    sent = training.session_fields(company, about=" ".join(links), host="host@example.org")

    refused = [browser.post(f"/training/{each}", sent) for each in ("new", f"{session}/edit")]

    for each in refused:
        assert each.status_code == 422
        assert parsed(each.text).one(role="alert").text == (
            "At most 2 files fit in a text; put the others into a comment."
        )
        assert all(link in each.text for link in links)


def test_nobody_sends_more_in_a_day_than_the_setting_says(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "FILES_PER_DAY", 2)
    monkeypatch.setitem(app.config, "RATE_LIMITS", True)
    browser, other = sign_in(), sign_in()

    answers = [send(browser, office.pdf(str(n)), f"{n}.pdf") for n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 86_000 < int(answers[2].headers["Retry-After"]) <= 86_401
    assert "in a day" in answers[2].json["detail"]
    assert send(other, office.pdf("x"), "x.pdf").status_code == 201


def test_how_large_a_file_may_be_is_a_setting(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, large = sign_in(), b"word " * 300_000
    assert send(browser, large, "a.txt").status_code == 201

    monkeypatch.setitem(app.config, "UPLOAD_MB", 1)

    assert send(browser, large, "a.txt").status_code == 413
    assert 'data-most="1"' in browser.get("/ideas/new").text


def test_an_old_browsers_post_leads_to_the_file(app: Flask, sign_in: SignIn) -> None:
    sent = sign_in().post(
        "/files",
        {"file": (io.BytesIO(office.pdf("x")), "x.pdf")},
        content_type="multipart/form-data",
    )

    assert sent.status_code == 303
    assert sent.headers["Location"].startswith("/files/")
