"""The page where one translates: each part beside its field, with what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from sqlalchemy import select

from forum.core.db import db
from forum.core.richtext import plain_text
from forum.core.texts import Text
from forum.standards.clauses.known import Standing, keys_of
from forum.standards.difference import changes
from forum.standards.document import Paragraph
from forum.standards.models import Standard, Version
from forum.standards.tongues import phrases
from forum.standards.tongues.actions import Said
from forum.standards.tongues.forms import HEADED, WORDED, name_of
from forum.standards.tongues.parts import Original, Place, mark_of, originals
from forum.standards.tongues.queries import Known

AT_ONCE = 25
"""Parts on one page: more make a form that a phone cannot hold."""


@dataclass(frozen=True, slots=True)
class Field:
    """A part as it stands in the form; empty `heading` or `text` names have no such field."""

    name: str
    label: str
    title: str
    html: Markup
    source: str
    has_heading: bool
    has_text: bool
    heading: str
    text: str
    seen: str
    stays: bool
    behind: int
    state: str
    changes: Sequence[Paragraph] = ()
    theirs: tuple[str, str] | None = None
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed, and why it was not saved: by part what is wrong, or what others wrote."""

    said: Mapping[Place, Said]
    wrong: Mapping[Place, tuple[str, str]] = field(default_factory=dict)
    theirs: Mapping[Place, Known | None] = field(default_factory=dict)


def fields_of(
    standard: Standard,
    shown: Sequence[Original],
    known: Mapping[Place, Known],
    refusal: Refusal,
) -> list[Field]:
    """The parts as they stand in the form. Two queries where some are behind, otherwise none."""
    late = {o.place: known[o.place].version for o in shown if _is_behind(known.get(o.place))}
    before = _before(standard, late)
    return [_field(each, known.get(each.place), before.get(each.place), refusal) for each in shown]


def _is_behind(known: Known | None) -> bool:
    return known is not None and known.behind > 0 and not known.says_nothing


def _field(
    original: Original, known: Known | None, before: Original | None, refusal: Refusal
) -> Field:
    place = original.place
    said = refusal.said.get(place) or _as_it_stands(place, known)
    theirs = refusal.theirs.get(place)
    wrong = refusal.wrong.get(place)
    late = known.behind if _is_behind(known) and known else 0
    is_there = known is not None and not known.says_nothing
    return Field(
        name=name_of(original),
        label=phrases.name(original.part, original.number, original.title),
        title=original.title,
        html=original.html,
        source=original.source,
        has_heading=original.part in HEADED,
        has_text=original.part in WORDED and bool(original.html.strip()),
        heading=said.title,
        text=said.text,
        seen=_seen(_as_it_stands(place, theirs) if place in refusal.theirs else said),
        stays=said.stays,
        behind=late,
        state=phrases.state(late if is_there else None),
        changes=_changes(before, original) if before is not None else (),
        theirs=(theirs.title, theirs.source) if theirs is not None else None,
        wrong={wrong[0]: [wrong[1]]} if wrong is not None else {},
    )


def _as_it_stands(place: Place, known: Known | None) -> Said:
    if known is None:
        return Said(place, "", "", was=mark_of("", ""))
    title, source = known.title, known.source
    return Said(place, title, source, seen=known.id, was=mark_of(title, source))


def _seen(said: Said) -> str:
    return f"{said.seen}-{said.was}"


def _before(standard: Standard, wanted: Mapping[Place, int]) -> dict[Place, Original]:
    """Parts as these versions worded them. Two queries, none for nothing."""
    if not wanted:
        return {}
    query = (
        select(Version, Text.html)
        .outerjoin(Text, Text.id == Version.text_id)
        .where(Version.standard_id == standard.id, Version.number.in_(set(wanted.values())))
    )
    rows = db.session.execute(query).all()
    keys = keys_of([version.id for version, _html in rows])
    found: dict[Place, Original] = {}
    for version, html in rows:
        standing = [Standing(key, "", "", False, False) for key in keys.get(version.id, ())]
        for original in originals(version, html or "", standing):
            if wanted.get(original.place) == version.number:
                found[original.place] = original
    return found


def _changes(before: Original, now: Original) -> list[Paragraph]:
    headed = before.title != now.title
    return changes(_plain(before, headed=headed), _plain(now, headed=headed))


def _plain(original: Original, *, headed: bool) -> str:
    words = plain_text(str(original.html))
    return f"{original.title}\n{words}".strip() if headed else words


def pages_of(originals: Sequence[Original], page: int) -> tuple[Sequence[Original], int]:
    """The parts on a page, and how many pages there are."""
    last = max(1, -(-len(originals) // AT_ONCE))
    at = min(max(page, 1), last)
    return originals[(at - 1) * AT_ONCE : at * AT_ONCE], last
