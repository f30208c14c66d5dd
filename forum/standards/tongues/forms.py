"""The form of a translation: fields for as many parts as a standard has; shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forum.core.numbers import id_or_none
from forum.core.textcheck import clean_line, clean_text
from forum.standards.tongues.actions import Said
from forum.standards.tongues.models import Part
from forum.standards.tongues.parts import Original

HEADED = (Part.TITLE, Part.CHANGE, Part.CLAUSE)
WORDED = (Part.OPENING, Part.CLAUSE)


def name_of(original: Original) -> str:
    """What the fields of a part end in."""
    return str(original.key) if original.part == Part.CLAUSE else str(original.part)


def typed(originals: Sequence[Original], sent: Mapping[str, str]) -> list[Said]:
    """What was sent for these parts; a part whose fields were not sent is left out."""
    return [_said(each, sent) for each in originals if _is_sent(name_of(each), sent)]


def _is_sent(name: str, sent: Mapping[str, str]) -> bool:
    return any(f"{kind}-{name}" in sent for kind in ("seen", "heading", "text"))


def _said(original: Original, sent: Mapping[str, str]) -> Said:
    name = name_of(original)
    number, _dash, was = sent.get(f"seen-{name}", "").partition("-")
    return Said(
        original.place,
        clean_line(sent.get(f"heading-{name}", "")) if original.part in HEADED else "",
        clean_text(sent.get(f"text-{name}", "")) if original.part in WORDED else "",
        seen=id_or_none(number) or 0,
        was=was,
        stays=f"stays-{name}" in sent,
    )
