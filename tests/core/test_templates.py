"""What templates make of what they are given."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import UndefinedError

from tests.support.forums import Prepared, prepare


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One forum for all."""
    forum: Prepared = prepare("sqlite", tmp_path_factory.mktemp("templates"))
    return forum.app


def drawn(app: Flask, source: str, **shown: object) -> str:
    return app.jinja_env.from_string(source).render(**shown)


def test_a_key_is_found_before_a_method_of_that_name(app: Flask) -> None:
    assert drawn(app, "{{ row.items }}", row={"items": 3}) == "3"


def test_methods_and_attributes_are_still_found(app: Flask) -> None:
    assert (
        drawn(app, "{% for k, v in row.items() %}{{ k }}{{ v }}{% endfor %}", row={"a": 1}) == "a1"
    )
    assert drawn(app, "{{ number.real }}", number=4) == "4"


def test_a_key_that_is_missing_is_an_error(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        drawn(app, "{{ row.absent }}", row={"a": 1})
