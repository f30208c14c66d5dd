"""What an action refuses is read by whoever sent the form, whatever field it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

import forum
from forum.core.errors import Conflict, Invalid
from forum.core.forms import BaseForm
from tests.support.forums import Prepared, prepare

ROOT = Path(forum.__file__).parent
TEMPLATES = ROOT.parent / "templates"
PAGE = '{% extends "base.html" %}{% block main %}{% endblock %}'
WORDS = "None of this is there any more."


def every_form(above: type[BaseForm] = BaseForm) -> Iterator[type[BaseForm]]:
    for form in above.__subclasses__():
        yield form
        yield from every_form(form)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One forum for all."""
    forum: Prepared = prepare("sqlite", tmp_path_factory.mktemp("forms"))
    return forum.app


@pytest.mark.parametrize(
    "refusal", [Invalid(WORDS, field="nowhere"), Invalid(WORDS), Conflict(WORDS)]
)
def test_a_refusal_that_has_no_place_in_a_form_stands_above_it(
    app: Flask, refusal: Invalid
) -> None:
    forms = list(every_form())

    for kind in forms:
        with app.test_request_context("/", method="POST"):
            form = kind(MultiDict())
            form.refuse(refusal)
            page = render_template_string(PAGE)

            at_a_field = [field for field in form if WORDS in field.errors]
            assert form.errors, f"{kind.__name__} counts as accepted"
            assert page.count(WORDS) + len(at_a_field) == 1, kind.__name__
    assert len(forms) > 50


def test_a_view_that_names_another_field_than_the_form_has_is_heard_too(app: Flask) -> None:
    for say in (BaseForm.reject, BaseForm.complain):
        with app.test_request_context("/", method="POST"):
            form = BaseForm(MultiDict())
            say(form, "nowhere", WORDS)

            assert form.errors
            assert render_template_string(PAGE).count(WORDS) == 1


def test_every_template_that_tells_of_errors_is_a_page_with_room_above_or_part_of_one() -> None:
    views = "\n".join(path.read_text() for path in ROOT.rglob("*.py"))
    telling = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text()
        for path in TEMPLATES.rglob("*.html")
        if ".errors" in path.read_text()
    }

    bare = [
        name
        for name, text in telling.items()
        if "{% extends" not in text and re.search(rf'render_template\(\s*"{name}"', views)
    ]

    assert bare == []
    assert len(telling) > 60
