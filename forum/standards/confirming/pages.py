"""What pages show of confirmations, put together from their queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.calendar import company_day
from forum.core.chips import chip
from forum.core.csvfiles import sheet_parts
from forum.core.db import db
from forum.core.i18n import _, day
from forum.departments.queries import DepartmentCard
from forum.standards.confirming import phrases, report
from forum.standards.confirming.forms import PaperForm
from forum.standards.confirming.models import Way
from forum.standards.confirming.pending import Pending, pending_for
from forum.standards.confirming.report import Asked, OfDepartment, ReportFilter
from forum.standards.models import Standard, Version, VersionState

ON_A_SHEET = 1000
"""People on one sheet to sign; a company that has more prints one for each department."""


def bar(shown: Any) -> dict[str, Any]:
    """What the page of a standard says to its reader about confirming it."""
    standing = shown.standing
    asked = shown.current and standing.asked
    return {
        "reading": phrases.reading(shown) if shown.current else "",
        "read": standing.confirmed,
        "due": phrases.by_when(standing.due_on),
        "late": standing.late,
        "signature": phrases.signature() if shown.current else "",
        "named": phrases.named(standing.people),
        "again": _again(shown) if asked and not standing.confirmed else "",
    }


def _again(shown: Any) -> str:
    """That the reader confirmed an older version, if they did."""
    before = shown.last_read
    if before is None or before == shown.version.number:
        return ""
    numbers = {"before": before, "number": shown.version.number}
    return _("Version %(before)d confirmed, version %(number)d pending", **numbers)


def pending_page(reader: Person) -> dict[str, Any]:
    """What somebody has to confirm, by the day it is due. One query."""
    rows = [_row(each) for each in pending_for(reader)]
    return {"rows": rows, "signature": phrases.signature()}


def _row(pending: Pending) -> dict[str, Any]:
    return {
        "number": pending.number,
        "url": f"/standards/{pending.number}",
        "title": pending.title,
        "lang": pending.lang,
        "version": pending.version,
        "change": pending.change,
        "due": phrases.by_when(pending.due_on),
        "late": pending.late,
        "note": _note(pending),
        "compare": _compare(pending),
    }


def _note(pending: Pending) -> str:
    if pending.ran_out_at is not None:
        return _("Your confirmation ran out on %(day)s.", day=day(pending.ran_out_at))
    if pending.before is None:
        return ""
    numbers = {"before": pending.before, "number": pending.version}
    return _("Version %(before)d confirmed, version %(number)d pending", **numbers)


def _compare(pending: Pending) -> str:
    if pending.before is None:
        return ""
    return f"/standards/{pending.number}/compare?from={pending.before}&to={pending.version}"


def version_of(standard: Standard) -> Version | None:
    """The version in force, or the last one that was. One query."""
    query = select(Version).where(
        Version.standard_id == standard.id, Version.number == (standard.in_force or 0)
    )
    return db.session.scalars(query).first()


def report_page(
    reader: Person, standard: Standard, arguments: Mapping[str, str], form: PaperForm
) -> dict[str, Any]:
    """Who has confirmed a standard: counts by department, and a page of names. Three queries."""
    version = version_of(standard)
    counted = report.by_department(version) if version is not None else []
    cards = _cards(counted)
    wanted = report.read_filter(standard.number, arguments, cards)
    page = report.named(version, wanted) if version is not None else None
    return {
        "standard": standard,
        "version": version,
        "form": form,
        "departments": [_department(each, wanted) for each in counted],
        "total": phrases.total(counted),
        "rows": [_person(each) for each in page.rows] if page else [],
        "wanted": wanted,
        "chips": _chips(wanted, cards),
        "next_url": wanted.query(after=page.next) if page and page.next else "",
        "first_url": wanted.query() if wanted.after else "",
        "csv_url": wanted.query(".csv"),
        "sheet_url": wanted.query("/sheet"),
        "renewals": phrases.renewals(),
        "today": company_day().isoformat(),
        "may": {
            "enter": reader.moderates and standard.state == VersionState.IN_FORCE,
            "renew": reader.moderates and standard.state != VersionState.RETIRED,
        },
    }


def _cards(counted: list[OfDepartment]) -> list[DepartmentCard]:
    return [each.card for each in counted if each.card is not None]


def _asked_cards(version: Version, arguments: Mapping[str, str]) -> list[DepartmentCard]:
    """The departments asked, where somebody names one: to count them costs more than the rest."""
    return _cards(report.by_department(version)) if arguments.get("department") else []


def _department(counted: OfDepartment, wanted: ReportFilter) -> dict[str, Any]:
    slug = counted.card.slug if counted.card else ""
    return {
        "card": counted.card,
        "people": counted.people,
        "confirmed": counted.confirmed,
        "late": counted.late,
        "url": wanted.query(department=slug) if slug else "",
    }


def _person(asked: Asked) -> dict[str, Any]:
    return {
        "id": asked.id,
        "name": shown_name(asked.name),
        "department": asked.department,
        "late": asked.late,
        "open": asked.confirmed_at is None,
        "on_paper": asked.way == Way.PAPER,
        "state": phrases.state(asked),
    }


def _chips(wanted: ReportFilter, cards: list[DepartmentCard]) -> list[dict[str, Any]]:
    shows = [(show, phrases.show(show)) for show in report.SHOWS]
    return [
        chip("show", _("Confirmed"), wanted, shows),
        chip("department", _("Department"), wanted, [(d.slug, d.name) for d in cards]),
    ]


def report_parts(standard: Standard, arguments: Mapping[str, str]) -> Iterator[str]:
    """The report as CSV, bit by bit, whatever its length. Three queries, two without a
    department."""
    version = version_of(standard)
    if version is None:
        return sheet_parts(phrases.columns(), [])
    wanted = report.read_filter(standard.number, arguments, _asked_cards(version, arguments))
    rows = report.everybody(version, wanted)
    return sheet_parts(phrases.columns(), (_line(standard, version, each) for each in rows))


def _line(standard: Standard, version: Version, asked: Asked) -> list[object]:
    return [
        standard.number,
        version.number,
        shown_name(asked.name),
        asked.handle,
        asked.department,
        company_day(asked.confirmed_at).isoformat() if asked.confirmed_at else "",
        phrases.WAYS.get(asked.way, ""),
        asked.entered_by,
        asked.due_on.isoformat(),
        phrases.yes(asked.late),
    ]


def _signed(asked: report.Asked) -> str:
    """How somebody confirmed it; a line to sign needs no words."""
    return phrases.state(asked) if asked.confirmed_at else ""


def sheet_page(standard: Standard, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Names of those who have still to sign, or of all of a department. Three queries, two
    without a department."""
    version = version_of(standard)
    cards = _asked_cards(version, arguments) if version is not None else []
    wanted = report.read_filter(standard.number, arguments, cards)
    found = list(report.everybody(version, wanted, most=ON_A_SHEET + 1)) if version else []
    chosen = next((card for card in cards if card.id == wanted.department_id), None)
    return {
        "standard": standard,
        "version": version,
        "department": chosen.name if chosen else "",
        "rows": [(each, _signed(each)) for each in found[:ON_A_SHEET]],
        "cut": len(found) > ON_A_SHEET,
        "back_url": wanted.query(),
        "signature": phrases.signature(),
    }
