"""Whether a version may be published, and what it takes to publish it all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forum.accounts.models import Person
from forum.core import limits
from forum.core.calendar import add_working_days, company_day
from forum.core.db import db
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.site import site
from forum.departments.queries import cards_by_id
from forum.standards.approvals import actions, facts, policy, rows
from forum.standards.approvals.asking import ALWAYS, Asked, moderators, wanted
from forum.standards.approvals.models import Approval, Said, Side
from forum.standards.models import Standard, Version, VersionState

CHANGED_SINCE = lazy(
    "This text was changed after it was sent for approval. Send it again, or publish it over that "
    "with a reason."
)
FURTHEST = 366
"""Days that a version can wait for its own."""
LOOK_BACK_DAYS = (1, 60)
"""Working days after which an emergency publication is looked at, at least and at most."""


@dataclass(frozen=True, slots=True)
class How:
    """How a moderator publishes: simply, over missing approvals, in an emergency, for a day."""

    over: bool = False
    emergency: bool = False
    why: str = ""
    days: int = 10
    effective_on: date | None = None

    def check(self) -> None:
        """Raises Invalid for what cannot be meant."""
        self._check_reason()
        if self.effective_on is not None:
            self._check_day(self.effective_on)

    def _check_reason(self) -> None:
        if (self.over or self.emergency) and not self.why.strip():
            raise Invalid(_("Say why; everybody can read it."), field="why")
        if not limits.NOTE.allows(self.why):
            raise Invalid(_("Say it in one line."), field="why")
        least, most = LOOK_BACK_DAYS
        if self.emergency and not least <= self.days <= most:
            raise Invalid(_("Give between 1 and 60 days."), field="days")

    def _check_day(self, on: date) -> None:
        ahead = (on - company_day()).days
        if self.emergency and ahead:
            message = _("What cannot wait for approval does not wait for a day.")
            raise Invalid(message, field="effective")
        if not 0 <= ahead <= FURTHEST:
            message = _("Choose today or a day within the next year.")
            raise Invalid(message, field="effective")

    @property
    def waits(self) -> bool:
        """Whether the version comes into force on a later day."""
        return self.effective_on is not None and self.effective_on > company_day()


SIMPLY = How()


class NotApproved(Conflict):
    """Somebody who was asked has not said yes."""


def pass_through(moderator: Person, standard: Standard, draft: Version, how: How) -> None:
    """Let a version be published, in the open write with the standard claimed, or raise NotApproved
    with the names of those who are missing. The publisher's own yes is taken for given."""
    about = ("standard", standard.id)
    if how.emergency:
        release = rows.release_for(draft)
        release.emergency_why = how.why
        release.review_on = add_working_days(company_day(), how.days)
        record(facts.EMERGENCY, by=moderator, about=about, version=draft.number)
        return
    asked = rows.of_version(draft.id)
    missing = foreseen(moderator, draft, asked)
    if missing and not how.over:
        raise NotApproved(missing)
    if missing:
        release = rows.release_for(draft)
        release.over_why, release.over_by_id = how.why, moderator.id
        db.session.flush()  # the row is read again where the version waits for its day
        record(facts.PUBLISHED_OVER, by=moderator, about=about, version=draft.number)
        return
    for row in filter(rows.is_open, asked):
        yes = actions.Answer(Said.APPROVED)
        actions.write_answer(moderator, standard, draft, row, yes)


def foreseen(moderator: Person, draft: Version, asked: Sequence[Approval]) -> str:
    """Why a moderator may not publish it, or nothing. Two queries, more where all is approved."""
    if draft.state == VersionState.DRAFT:
        if asked:
            return str(CHANGED_SINCE)
        return _never_asked(draft) if site().approval == ALWAYS else ""
    reviews = _reviews(moderator, draft)
    return sentence([row for row in asked if rows.is_open(row) and not (reviews and _own(row))])


def _own(row: Approval) -> bool:
    return row.side == Side.MODERATOR and row.state == Said.WAITING


def _reviews(moderator: Person, draft: Version) -> bool:
    return policy.may_review(moderator, draft, others=moderators())


def _never_asked(draft: Version) -> str:
    """Where everything is to be approved: whose yes is not known yet. The moderator's is their
    publishing it, as long as somebody else has a say in it too."""
    unknown = [each for each in wanted(draft) if each.at is None and each.side != Side.MODERATOR]
    said_yes = any(each.at is not None for each in wanted(draft))
    if not unknown and said_yes:
        return ""
    return sentence(unknown or [Asked(Side.MODERATOR, None)])


def sentence(missing: Sequence[Approval | Asked]) -> str:
    """Who has not approved, in words; empty when nobody is missing. One query."""
    if not missing:
        return ""
    cards = cards_by_id({each.department_id for each in missing if each.department_id})
    names = [_name(each, cards) for each in missing]
    return _("Not everybody has approved this version. Missing: %(names)s.", names=", ".join(names))


def _name(each: Approval | Asked, cards: Mapping[int, object]) -> str:
    name = side_name(each, cards)
    if getattr(each, "state", "") == Said.CHANGE:
        return _("%(name)s (asks for a change)", name=name)
    return name


def side_name(each: Approval | Asked, cards: Mapping[int, object]) -> str:
    """What a side is called within a sentence."""
    if each.side == Side.MODERATOR:
        return _("a moderator")
    if each.side == Side.HEAD:
        return _("the head of %(department)s", department=_department(each, cards))
    return _department(each, cards)


def side_title(each: Approval | Asked, cards: Mapping[int, object]) -> str:
    """What a side is called by itself."""
    if each.side == Side.MODERATOR:
        return _("Moderator")
    if each.side == Side.HEAD:
        return _("Head, %(department)s", department=_department(each, cards))
    return _department(each, cards)


def _department(each: Approval | Asked, cards: Mapping[int, object]) -> str:
    return str(getattr(cards.get(each.department_id or 0), "name", ""))
