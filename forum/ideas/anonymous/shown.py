"""What pages say of ideas without a name: how one may post, and what is shown of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from forum.accounts.models import Person
from forum.core.i18n import _
from forum.ideas.anonymous import policy, queries
from forum.ideas.anonymous.models import Level
from forum.ideas.models import Idea


class Choice(NamedTuple):
    """A way to post, and what it protects from."""

    value: str
    label: str
    hint: str


def levels_for(person: Person) -> list[Choice]:
    """The ways to post, the usual one first; nothing where there is only that. No query, but one
    for newcomers where their posts are looked at."""
    if not policy.may_post(person):
        return []
    return [
        Choice("", _("With my name"), ""),
        Choice(
            Level.MODERATORS,
            _("Without my name; moderators can see who wrote it"),
            _("Each look is noted in the audit trail. A department can ask you in the forum."),
        ),
        Choice(
            Level.NOBODY,
            _("Without my name; nobody can see who wrote it"),
            _("It is stored nowhere. Keep the address you are shown: only with it can you answer."),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Unsigned:
    """An idea without a name, for one reader: what stands at its comments, whether its author can
    be asked, whether the reader may learn who it is, or is it, and was asked."""

    notes: dict[int, Markup]
    reachable: bool
    may_learn: bool
    is_own: bool
    is_asked: bool


def anonymous_shown(reader: Person, idea: Idea) -> Unsigned | None:
    """None for an idea with a name. Three queries at most, none then."""
    if not idea.anonymous:
        return None
    own = queries.own_of(reader, idea)
    said = Markup.escape(_("the author answered"))
    return Unsigned(
        notes=dict.fromkeys(queries.answers_of(idea), said),
        reachable=queries.is_reachable(idea),
        may_learn=policy.may_learn(reader, idea),
        is_own=own.is_own,
        is_asked=own.is_asked,
    )
