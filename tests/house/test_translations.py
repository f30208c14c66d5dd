"""Both languages are whole: every message of the code has its Russian sentence."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import polib
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "forum" / "translations"
RUSSIAN = FOLDER / "ru" / "LC_MESSAGES" / "messages.po"
HOLES = re.compile(r"%\([a-z_]+\)[sd]|%%|\{[a-z_]*\}")
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy": None}


@cache
def messages() -> dict[str, str]:
    """Every message of code and templates and the file it was found in."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = {}
    for folder in ("forum", "templates"):
        for path, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), methods, options, keywords=KEYWORDS
        ):
            found[message if isinstance(message, str) else message[0]] = f"{folder}/{path}"
    return found


@cache
def catalogue() -> polib.POFile:
    """The Russian catalogue."""
    return polib.pofile(str(RUSSIAN))


def test_every_message_is_translated() -> None:
    done = {entry.msgid for entry in catalogue() if entry.translated() and not entry.obsolete}

    missing = {text: where for text, where in messages().items() if text not in done}

    assert missing == {}, f"{len(missing)} messages; run `make messages` and translate them"


def test_no_translation_is_left_of_a_message_that_is_gone() -> None:
    assert {e.msgid for e in catalogue() if not e.obsolete} - set(messages()) == set()


def test_a_translation_has_the_holes_of_its_message() -> None:
    for entry in catalogue():
        known = set(HOLES.findall(entry.msgid + entry.msgid_plural))
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            assert set(HOLES.findall(text)) <= known, entry.msgid
            if not entry.msgid_plural:
                assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(entry.msgid))


def test_plurals_have_the_three_forms_of_russian() -> None:
    for entry in catalogue():
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == [0, 1, 2], entry.msgid
            assert all(entry.msgstr_plural.values()), entry.msgid


@pytest.mark.parametrize("source", sorted(FOLDER.rglob("*.po")), ids=lambda path: path.parts[-3])
def test_the_compiled_file_says_what_the_source_says(source: Path) -> None:
    compiled = polib.mofile(str(source.with_suffix(".mo")))

    said = {e.msgid: (e.msgstr, e.msgstr_plural) for e in compiled}
    meant = {e.msgid: (e.msgstr, e.msgstr_plural) for e in catalogue() if e.translated()}

    assert said == meant, "run `make messages`"
