"""The words of the forum are paired with Russian ones, and the pages use exactly these."""

from __future__ import annotations

from pathlib import Path

import polib

ROOT = Path(__file__).parents[2]
WORDS = {
    "Person", "Attachment", "Department", "Affected department", "Head", "Representative", "Owner",
    "Deputy", "Service", "Idea", "Draft", "Tag", "Stage", "Answer", "Vote", "Support",
    "Balanced support", "Comment", "Decision", "Standard", "Version", "Clause", "Acknowledgement",
    "Approval", "Thanks", "Survey", "Wave", "Training session", "Case", "Event", "Module",
}  # fmt: skip


def text() -> str:
    """The page."""
    return (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def glossary() -> dict[str, list[str]]:
    """An English word and its Russian ones: the noun, then the verb of its button."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text().splitlines()
        if line.startswith("| ") and "Русский" not in line
    ]
    return {english: russian.split(", ") for english, russian, _meaning in rows}


def plurals() -> dict[str, list[str]]:
    """The plurals named below the table."""
    said = " ".join(text().partition("Plurals and cases follow: ")[2].split()).rstrip(".")
    pairs = (pair.split(" – ") for pair in said.split(", "))
    return {english: [russian] for english, russian in pairs}


def test_every_word_of_the_forum_is_paired_with_a_russian_one() -> None:
    paired = {english for english, russian in glossary().items() if all(russian)}

    assert paired >= WORDS


def test_pages_use_the_russian_word_of_the_glossary() -> None:
    catalogue = polib.pofile(str(ROOT / "forum/translations/ru/LC_MESSAGES/messages.po"))
    said = {entry.msgid: entry.msgstr for entry in catalogue if not entry.obsolete}
    paired = glossary() | plurals()

    other = {word: said[word] for word in paired.keys() & said if said[word] not in paired[word]}

    assert len(paired.keys() & said) > 20
    assert other == {}
