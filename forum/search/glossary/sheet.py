"""The glossary as a file: a line an entry, its words in one cell with semicolons between."""

from __future__ import annotations

from forum.search.glossary import queries

COLUMNS = ("words", "note")


def rows() -> list[list[object]]:
    """All entries as lines. One query."""
    return [[entry.sides, entry.note] for entry in queries.everything()]
