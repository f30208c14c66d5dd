"""The words of the forum are paired with Russian ones, and the pages use exactly these."""

from __future__ import annotations

from pathlib import Path

import polib

ROOT = Path(__file__).parents[2]
WORDS = {
    "Person", "Department", "Service", "Idea", "Stage", "Answer", "Support", "Balanced support",
    "Comment", "Decision", "Standard", "Versions", "Clause", "Acknowledgement", "Thanks", "Surveys",
    "Wave", "Training", "Case", "Event", "Modules", "Attached to",
}  # fmt: skip


def glossary() -> dict[str, str]:
    """English to Russian, as the page pairs them."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "glossary.md").read_text().splitlines()
        if line.startswith("| ") and "Русский" not in line
    ]
    return {english: russian for english, russian, _meaning in rows}


def test_every_word_of_the_design_is_paired() -> None:
    assert set(glossary()) >= WORDS


def test_pages_use_the_russian_word_of_the_glossary() -> None:
    catalogue = polib.pofile(str(ROOT / "forum/translations/ru/LC_MESSAGES/messages.po"))
    said = {entry.msgid: entry.msgstr for entry in catalogue}

    other = {w: said[w] for w, russian in glossary().items() if w in said and said[w] != russian}

    assert other == {}
