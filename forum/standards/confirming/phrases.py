"""What pages say of confirmations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from forum.accounts.models import Kind, Role
from forum.core.calendar import company_day
from forum.core.i18n import _, day, lazy, locale_code, ngettext
from forum.core.site import site
from forum.standards.confirming.confirmed import MONTHS
from forum.standards.confirming.models import Way
from forum.standards.confirming.report import Asked, OfDepartment
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
    Way.TRAINING.value: lazy("in a training"),
}

SHOWS = {
    "open": lazy("Not yet"),
    "late": lazy("Overdue"),
    "confirmed": lazy("Confirmed"),
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
    if standing.way == Way.TRAINING:
        return _("You were trained in version %(number)d on %(day)s.", number=number, day=on)
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


def show(name: str) -> str:
    """Which people a report names."""
    return str(SHOWS[name])


def state(asked: Asked) -> str:
    """When and how somebody confirmed it, or by when they are to."""
    if asked.confirmed_at is None:
        return by_when(asked.due_on)
    on, way = day(asked.confirmed_at), WAYS.get(asked.way, "")
    if asked.entered_by:
        entered = {"day": on, "way": way, "clerk": asked.entered_by}
        return _("%(day)s, %(way)s, entered by %(clerk)s", **entered)
    return _("%(day)s, %(way)s", day=on, way=way)


def total(counted: Sequence[OfDepartment]) -> str:
    """How far it has come with everybody."""
    people = sum(each.people for each in counted)
    said = ngettext(
        "%(read)d of %(num)d person has confirmed this version.",
        "%(read)d of %(num)d people have confirmed this version.",
        people,
        read=sum(each.confirmed for each in counted),
    )
    late = sum(each.late for each in counted)
    if not late:
        return said
    overdue = ngettext("%(num)d is overdue.", "%(num)d are overdue.", late)
    return f"{said} {overdue}"


def renewals() -> list[tuple[int, str]]:
    """After how many months a standard may ask again."""
    every = [
        (months, ngettext("Every %(num)d month", "Every %(num)d months", months))
        for months in MONTHS
    ]
    return [(0, _("Never, unless it changes")), *every]


def columns() -> list[str]:
    """The heading of the report as a file."""
    return [
        _("Number"),
        _("Version"),
        _("Name"),
        _("Signs in with"),
        _("Department"),
        _("Confirmed on"),
        _("Way"),
        _("Entered by"),
        _("Due on"),
        _("Overdue"),
    ]


def yes(it_is: bool) -> str:
    """Yes, or nothing."""
    return _("yes") if it_is else ""
