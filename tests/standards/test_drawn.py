"""A text is cut where something else may stand, whatever stands in it."""

from __future__ import annotations

import pytest
from flask import Flask
from markupsafe import Markup, escape

from forum.core import richtext
from forum.standards.document import Clause, Document
from forum.standards.drawn import CUT, put_down


@pytest.mark.parametrize("title", ["Pur\0pose", str(CUT), f'![{CUT}](x "{CUT}")', "Plain"])
def test_nothing_that_people_write_is_taken_for_a_cut(app: Flask, title: str) -> None:
    text = richtext.compose(f"{title}\n\n<a href=\"/x\" title='{title}'>x</a>").html
    clauses = tuple(
        Clause(key, 1, str(key), title, escape(title), Markup(text))  # noqa: S704 - sanitised
        for key in (1, 2)
    )

    with app.test_request_context():
        drawn = put_down(Document(Markup(), clauses), [], "en", set(), "PS-001", {2})

    assert [key for key, _html in drawn.pieces] == [2, None]
    assert 'id="clause-1"' in drawn.pieces[0][1]
    assert drawn.pieces[1][1].strip() == "</section>"
