"""What the pages of standards show, put together from their queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core import slots
from forum.core.chips import chip
from forum.core.errors import Conflict, DomainError
from forum.core.i18n import _
from forum.departments.queries import DepartmentCard
from forum.departments.scope import scope_of
from forum.discussion.forms import CommentForm
from forum.discussion.pages import thread_shown
from forum.files.lines import lined
from forum.standards import actions, editing, phrases, policy, queries
from forum.standards.approvals.asking import moderators
from forum.standards.approvals.pages import deputy_shown, panel
from forum.standards.approvals.policy import may_look_back
from forum.standards.categories.queries import NO_TREE, Tree
from forum.standards.clauses.known import Guess, Standing, clauses_of, guesses
from forum.standards.confirming import pages as confirming
from forum.standards.difference import comparison
from forum.standards.drawn import Drawn, drawn
from forum.standards.editing import compared
from forum.standards.kept.shown import boxes_of
from forum.standards.listing import SORTS, STATES, StandardFilter
from forum.standards.models import Standard, VersionState
from forum.standards.pictures.shown import Picture, pictures_of
from forum.standards.queries import Shown, VersionLine
from forum.standards.review import phrases as of_reviews
from forum.standards.structure.known import places_in
from forum.standards.structure.places import Places
from forum.standards.tongues.drawing import drawn_in
from forum.standards.tongues.spoken import Spoken, spoken

BESIDE = 6
"""Versions beside a text; all of them have a page of their own."""


def standard_page(
    reader: Person,
    shown: Shown,
    *,
    as_of: date | None = None,
    is_old_address: bool = False,
    comment: CommentForm | None = None,
    lang: str = "",
) -> dict[str, Any]:
    """Everything a standard's page shows. Five queries, one more each for its editors, for a
    place in its thread, for documents in its text, for the departments that act in its steps and
    for its translation into the language `lang`, or the reader's; two for its promises, and three
    for a reader who confirmed an older version.
    """
    standard, version = shown.standard, shown.version
    standing = clauses_of(version.id)
    text = lined("standard", {standard.id: [shown.html]})[standard.id][0]
    page = _drawn(reader, shown, text, standing)
    tongue = spoken(reader, shown, standing, asked=lang, as_of=as_of)
    told = _told(reader, shown, text, standing, tongue) if tongue.parts else page
    lines = queries.versions_of(reader, standard, most=BESIDE + 1)
    approval = panel(reader, standard, version, shown.release, standing)
    audience = queries.audience_of(version.id)
    places = places_in(reader, page.steps, page.promises)
    audience_ids = [card.id for card in audience]
    counted = shown.current and policy.may_count(reader, standard)
    return {
        "standard": standard,
        "version": version,
        "drawn": told,
        "tongue": tongue,
        "guesses": _guesses(reader, shown, standing),
        "pictures": _pictures(page, told, places),
        "promises": boxes_of(reader, shown, page.promises, places, audience_ids),
        "owner": _owner(reader, shown),
        "owner_department": shown.owner_department,
        "audience": audience,
        "state_name": phrases.state_name(version.state),
        "mark": phrases.mark(version.state),
        "next_version": phrases.next_version(shown, lines) if as_of is None else None,
        "approval": approval,
        "look_back": _looks_back(reader, shown),
        "deputy": deputy_shown(reader, shown),
        "notices": [
            *phrases.notices(shown, as_of=as_of, is_old_address=is_old_address),
            *of_reviews.notices(standard, current=shown.current),
        ],
        **confirming.bar(shown),
        "difference": _difference(reader, shown),
        "figures": phrases.figures(queries.read_figures(version)) if counted else "",
        "versions": versions_beside(standard, lines),
        "ideas": queries.ideas_behind(reader, standard),
        "thread": thread_shown(reader, "standard", standard, form=comment),
        "beside": slots.load("beside-standard", reader, [standard])[standard.id],
        "may": _permissions(reader, shown, approval),
    }


def _difference(reader: Person, shown: Shown) -> dict[str, Any] | None:
    """What changed since the version that the reader confirmed, while this one waits for them.
    Three queries, if it does."""
    before, version = shown.last_read, shown.version
    if shown.standing.due_on is None or before is None or before == version.number:
        return None
    sides = compared(reader, shown.standard, [before, version.number])
    lang = shown.standard.lang
    return comparison(sides[before], sides[version.number], lang)


def _guesses(reader: Person, shown: Shown, standing: Sequence[Standing]) -> list[Guess]:
    """Clauses of a draft of which only the words told which they are, for its editors."""
    guessed = [clause.key for clause in standing if clause.guessed]
    settled = shown.version.state != VersionState.DRAFT
    if not guessed or settled or not policy.may_edit(reader, shown.standard):
        return []
    return guesses(shown.version, guessed)


def _drawn(reader: Person, shown: Shown, text: str, standing: Sequence[Standing]) -> Drawn:
    """The text, with the links that this reader has beside its clauses."""
    keys = [clause.key for clause in standing]
    whys = _whys(reader, shown, standing)
    return drawn(text, keys, shown.version.lang, whys=whys, number=shown.standard.number)


def _told(
    reader: Person, shown: Shown, text: str, standing: Sequence[Standing], tongue: Spoken
) -> Drawn:
    """The same text in another language."""
    keys = [clause.key for clause in standing]
    return drawn_in(tongue, shown, text, keys, _whys(reader, shown, standing))


def _pictures(page: Drawn, told: Drawn, places: Places) -> dict[int, Picture]:
    """Those of the text, in the language of the page where it has the same steps."""
    found = pictures_of(page.steps, places)
    return found if told is page else found | pictures_of(told.steps, places)


def _whys(reader: Person, shown: Shown, standing: Sequence[Standing]) -> set[int]:
    """The clauses with a page that says why they exist: for editors all, who can say it there."""
    says = policy.may_edit(reader, shown.standard)
    return {clause.key for clause in standing if says or clause.has_origin}


def _owner(reader: Person, shown: Shown) -> dict[str, str] | None:
    if shown.version.owner_id is None:
        return None
    linked = not shown.owner_erased and not scope_of(reader).limited
    return {
        "name": shown_name(shown.owner),
        "url": f"/people/{shown.version.owner_id}" if linked else "",
    }


def _permissions(reader: Person, shown: Shown, approval: dict[str, Any] | None) -> dict[str, bool]:
    standard = shown.standard
    ready = approval is not None and approval["may"]["publish"] and not approval["missing"]
    waits = shown.version.state == VersionState.COMING
    return {
        "edit": policy.may_edit(reader, standard) and not waits,
        "publish": ready,
        "retire": policy.may_retire(reader, standard),
        "acknowledge": shown.current,
    }


def _looks_back(reader: Person, shown: Shown) -> bool:
    """Whether the reader may say that an emergency publication stays. One query, where it was."""
    release, version = shown.release, shown.version
    if release is None or not release.emergency_why or not reader.moderates:
        return False
    return may_look_back(reader, version, release, others=moderators())


def versions_beside(standard: Standard, lines: Sequence[VersionLine]) -> dict[str, Any]:
    """The newest versions, and whether there are more."""
    rows = _compared(standard, lines)
    return {"rows": rows[:BESIDE], "more": len(rows) > BESIDE}


def versions(reader: Person, standard: Standard) -> list[dict[str, Any]]:
    """All versions, newest first. One query."""
    return _compared(standard, queries.versions_of(reader, standard))


def _compared(standard: Standard, lines: Sequence[VersionLine]) -> list[dict[str, Any]]:
    """Each but the oldest can be compared with the one before."""
    rows = [phrases.version_line(standard, line) for line in lines]
    for row, older in pairwise(rows):
        pair = f"from={older['number']}&to={row['number']}"
        row["compare"] = f"/standards/{standard.number}/compare?{pair}"
    return rows


def choices(reader: Person, departments: Sequence[DepartmentCard]) -> list[DepartmentCard]:
    """The departments a reader may filter by: for a consultant, those of their scope."""
    allowed = scope_of(reader).departments
    return [d for d in departments if allowed is None or d.id in allowed]


def filter_chips(
    reader: Person,
    wanted: StandardFilter,
    departments: Sequence[DepartmentCard],
    categories: Tree = NO_TREE,
) -> list[dict[str, Any]]:
    """The filter bar; the state of drafts is offered to those who may have some."""
    states = [s for s in STATES if s != VersionState.DRAFT or reader.moderates]
    sorts = {"number": _("Number"), "recent": _("Recently changed")}
    return [
        chip("state", _("State"), wanted, [(s, phrases.state_name(s)) for s in states]),
        chip("department", _("Department"), wanted, [(d.slug, d.name) for d in departments]),
        *category_chip(wanted, categories),
        chip("sort", _("Sorted by"), wanted, [(s, sorts[s]) for s in SORTS], resting="number"),
    ]


def category_chip(wanted: StandardFilter, categories: Tree) -> list[dict[str, Any]]:
    """The chip of categories, where there are any."""
    options = categories.options()
    return [chip("category", _("Category"), wanted, options)] if options else []


def draft_again(
    reader: Person, standard: Standard, refusal: DomainError, **typed: Mapping[str, str]
) -> dict[str, Any]:
    """The page of the next version, saying why it was not sent or published; `typed` is what its
    form `send` or `publish` had."""
    version = editing.editable(standard).version
    page = standard_page(reader, queries.shown_version(reader, standard.number, version.number))
    if page["approval"] is None:
        raise Conflict(actions.NO_DRAFT)
    page["notices"] = [("error", refusal.message), *page["notices"]]
    page["approval"]["typed"] |= typed
    page["approval"]["refused"] = refusal.message
    return page
