"""From which stage an idea may go to which, and what each step asks for: the one table."""

from __future__ import annotations

from collections.abc import Mapping

from forum.core.i18n import _, lazy
from forum.ideas.models import FINAL, StageKind
from forum.ideas.stages import name_of

ONE_TAP: Mapping[str, tuple[StageKind, ...]] = {
    StageKind.OPEN: (StageKind.REVIEW,),
    StageKind.REVIEW: (StageKind.OPEN,),
}
"""Steps that ask for nothing and can be undone."""
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


def refusal(before: str, after: str) -> str:
    """Why no idea goes from a stage of one kind to one of another, whoever wants it."""
    if after in ELSEWHERE:
        return str(ELSEWHERE[StageKind(after)])
    if before in FINAL:
        return _("This idea is “%(stage)s”; that is where its way ends.", stage=name_of(before))
    if before == StageKind.ACCEPTED:
        return _("This idea is accepted. Its moderator can take the decision back for ten minutes.")
    return _(
        "An idea that is “%(before)s” cannot become “%(after)s”.",
        before=name_of(before),
        after=name_of(after),
    )
