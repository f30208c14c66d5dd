"""The stages as a file: a line a stage, those that come with the forum too."""

from __future__ import annotations

from forum.ideas import stage_cards

COLUMNS = (
    *("slug", "kind", "name_en", "name_ru", "meaning_en", "meaning_ru"),
    *("hue", "days", "enter", "leave"),
)


def rows() -> list[list[object]]:
    """All stages in use as lines, in their order; none while all are as they came. One query."""
    return [
        [
            card.slug,
            card.kind,
            card.name_en,
            card.name_ru,
            card.meaning_en,
            card.meaning_ru,
            card.hue,
            card.days,
            card.enter.split(),
            card.leave.split(),
        ]
        for card in (stage_cards.in_use() if stage_cards.changed() else [])
    ]
