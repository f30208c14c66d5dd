"""What pages say of confirmations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from forum.accounts.models import Kind, Role
from forum.core.calendar import company_day
from forum.core.i18n import _, day, lazy, locale_code
from forum.core.site import site
from forum.standards.confirming.models import Way
from forum.standards.confirming.standing import Standing

ROLES = {
    Role.EMPLOYEE.value: lazy("Employee"),
    Role.MODERATOR.value: lazy("Moderator"),
    Role.ADMIN.value: lazy("Administrator"),
}
KINDS = {Kind.STAFF.value: lazy("Staff"), Kind.BOARD.value: lazy("Board")}
WAYS = {
    Way.PAGE.value: lazy("on the page"),
    Way.PAPER.value: lazy("on paper"),
    Way.CARRIED.value: lazy("with the version before"),
}


def reading(shown: Any) -> str:
    """What the bar at the end says to this reader."""
    number, standing = shown.version.number, shown.standing
    if standing.confirmed:
        return _confirmed(number, standing, day(shown.read_at))
    if standing.ran_out_at is not None:
        return _(
            "You read version %(number)d on %(day)s. That is long ago; read it again.",
            number=number,
            day=day(shown.read_at),
        )
    if shown.last_read is not None:
        return _(
            "You have read version %(read)d; version %(number)d is new.",
            read=shown.last_read,
            number=number,
        )
    return _("Say that you have read this, so that everybody can rely on it.")


def _confirmed(number: int, standing: Standing, on: str) -> str:
    if standing.way == Way.CARRIED:
        return _(
            "You read an earlier version on %(day)s. Version %(number)d changed only a little.",
            number=number,
            day=on,
        )
    if standing.way == Way.PAPER:
        return _("You signed for version %(number)d on paper on %(day)s.", number=number, day=on)
    return _("You read version %(number)d on %(day)s.", number=number, day=on)


def by_when(last: date | None) -> str:
    """Until when it is to be confirmed."""
    if last is None:
        return ""
    if last < company_day():
        return _("Was to be confirmed by %(day)s", day=day(last))
    return _("To be confirmed by %(day)s", day=day(last))


def signature() -> str:
    """What a confirmation is worth: the company's own sentence, or that it is no signature."""
    own = site().text("signature", locale_code())
    return own or _("A confirmation says that you have read this. It is no electronic signature.")


def named(people: Iterable[str]) -> str:
    """The roles and kinds that a version names."""
    words = {**ROLES, **KINDS}
    return ", ".join(str(words[value]) for value in people)
