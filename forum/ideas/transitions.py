"""From which stage an idea may go to which, and what each step asks for: the one table."""

from __future__ import annotations

from collections.abc import Mapping

from forum.core.i18n import _, lazy
from forum.ideas.models import FINAL, StageKind
from forum.ideas.stage_cards import ADDABLE, StageCard, first_of

ONE_TAP: Mapping[str, tuple[StageKind, ...]] = {
    StageKind.OPEN: (StageKind.REVIEW,),
    StageKind.REVIEW: (StageKind.OPEN,),
}
"""Steps that ask for nothing and can be undone; so are all among the stages of one kind."""
WITH_WORDS: Mapping[str, tuple[StageKind, ...]] = {
    StageKind.OPEN: (StageKind.ACCEPTED, StageKind.DECLINED),
    StageKind.REVIEW: (StageKind.ACCEPTED, StageKind.DECLINED),
    StageKind.ACCEPTED: (StageKind.STANDARDISED, StageKind.DONE),
}
"""Steps that are taken on the idea's page, where a reason or an outcome is written."""
ELSEWHERE = {
    StageKind.DRAFT: lazy("What was posted is not a draft again."),
    StageKind.MERGED: lazy("An idea is merged into another one, not moved among the merged ones."),
    StageKind.WITHDRAWN: lazy("Only its author withdraws an idea, on its page."),
}


def one_tap(here: StageCard, to: StageCard) -> bool:
    """Whether an idea goes from one stage to the other without a word."""
    if here.kind == to.kind:
        return here.id != to.id and here.kind in ADDABLE
    return to.kind in ONE_TAP.get(here.kind, ())


def refusal(here: StageCard, to: StageCard) -> str:
    """Why no idea goes from a stage to the other, whoever wants it."""
    if to.kind in ELSEWHERE:
        return str(ELSEWHERE[StageKind(to.kind)])
    if to.kind in WITH_WORDS.get(here.kind, ()):
        first = first_of(to.kind).name
        return _("First an idea becomes “%(stage)s”; then it can be moved on.", stage=first)
    if here.kind in FINAL:
        return _("This idea is “%(stage)s”; that is where its way ends.", stage=here.name)
    if here.kind == StageKind.ACCEPTED:
        return _("This idea is accepted. Its moderator can take the decision back for ten minutes.")
    return _(
        "An idea that is “%(before)s” cannot become “%(after)s”.", before=here.name, after=to.name
    )
