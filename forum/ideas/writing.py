"""The page on which ideas are written, and what its form means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.core.numbers import number_or_none
from forum.departments.visibility import choices_for, chosen_by_address
from forum.ideas import actions, extras, queries, tags
from forum.ideas.anonymous.shown import levels_for
from forum.ideas.forms import IdeaForm
from forum.ideas.models import Idea, StageKind

BEGUN = {"title": 200, "problem": 2_000}
"""What an address may begin, and how many characters of it."""


def blank_form(author: Person, arguments: Mapping[str, str]) -> IdeaForm:
    """An empty form; `?dept=slug` (from a poster) chooses that department, a link from elsewhere
    begins the title and the problem."""
    wanted = arguments.get("dept", "")
    chosen = chosen_by_address(author, wanted) if wanted else []
    begun = {name: arguments.get(name, "")[:most] for name, most in BEGUN.items()}
    return IdeaForm(data={"departments": chosen, **begun, **extras.begun(author, arguments)})


def read_wording(form: IdeaForm) -> actions.Wording:
    """What the form says, rendered. Raises Invalid for too many or too long tags, and for what
    modules ask beside it."""
    return actions.word(
        title=form.title.data or "",
        problem=form.problem.data or "",
        proposal=form.proposal.data or "",
        tags=tags.parse_tags(form.tags.data or ""),
        departments=form.departments.data or [],
        unsure=bool(form.unsure.data),
        also=extras.read(me(), request.form),
    )


def writing_page(
    form: IdeaForm,
    *,
    idea: Idea | None = None,
    draft: Idea | None = None,
    drafts: Sequence[Any] = (),
    stale: bool = False,
    seen: str = "",
) -> str:
    """The page with its form; `idea` is what is edited, `draft` what a new idea grew from.

    `seen` is the version a form that comes back grew from: showing it again saw nothing newer.
    """
    subject = idea or draft
    is_draft = subject is None or subject.stage_kind == StageKind.DRAFT
    return render_template(
        "ideas/write.html",
        form=form,
        idea=idea,
        draft=draft,
        drafts=drafts,
        departments=choices_for(me(), also=queries.affected_ids(subject.id) if subject else ()),
        is_draft=is_draft,
        stale=stale,
        levels=levels_for(me()) if is_draft else [],
        extras=extras.shown(me(), subject, request.values),
        below=extras.shown(me(), subject, request.values, below=True),
        revision=_version(subject, seen),
        action=f"/ideas/{idea.id}/edit" if idea is not None else "/ideas/new",
        autosave=_autosave_address(subject) if is_draft else "",
    )


def _version(subject: Idea | None, seen: str) -> int:
    if subject is None:
        return 0
    sent = number_or_none(seen)
    return subject.revision if sent is None else sent


def _autosave_address(draft: Idea | None) -> str:
    return f"/ideas/{draft.id}/autosave" if draft is not None else "/ideas/autosave"
