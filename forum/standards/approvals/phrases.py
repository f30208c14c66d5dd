"""What pages say of approvals."""

from __future__ import annotations

from datetime import date

from forum.core.calendar import company_day
from forum.core.i18n import _, day, lazy, ngettext
from forum.standards.approvals.models import Approval, Release, Said

SAID = {
    Said.WAITING: lazy("Waiting"),
    Said.APPROVED: lazy("Has approved"),
    Said.CHANGE: lazy("Asks for a change"),
    Said.ABSTAINED: lazy("Abstained"),
}
LOOKS = {
    Said.WAITING: ("stage-draft", "answer-waiting"),
    Said.APPROVED: ("stage-accepted", "answer-helps"),
    Said.CHANGE: ("late", "answer-needs_change"),
    Said.ABSTAINED: ("stage-draft", "answer-no_effect"),
}
"""Which colour and glyph stand for it; the word always stands beside them."""


def said_name(state: str) -> str:
    """What a side says, in words."""
    return str(SAID[Said(state)])


def due(on: date) -> str:
    """How long there is to answer."""
    left = (on - company_day()).days
    if left < 0:
        return _("was due on %(day)s", day=day(on))
    return _("due on %(day)s", day=day(on))


def when(row: Approval, by: str) -> str:
    """By when a side is to answer, or who answered for it and when."""
    if row.state == Said.WAITING:
        return due(row.due_on)
    said = [_("by the answer to the idea") if row.counted else by]
    if row.at is not None:
        said.append(day(row.at))
    return " · ".join(filter(None, said))


def progress(done: int, asked: int) -> str:
    """How far a version has come."""
    return ngettext(
        "%(done)d of %(num)d side has approved.",
        "%(done)d of %(num)d sides have approved.",
        asked,
        done=done,
    )


def of_release(release: Release | None, *, in_force: bool) -> list[tuple[str, str]]:
    """What a reader must know of how a version was published, as (kind, sentence)."""
    if release is None:
        return []
    said: list[tuple[str, str]] = []
    if release.emergency_why:
        said += _of_emergency(release, in_force=in_force)
    if release.over_why:
        why = release.over_why
        said.append(("info", _("Published without all approvals: %(why)s", why=why)))
    return said


def _of_emergency(release: Release, *, in_force: bool) -> list[tuple[str, str]]:
    if release.reviewed_at is not None:
        words = _(
            "Published in an emergency, looked at on %(day)s: %(note)s",
            day=day(release.reviewed_at),
            note=release.review_note,
        )
        return [("info", words)]
    if not in_force or release.review_on is None:
        return []
    told = {"why": release.emergency_why, "day": day(release.review_on)}
    if release.review_on < company_day():
        words = _("Published in an emergency, to be looked at by %(day)s: %(why)s", **told)
    else:
        words = _("Published in an emergency; it is looked at by %(day)s: %(why)s", **told)
    return [("warning", words)]
