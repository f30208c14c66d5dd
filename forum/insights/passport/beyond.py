"""Sections of modules: satisfaction, cases, thanks. Each tells what its own pages tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import read_columns
from forum.core.i18n import _, day, lazy, ngettext, number
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.scope import scope_of
from forum.insights.passport.marks import THIS, K, read_by
from forum.insights.passport.registry import Headline, Section, register
from forum.surveys.loop import queries as replies
from forum.surveys.loop.marks import latest
from forum.surveys.loop.queries import Said
from forum.surveys.models import Purpose, Wave, WaveService
from forum.surveys.policy import may_see as sees_surveys
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.results.told import comparable
from forum.surveys.waves import last_day_before
from forum.thanks import queries as thanks
from forum.thanks.queries import Line
from forum.thanks.visibility import colleague
from forum.training import policy as training
from forum.training.cases import queries as cases
from forum.training.cases.shown import rows_of
from forum.training.models import Case, CaseDepartment, CaseState

WAVES = 5
CASES = 5


def install() -> None:
    """Register them at the places kept for them."""
    at = "insights/passport/{}.html".format
    for section in (
        Section(
            *("satisfaction", lazy("How satisfied our customers are"), at("satisfaction")),
            *(satisfaction, 45, "surveys"),
            *(_of_satisfaction, _satisfied),
        ),
        Section(
            *("cases", lazy("Cases to learn from"), at("cases"), open_cases, 75, "training"),
            _of_cases,
        ),
        Section("thanks", lazy("Thanks"), at("thanks"), thanked, 85, "thanks", _of_thanks),
    ):
        register(section)


class Then(NamedTuple):
    """What a survey told of the department as the one who serves; no mean of too few."""

    wave_id: int
    title: str
    lang: str
    ended: date
    mean: float | None
    n: int | None
    url: str
    otherwise: bool = False
    """Whether the survey before that tells of it asked other questions, or in other words."""


class Satisfaction(NamedTuple):
    """The newest surveys, newest first, and what it replied to the newest that it replied to."""

    rows: list[Then]
    reply: Said | None


_ASKED = (
    exists().where(WaveService.wave_id == Wave.id, WaveService.provider_id == THIS).correlate(Wave)
)
_TOLD = and_(
    WaveOverall.wave_id == Wave.id,
    WaveOverall.scope == "provider",
    WaveOverall.one == THIS,
    WaveOverall.other == 0,
    WaveOverall.people >= K,
)
NEWEST = (
    select(Wave.id, Wave.title, Wave.lang, Wave.closes_at, WaveOverall.mean, WaveOverall.n)
    .add_columns(WaveOverall.versions)
    .join(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
    .outerjoin(WaveOverall, _TOLD)
    .where(Wave.purpose == Purpose.REGULAR, _ASKED)
    .order_by(Wave.closes_at.desc(), Wave.id.desc())
    .limit(WAVES)
)


def satisfaction(reader: Person, department: Department) -> Satisfaction | None:
    """What closed surveys told of its services, and its own words on it. Three queries at most."""
    if not sees_surveys(reader):
        return None
    found = list(read_columns(NEWEST, {"department": department.id}))
    if not found:
        return None
    rows = [
        Then(
            *(row.id, row.title, row.lang, last_day_before(row.closes_at), row.mean, row.n),
            f"/surveys/{row.id}/results/provider/{department.id}",
            _otherwise(row, found[place + 1 :]),
        )
        for place, row in enumerate(found)
    ]
    return Satisfaction(rows, replies.latest_of(reader, department.id))


def _otherwise(row: Any, older: Sequence[Any]) -> bool:
    before = next((each for each in older if each.mean is not None), None)
    if before is None or row.mean is None:
        return False
    return not comparable(row.versions, before.versions)


def _satisfied(found: Satisfaction) -> Sequence[Headline]:
    """What the newest survey told that tells anything."""
    then = next((each for each in found.rows if each.mean is not None), None)
    if then is None:
        return []
    note = ngettext("%(num)d answer", "%(num)d answers", then.n or 0)
    ended = _("ended %(day)s", day=day(then.ended))
    mean = _("%(mean)s of 5", mean=number(then.mean or 0, 1))
    return [Headline(_("Satisfaction"), mean, f"{note}, {ended}", then.url)]


def _of_satisfaction(moderates: bool) -> Sequence[Any]:
    return read_by(NEWEST), *latest(THIS, moderates=moderates)


class Cases(NamedTuple):
    """The newest cases, and where all of them are."""

    rows: list[dict[str, Any]]
    more_url: str


def open_cases(reader: Person, department: Department) -> Cases | None:
    """Cases everybody may read that it takes part in. Two queries."""
    if not training.may_see(reader):
        return None
    found = cases.open_cases(reader, department=department.id).rows
    more = f"/training/cases?department={department.slug}" if len(found) > CASES else ""
    return Cases(rows_of(found[:CASES]), more) if found else None


def _of_cases(_moderates: bool) -> Sequence[Any]:
    """The first of a page of them, and what their departments are called."""
    ours = aliased(CaseDepartment)
    # Found by the department: the index of states, of which most cases have one, leads to all.
    is_open = (Case.state + "") == CaseState.OPEN
    newest = (
        select(Case.id, Case.title, Case.lang, Case.month, Text.plain)
        .join(ours, ours.case_id == Case.id)
        .outerjoin(Text, Text.id == Case.learned_id)
        .where(is_open, ours.department_id == THIS)
        .order_by(Case.id.desc())
        .limit(CASES + 1)
        .subquery()
    )
    named = (
        select(*newest.c, Department.name)
        .join(CaseDepartment, CaseDepartment.case_id == newest.c.id)
        .join(Department, Department.id == CaseDepartment.department_id)
    )
    return (read_by(named),)


class Thanked(NamedTuple):
    """The newest lines, never how many there are, and where all of them are."""

    lines: list[Line]
    more_url: str


def thanked(reader: Person, department: Department) -> Thanked | None:
    """The newest public thanks to the department itself, for what everybody sees: not for a hidden
    idea, whoever wrote it. As many queries as a page of thanks."""
    seen_by = reader if scope_of(reader).limited else colleague()
    lines = thanks.latest_to_department(seen_by, department.id)
    return Thanked(lines, f"/thanks?department={department.slug}") if lines else None


def _of_thanks(_moderates: bool) -> Sequence[Any]:
    return (thanks.latest_follow_from(colleague(), THIS),)
