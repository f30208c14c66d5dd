"""No template speaks a language of its own: what a reader sees goes through the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent.name != "styleguide"]
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
SAID = re.compile(r'\s(?:title|aria-label|placeholder|alt)="([^"]*)"')
UNREAD = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>|<[^<>]*>", re.S | re.I)
PIECE = re.compile(r'[\w-]+="[^"]*"')
WORD = re.compile(r"[A-Za-z]{2,}")
TRANSLATED = re.compile(r'\b(?:_|gettext|lazy)\(\s*"[^"]*"|\bngettext\(\s*"[^"]*",\s*"[^"]*"')
SENTENCE = re.compile(r'"([A-Z][a-z]+(?: [^"]*)?)"')
NAMES_OF_THEMSELVES = {"English", "Enter"}
"""A language is named in itself, a key is named by what is printed on it."""


def name(path: Path) -> str:
    """A template as tests name it."""
    return path.relative_to(TEMPLATES).as_posix()


def literals(source: str) -> Iterator[str]:
    """Words of a template that no catalogue knows."""
    markup = JINJA.sub("", source)
    said = [*SAID.findall(markup), *PIECE.sub("", UNREAD.sub("\n", markup)).split("\n")]
    yield from (text.strip() for text in said if WORD.search(text))
    for code in JINJA.findall(source):
        if not code.startswith("{#"):
            yield from SENTENCE.findall(TRANSLATED.sub("", code))


@pytest.mark.parametrize("template", PAGES, ids=name)
def test_every_word_of_a_template_can_be_translated(template: Path) -> None:
    found = set(literals(template.read_text(encoding="utf-8"))) - NAMES_OF_THEMSELVES

    assert found == set()


@pytest.mark.parametrize(
    "careless",
    [
        "<p>Nobody here</p>",
        '<a title="Open it">{{ icon("open") }}</a>',
        '{{ button("Send it", kind="primary") }}',
        '{{ text("q", _("Find"), hint="One word is enough.") }}',
    ],
)
def test_a_careless_template_is_found_out(careless: str) -> None:
    assert list(literals(careless))
