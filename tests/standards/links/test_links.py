"""Links between standards: found in texts, followed back, and listed when they are broken."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.core import readers
from forum.core.db import db
from forum.core.richtext import compose
from forum.standards.links.models import StandardLink
from forum.standards.links.queries import broken_links
from forum.standards.links.reading import Link, links_of
from tests.standards import standards
from tests.support import make


def follow(app: Flask) -> None:
    with app.app_context():
        readers.catch_up()


def links_in(source: str, **more) -> list[Link]:
    return links_of(compose(source).html, **more)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See [it](/standards/PS-001).", [Link(0, "PS-001", 0, True)]),
        ("See [it](/standards/ps-001#clause-3).", [Link(0, "PS-001", 3, True)]),
        ("See [it](/standards/PS-001/versions/2).", [Link(0, "PS-001", 0, True)]),
        (
            "See [it](https://ours.example/standards/PS-001?as-of=2026-01-01).",
            [Link(0, "PS-001", 0, True)],
        ),
        ("See [it](https://theirs.example/standards/PS-001).", []),
        ("See PS-001, not PS-001-A.", [Link(0, "PS-001", 0, False)]),
        ("Смотри PS-001.", [Link(0, "PS-001", 0, False)]),
        ("`/standards/PS-001x`", []),
        ("See [PS-001](/standards/PS-001#clause-1).", [Link(0, "PS-001", 1, True)]),
        ("Nothing.", []),
    ],
)
def test_links_are_found_in_a_text(text: str, found: list[Link]) -> None:
    assert links_in(text, ours="https://ours.example") == found


def test_a_link_stands_in_its_clause() -> None:
    text = "[a](/standards/PS-001)\n\n## One\n\n[b](/standards/PS-002)\n\n## Two\n\nNo."

    assert [(link.place, link.number) for link in links_in(text, keys=[7, 8])] == [
        (0, "PS-001"),
        (7, "PS-002"),
    ]


def test_a_standard_shows_what_refers_to_it(app: Flask, sign_in) -> None:
    target = standards.in_force(app)
    number = standards.in_force(app, title="The other", body=f"See [it](/standards/{target}).")
    follow(app)
    reader = sign_in()

    shown = reader.page(f"/standards/{target}")

    assert [e["href"] for e in shown.all("a") if "The other" in e.text] == [f"/standards/{number}"]


def test_a_draft_and_an_older_text_refer_to_nothing(app: Flask, sign_in) -> None:
    target = standards.in_force(app)
    standards.drafted(app, title="Secret draft", body=f"See [it](/standards/{target}).")
    changed = standards.in_force(app, title="Changed", body=f"See [it](/standards/{target}).")
    standards.rewrite(app, changed, body="See nothing.")
    follow(app)

    shown = sign_in(make.moderator(app)).page(f"/standards/{target}").text

    assert "Secret draft" not in shown
    assert "Referred to by" not in shown


def test_links_follow_an_edited_idea(app: Flask, sign_in) -> None:
    author = make.person(app)
    idea = make.idea(app, author, problem="[a](/standards/PS-001#clause-1)")
    follow(app)
    sign_in(author).post(f"/ideas/{idea}/edit", {"title": "T", "problem": "Nothing any more."})
    follow(app)

    with app.app_context():
        assert db.session.query(StandardLink).filter_by(source="idea").count() == 0


def test_broken_links_say_why(app: Flask) -> None:
    gone, drafted = standards.in_force(app), standards.drafted(app)
    whole = standards.in_force(app, body="## One\n\nA.\n\n## Two\n\nB.")
    body = "## Links\n\n" + " ".join(
        f"[x](/standards/{to})"
        for to in (gone, drafted, "PS-987", f"{whole}#clause-2", f"{whole}#clause-9", whole)
    )
    standards.in_force(app, title="Linking", body=body)
    standards.retire(app, gone)
    follow(app)

    with app.app_context():
        found = {(each.to, each.clause, each.why) for each in broken_links()}

    assert found == {
        (gone, 0, "retired"),
        (drafted, 0, "draft"),
        ("PS-987", 0, "missing"),
        (whole, 9, "clause"),
    }


def test_a_number_in_words_that_is_nowhere_is_no_broken_link(app: Flask) -> None:
    standards.in_force(app, body="As ISO-9001 asks.")
    follow(app)

    with app.app_context():
        assert broken_links() == []
