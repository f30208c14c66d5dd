"""An idea's page as the answer to what somebody did to it."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.errors import DomainError
from forum.core.fragments import wants_fragment
from forum.ideas import pages, queries
from forum.ideas.models import Idea


def visible(idea_id: int) -> Idea:
    """The idea, if the reader may see it."""
    return queries.idea_or_404(me(), idea_id)


def page(idea_id: int, **forms: Any) -> str:
    """The idea's page with what was typed in its forms."""
    return render_template("ideas/show.html", **pages.idea_page(me(), idea_id, **forms))


def again(idea_id: int, status: int, **forms: Any) -> ResponseReturnValue:
    """The idea's page once more, with what was typed."""
    return page(idea_id, **forms), status


def refused(
    idea_id: int, refusal: DomainError, *, typed: str = "", **forms: Any
) -> ResponseReturnValue:
    """The idea's page as it is now, with why not; words no form takes any more stay readable."""
    g.refusal = str(refusal.message)
    return page(idea_id, unsent=typed, **forms), refusal.status


def to(idea: Idea, anchor: str = "") -> ResponseReturnValue:
    """On to the idea; small exchanges are given its page at once, to be cut to their size."""
    if wants_fragment():
        return page(idea.id), 200
    return redirect(f"/ideas/{idea.id}{anchor}", 303)


def back(idea: Idea, anchor: str = "") -> ResponseReturnValue:
    """Back to the list or queue in which it was done, else on to the idea."""
    if wants_fragment():
        return page(idea.id), 200
    return redirect(pages.back_to(idea, anchor), 303)
