"""What a page shows above a thread, and what it can be narrowed to."""

from __future__ import annotations

from typing import Any

from forum.accounts.models import Person
from forum.core.i18n import _, lazy, ngettext
from forum.departments.scope import scope_of
from forum.discussion import heads, queries
from forum.discussion.models import Side
from forum.discussion.queries import CommentCard

SIDES = {Side.WORKS: lazy("Works for us"), Side.BREAKS: lazy("Breaks for us")}
NARROWED = {
    "questions": lazy("Open questions"),
    "official": lazy("Official updates"),
    **{str(side): name for side, name in SIDES.items()},
}


def head_shown(reader: Person, thread_id: int, url: str, *, shown: str) -> dict[str, Any]:
    """Counts with the addresses that narrow the thread to them, and the newest official update.

    At most three queries, none for a thread without marks: then nobody asks.
    """
    head = heads.head_of(thread_id)
    newest = queries.card_of(head.newest_official) if head.newest_official else None
    return {
        "ways": [] if shown else _ways(head, url),
        "sides": [_side(reader, head, side, url) for side in Side if _stands(head, side)],
        "newest": newest,
    }


def _ways(head: heads.Head, url: str) -> list[tuple[str, str]]:
    """Open questions, and official updates where there are more than the one above."""
    asked, told = head.open_questions, head.official
    questions = ngettext("%(num)d open question", "%(num)d open questions", asked)
    updates = ngettext("%(num)d official update", "%(num)d official updates", told)
    ways = [("questions", questions, asked), ("official", updates, told > 1)]
    return [(f"{url}?show={name}#comments", words) for name, words, there in ways if there]


def _stands(head: heads.Head, side: Side) -> bool:
    return any(each.side == side for each in head.sides)


def _side(reader: Person, head: heads.Head, side: Side, url: str) -> dict[str, Any]:
    told, others = heads.counted(head.sides, side, scope_of(reader).departments)
    named = [
        {
            "department": {
                "name": each.name, "code": each.code, "hue": each.hue,
                "url": f"/departments/{each.slug}",
            },
            "people": each.people,
        }
        for each in told
    ]  # fmt: skip
    return {
        "side": str(side),
        "label": str(SIDES[side]),
        "people": others + sum(each.people for each in told),
        "departments": named,
        "others": others,
        "url": f"{url}?show={side}#comments",
    }


def signs_of(card: CommentCard) -> list[tuple[str, str, str]]:
    """What a comment is marked as: name, icon and words."""
    signs = []
    if card.official:
        signs.append(("official", "info", _("Official update")))
    if card.question == "open":
        signs.append(("open", "question", _("Open question")))
    if card.question == "resolved":
        signs.append(("resolved", "check", _("Resolved question")))
    if card.side:
        icon = "answer-helps" if card.side == Side.WORKS else "answer-harms"
        signs.append((card.side, icon, str(SIDES[Side(card.side)])))
    return signs
