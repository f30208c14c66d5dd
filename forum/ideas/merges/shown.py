"""What an idea's page shows of merges: the way to the parent, what came and went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.i18n import _, ngettext, when
from forum.ideas import stage_cards
from forum.ideas.merges import queries
from forum.ideas.merges.policy import may_merge
from forum.ideas.merges.queries import TakenIn
from forum.ideas.models import Idea

Event = tuple[datetime, dict[str, Any]]
LINK = Markup('<a href="/ideas/{}" lang="{}">{}</a>')


@dataclass(slots=True)
class MergesShown:
    """Lines between the comments, and what is said at comments that are an idea's text."""

    events: list[Event] = field(default_factory=list)
    notes: dict[int, Markup] = field(default_factory=dict)


def merges_shown(reader: Person, idea: Idea, *, took_in: bool) -> MergesShown:
    """What came to an idea and left it. One query, none where nothing ever came."""
    shown = MergesShown()
    for each in queries.taken_in(reader, idea.id) if took_in else ():
        link = _link(each)
        shown.events.append((each.at, _came(each, link)))
        if each.undone_at is not None:
            shown.events.append((each.undone_at, _left(each, link)))
        elif each.comment_id is not None:
            label = _("The text of an idea that was merged into this one:")
            shown.notes[each.comment_id] = Markup("{} {}").format(label, link)
    return shown


def _link(each: TakenIn) -> Markup:
    if each.title is None:
        return Markup("")
    return LINK.format(each.child_id, each.lang, each.title)


def _came(each: TakenIn, link: Markup) -> dict[str, Any]:
    said = _("%(who)s merged an idea into this one:", who=shown_name(each.by))
    beside = [supporters(each.moved, each.both)] if each.moved or each.both else []
    if each.message_html and each.undone_at is None:
        beside.append(_plain(each.message_html))
    text = Markup(" · ").join([Markup("{} {}").format(said, link), *beside])
    return {"comment": False, "icon": "stage-merged", "text": text, **when(each.at)}


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - its tags are taken away


def _left(each: TakenIn, link: Markup) -> dict[str, Any]:
    said = _("%(who)s separated an idea from this one:", who=shown_name(each.undone_by))
    text = Markup("{} {}").format(said, link)
    assert each.undone_at is not None  # noqa: S101 - the caller has looked
    return {"comment": False, "icon": "undo", "text": text, **when(each.undone_at)}


def supporters(moved: int, both: int) -> str:
    """“17 supporters moved, 3 were already here”; nobody is named."""
    came = ngettext("%(num)d supporter moved", "%(num)d supporters moved", moved)
    here = ngettext("%(num)d was already here", "%(num)d were already here", both)
    return f"{came}, {here}" if both else came


def ribbon(reader: Person, idea: Idea) -> dict[str, Any] | None:
    """The way from a merged idea to the one it is part of, with its stage of now. Two queries."""
    if idea.merged_into_id is None:
        return None
    target, word = queries.leads_to(reader, idea), queries.word_on(idea.id)
    return {
        "target": target,
        **(_stage(target) if target is not None else {}),
        "by": shown_name(word.by) if word is not None else "",
        "at": when(word.at) if word is not None else None,
        "message": Markup(word.message_html or "") if word is not None else "",  # noqa: S704
        "may_unmerge": may_merge(reader, idea),
    }


def _stage(idea: Idea | queries.LeadsTo) -> dict[str, str]:
    """Where an idea stands, in words and colour."""
    return {
        "stage_label": stage_cards.shown(idea.stage_kind, idea.stage_id),
        "stage_look": stage_cards.look(idea.stage_kind, idea.stage_id),
    }


def rows(ideas: Sequence[Idea]) -> list[dict[str, Any]]:
    """Ideas as the merge page offers them."""
    return [
        {
            "id": idea.id,
            "title": idea.title,
            "lang": idea.lang,
            "stage": idea.stage_kind,
            **_stage(idea),
            "excerpt": idea.excerpt,
            "votes": idea.vote_count,
            "comments": idea.comment_count,
            "posted": when(idea.posted_at),
        }
        for idea in ideas
    ]
