"""What the pages of ideas show, put together from their queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import flash, render_template, request
from markupsafe import Markup

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core import slots
from forum.core.chips import chip
from forum.core.clock import now, today
from forum.core.i18n import (
    _,
    day,
    lazy,
    local_day,
    locale_code,
    when,
)
from forum.core.richtext import word_diff
from forum.core.urls import safe_next
from forum.departments.queries import DepartmentCard
from forum.departments.scope import scope_of
from forum.departments.visibility import choices_for
from forum.discussion.pages import Role, thread_shown
from forum.files.lines import lined
from forum.ideas import phrases, policy, queries, stage_cards
from forum.ideas.again.phrases import condition_shown
from forum.ideas.anonymous.shown import anonymous_shown
from forum.ideas.asked import Slot, slots_of
from forum.ideas.filed import mark
from forum.ideas.listing import SORTS, IdeaFilter
from forum.ideas.merges.policy import is_mergeable, may_merge
from forum.ideas.merges.shown import merges_shown, ribbon
from forum.ideas.models import Idea, StageKind
from forum.ideas.queries import IdeaTexts, Revision, Step, Verdict
from forum.ideas.stages import name_of
from forum.ideas.support_shown import SupportShown, support_by_department
from forum.ideas.tiles import tile
from forum.ideas.together.adopted import improvement_shown
from forum.ideas.together.policy import may_share, may_suggest, may_summarise
from forum.ideas.together.queries import credited

SORT_NAMES = {
    "new": lazy("Newest"),
    "supported": lazy("Most supported"),
    "active": lazy("Recently active"),
    "balanced": lazy("Balanced support"),
}


def back_to(idea: Idea, anchor: str = "") -> str:
    """Where a one-tap form came from, if on this site, else the idea."""
    referrer, own = request.referrer or "", request.host_url
    path = "/" + referrer.removeprefix(own) if referrer.startswith(own) else ""
    page = path.split("?")[0]
    listed = page in ("/ideas", "/", "/answers", "/moderation") or page.startswith("/campaigns/")
    return safe_next(path) if listed else f"/ideas/{idea.id}{anchor}"


def say_with_undo(sentence: str, address: str) -> None:
    """A notice with a button that takes it back."""
    flash(f"{sentence}\n{address}", "undo")


def say_with_link(sentence: str, words: str, address: str, *, warns: bool = False) -> None:
    """A notice with a link that leads on, or back."""
    said = (sentence.replace("\n", " "), words, address)
    flash("\n".join(("warning" if warns else "success", *said)), "link")


def filter_bar(wanted: IdeaFilter, departments: Sequence[DepartmentCard]) -> Markup:
    """The bar above a list; drawn once for each view, language and set of departments."""
    stages = tuple(stage_cards.options())
    plain = replace(wanted, after="", ignored=())
    return _filter_bar(plain, tuple(departments), stages, locale_code())


@lru_cache(512)
def _filter_bar(
    wanted: IdeaFilter,
    departments: tuple[DepartmentCard, ...],
    stages: tuple[tuple[str, str], ...],
    _locale: str,
) -> Markup:
    chips = filter_chips(wanted, departments, stages)
    return Markup(render_template("ideas/_filters.html", wanted=wanted, chips=chips))  # noqa: S704


def filter_chips(
    wanted: IdeaFilter, departments: Sequence[DepartmentCard], stages: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The filter bar: one chip for each question, each option an address."""
    names = {card.slug: card.name for card in departments}
    sorts = [(sort, str(SORT_NAMES[sort])) for sort in SORTS]
    return [
        chip("stage", _("Stage"), wanted, stages),
        chip("affected", _("Affects"), wanted, list(names.items())),
        chip("department", _("From"), wanted, list(names.items())),
        chip("sort", _("Sorted by"), wanted, sorts, resting="new"),
    ]


def idea_page(reader: Person, idea_id: int, **forms: Any) -> dict[str, Any]:
    """Everything an idea's page shows. Six queries, its panels', one for a place in its thread,
    one where other ideas came to it, two where it is part of one, one where it is declined, three
    where it was posted without a name; one more for documents in the text, and in comments."""
    head = with_files(queries.idea_page(reader, idea_id))
    idea = head.idea
    departments = slots_of(reader, idea.id)
    steps = queries.steps_of(idea.id)
    verdict = queries.verdict_on(reader, idea.id) if idea.settled_at else None
    answering = _answering(departments, verdict)
    merges = merges_shown(reader, idea, took_in=head.took_in)
    unsigned = anonymous_shown(reader, idea)
    reach = {"may_ask": False} if unsigned is not None and not unsigned.reachable else {}
    may, affected = _permissions(reader, head, answering), [d.department_id for d in departments]
    return {
        "head": head,
        "idea": idea,
        "stage_label": stage_cards.shown(idea.stage_kind, idea.stage_id),
        "stage_look": stage_cards.look(idea.stage_kind, idea.stage_id),
        "authors": _authors(reader, head),
        "leads_to": ribbon(reader, idea),
        "improvement": improvement_shown(reader, idea_id) if head.improved else None,
        "short_by": shown_name(head.short.by) if head.short else "",
        "posted": when(idea.posted_at, to_the_day=bool(idea.anonymous)),
        "unsigned": unsigned,
        "tags": head.tags,
        "support": _support(reader, idea, departments),
        "reworded": _reworded(head),
        "answers": [tile | reach for tile in _answers(reader, head, departments, forms)],
        "steps": _path(idea, steps),
        "verdict": _decision(verdict),
        "condition": condition_shown(reader, idea),
        "turn": phrases.turn(
            idea,
            departments,
            owner=verdict.owner_code if verdict else None,
            today=local_day(now()),
            rewritable=policy.is_rewritable(idea, shared=bool(head.coauthors)),
        ),
        "overdue": bool(idea.due_on and idea.due_on < today() and verdict is not None),
        "thread": thread_shown(
            reader,
            "idea",
            idea,
            form=forms.get("comment"),
            events=_events(idea, steps) + merges.events,
            notes=merges.notes | (unsigned.notes if unsigned is not None else {}),
            role=_role(reader, head, answering),
        ),
        "panels": slots.load("idea", reader, [idea])[idea.id],
        "outcomes": slots.load("idea-outcome", reader, [idea])[idea.id],
        "beside": slots.load("beside-idea", reader, [idea])[idea.id],
        "may": may,
        "departments": _choices(reader, may, affected),
        "affected": affected,
        "filed": _filed(head, departments),
        "forms": forms,
        "unsent": forms.get("unsent", ""),
        "today": today(),
    }


def with_files(head: IdeaTexts) -> IdeaTexts:
    """The idea's texts with their documents told by kind and size. A query if there are any."""
    said = [head.problem_html, head.proposal_html, head.outcome_html]
    problem, proposal, outcome = lined("idea", {head.idea.id: said})[head.idea.id]
    return replace(head, problem_html=problem, proposal_html=proposal, outcome_html=outcome)


def _filed(head: IdeaTexts, departments: Sequence[Slot]) -> str:
    """What the form that chooses departments saw."""
    tags = (name for name, _slug in head.tags)
    return mark((slot.department_id for slot in departments), tags, head.idea.unsure)


def _answering(departments: Sequence[Slot], verdict: Verdict | None) -> frozenset[int]:
    """Those of the idea's departments that the reader answers for."""
    mine = {slot.department_id for slot in departments if slot.mine}
    owner = verdict.owner_id if verdict is not None and verdict.mine else None
    return frozenset(mine | ({owner} if owner is not None else set()))


def _support(reader: Person, idea: Idea, departments: Sequence[Slot]) -> SupportShown | None:
    """Support by department; not for drafts, nor for those who see only some departments."""
    if idea.stage_kind == StageKind.DRAFT or scope_of(reader).limited:
        return None
    affected = [slot.department_id for slot in departments]
    return support_by_department(idea.id, affected, revision=idea.revision)


def _reworded(head: IdeaTexts) -> bool:
    """Whether the reader's own support was given to an earlier wording."""
    return head.voted_on is not None and head.voted_on < head.idea.revision


def _authors(reader: Person, head: IdeaTexts) -> list[dict[str, str]]:
    """Who wrote it, the author first."""
    author = (0 if head.author_erased else head.idea.author_id, head.author)
    open_to_all = not scope_of(reader).limited
    return [
        {"name": shown_name(name), "url": f"/people/{number}" if open_to_all and number else ""}
        for number, name in (author, *credited(head.coauthors))
    ]


def _answers(
    reader: Person, head: IdeaTexts, slots: Sequence[Slot], forms: dict[str, Any]
) -> list[dict[str, Any]]:
    co_authors = _co_authors(reader, head)
    return [tile(reader, head.idea, slot, forms, co_authors=co_authors) for slot in slots]


def _co_authors(reader: Person, head: IdeaTexts) -> frozenset[int]:
    return frozenset([reader.id]) if head.writes else frozenset()


def _role(reader: Person, head: IdeaTexts, answering: frozenset[int]) -> Role:
    leads = policy.leads(reader, head.idea, _co_authors(reader, head))
    return Role(leads or policy.carries_out(reader, head.idea, answering), leads)


def _permissions(reader: Person, head: IdeaTexts, answering: frozenset[int]) -> dict[str, bool]:
    idea, co_authors = head.idea, _co_authors(reader, head)
    unsettled = idea.stage_kind in policy.UNSETTLED
    decides = policy.may_decide(reader, idea, co_authors)
    shown = idea.hidden_at is None
    return {
        "edit": policy.may_edit(reader, idea, co_authors),
        "suggest": may_suggest(reader, idea, co_authors, shared=bool(head.coauthors)),
        "share": may_share(reader, idea) or head.writes,
        "summarise": may_summarise(reader, idea),
        "withdraw": policy.may_withdraw(reader, idea),
        "vote": policy.takes_votes(idea),
        "review": decides and idea.stage_kind == StageKind.OPEN,
        "decide": decides and unsettled,
        "tag": policy.may_tag_departments(reader, idea, co_authors),
        "merge": may_merge(reader, idea) and is_mergeable(idea),
        "own": policy.owns(reader, idea, answering),
        "flag": shown and not policy.writes(reader, idea, co_authors),
        "hide": shown and policy.moderates(reader, idea) and idea.stage_kind != StageKind.DRAFT,
        "show_again": policy.may_show_again(reader, idea, co_authors)
        and not shown
        and idea.trashed_at is None,
        "standardise": policy.may_standardise(reader, idea),
        "agree": idea.stage_kind == StageKind.ACCEPTED and policy.moderates(reader, idea),
    }


def _choices(reader: Person, may: Mapping[str, bool], present: list[int]) -> list[DepartmentCard]:
    """Departments to choose from, only where there is something to choose."""
    return choices_for(reader, also=present) if may["decide"] or may["tag"] else []


def _path(idea: Idea, steps: Sequence[Step]) -> list[dict[str, str]]:
    """The way so far, and where it may lead."""
    names = dict(stage_cards.options())
    path = [_passed("open", "open", names["open"], idea.posted_at)]
    for step in steps:
        slug = stage_cards.slug_of(step.to_kind, step.stage_id)
        known = [each["slug"] for each in path]
        if slug in known:  # a step that was taken back
            del path[known.index(slug) + 1 :]
        else:
            name = stage_cards.shown(step.to_kind, step.stage_id)
            path.append(_passed(step.to_kind, slug, name, step.at))
    path[-1] |= {"state": "now", "note": phrases.days_over(idea.stage_id, idea.stage_since)}
    ahead = {"open": ("review", "accepted"), "review": ("accepted",), "accepted": ("standardised",)}
    path += [
        {"kind": kind, "label": names[kind], "when": "", "state": "ahead"}
        for kind in ahead.get(idea.stage_kind, ())
    ]
    return path


def _passed(kind: str, slug: str, name: str, at: datetime) -> dict[str, str]:
    return {"kind": kind, "slug": slug, "label": name, "when": day(at), "state": "past"}


def _decision(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    kind = "accepted" if verdict.decision == "accept" else "declined"
    return {
        "kind": kind,
        "label": name_of(kind),
        "html": Markup(verdict.reason_html or ""),  # noqa: S704 - sanitised when it was written
        "by": {"name": shown_name(verdict.by), "url": ""},
        "owner": verdict.owner or "",
        "due": day(verdict.due_on) if verdict.due_on else "",
        "revisit": Markup(verdict.revisit_html or ""),  # noqa: S704 - sanitised when written
        "confirmed": verdict.confirmed_at is not None,
        "asked": day(verdict.asked_due_on) if verdict.asked_due_on else "",
        "asked_day": verdict.asked_due_on.isoformat() if verdict.asked_due_on else "",
        "asked_why": Markup(verdict.asked_html or ""),  # noqa: S704 - sanitised when written
        "override": verdict.override,
        **when(verdict.at),
    }


def _events(idea: Idea, steps: Sequence[Step]) -> list[tuple[datetime, dict[str, Any]]]:
    """What happened to an idea, to stand between its comments."""
    events = [(step.at, _event(step, idea)) for step in steps]
    if idea.edited_at:
        events.append((idea.edited_at, _edited_event(idea.id, idea.edited_at)))
    return events


def _event(step: Step, idea: Idea) -> dict[str, Any]:
    who = shown_name(step.by)
    label = stage_cards.shown(step.to_kind, step.stage_id)
    text = _("%(who)s: %(stage)s", who=who, stage=label) if step.by else label
    to_the_day = bool(idea.anonymous) and not step.by
    return {
        "comment": False,
        "icon": f"stage-{step.to_kind}",
        "text": text,
        **when(step.at, to_the_day=to_the_day),
    }


def _edited_event(idea_id: int, at: datetime) -> dict[str, Any]:
    link = Markup('<a href="/ideas/{}/history">{}</a>').format(idea_id, _("The text was edited"))
    return {"comment": False, "icon": "edit", "text": link, **when(at)}


def history(revisions: Sequence[Revision], credits_: Mapping[int, str]) -> list[dict[str, Any]]:
    """Every wording, newest first, with what changed word by word from the one before.

    `credits_` are the names of those who suggested some, by their numbers.
    """
    shown = []
    for number, revision in enumerate(revisions):
        before = revisions[number - 1].plain if number else ""
        changes = word_diff(before, revision.plain) if number else [("equal", revision.plain)]
        editor = shown_name(revision.editor)
        thanks = shown_name(credits_[revision.number]) if revision.number in credits_ else ""
        entry = {"revision": revision, "editor": editor, "changes": changes}
        shown.append({**entry, "suggested_by": thanks})
    return shown[::-1]
