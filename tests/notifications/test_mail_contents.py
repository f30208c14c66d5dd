"""What a mail says, in whose language, and what words of people can never make of it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from forum.core import mail
from forum.core.db import db, transaction
from forum.ideas.models import Idea
from tests.notifications.inboxes import called
from tests.notifications.posting import ADDRESS, anna, html_of, mailing_forum, run, text_of
from tests.support import make
from tests.support.corpora import strings

pytestmark = pytest.mark.usefixtures("clock")


def test_headers_let_mail_programs_thread_and_unsubscribe(app) -> None:
    author = anna(app)
    with mailing_forum(app, name="Better together") as office:
        idea = make.idea(app, author, title="Faster invoices")
        make.comment(app, idea, body=called(app, author))
        run(app)
        make.decide(app, idea, "decline")
        run(app)

    first, second = office.letters
    assert first["Subject"] == second["Subject"] == "Faster invoices"
    assert first["References"] == second["References"] == f"<idea-{idea}@forum.example>"
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["From"] == "Better together <forum@forum.example>"
    assert first["List-Unsubscribe"].startswith(f"<{ADDRESS}/unsubscribe/")
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_sent_twice_by_a_crash_is_recognised_as_the_same(app, monkeypatch) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        with monkeypatch.context() as broken:
            broken.setattr(mail, "_finish", lambda _mail: (_ for _ in ()).throw(ConnectionError()))
            with pytest.raises(ConnectionError):
                run(app)
        run(app)

    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_mails_speak_their_readers_language(app) -> None:
    author = anna(app, locale="ru")
    with mailing_forum(app) as office:
        make.decide(app, make.idea(app, author), "decline")
        run(app)

    [letter] = office.letters
    assert "Идею отклонили" in text_of(letter)
    assert '<html lang="ru">' in html_of(letter)
    assert "Не присылать" in html_of(letter)


def test_nothing_in_a_mail_is_fetched_from_anywhere(app) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        make.comment(app, make.idea(app, author), body=f"{called(app, author)} ![x](/files/abc)")
        run(app)

    html = html_of(office.letters[0])
    assert not any(word in html for word in ("<img", "src=", "url(", "@import", "<link", "<script"))


HOSTILE = [
    "evil.example",
    "http://evil.example/x",
    "www.evil.example",
    "a@evil.example",
    "evil。example",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_people_never_become_links(app, words) -> None:
    author = anna(app)
    talker = make.person(app, name=words)
    with mailing_forum(app) as office:
        idea = make.idea(app, author, title=f"Look at {words} now")
        make.comment(app, idea, talker, body=f"{called(app, author)} and {words} too")
        run(app)

    [letter] = office.letters
    for part in (text_of(letter), html_of(letter), letter["Subject"]):
        assert words not in part
        assert "evil.example" not in part
        assert words.replace("/", "").replace(":", "")[:4] in part.replace("\u200b", "")
    links = [word for word in text_of(letter).split() if "://" in word]
    assert links
    assert all(link.startswith(ADDRESS) for link in links)


def test_no_title_or_name_adds_a_header(app, data) -> None:
    author = anna(app)
    with mailing_forum(app) as office:
        for text in [
            *strings(data, "strings.jsonl", ["x\u2028y"])[:60],
            "a\r\nBcc: all@example.org",
            "b\nSubject: c",
        ]:
            idea = make.idea(app, author, title=" ".join(text.split())[:150] or "x")
            with app.app_context(), transaction():
                db.session.execute(update(Idea).where(Idea.id == idea).values(title=text[:150]))
            make.decide(app, idea, "decline")
        run(app)

    assert office.letters
    for letter in office.letters:
        assert letter["Bcc"] is None
        assert len(letter.get_all("Subject")) == 1
        assert letter["To"] == "anna@example.org"
