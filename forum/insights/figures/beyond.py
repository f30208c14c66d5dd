"""The figures of modules: services, what surveys tell, replies, cases and sessions, thanks.

Satisfaction is read from what a closed survey has told on its own pages, never from answers.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, select

from forum.core.calendar import company_day, midnight
from forum.core.db import read_columns
from forum.core.i18n import _, day, lazy, month, ngettext, number
from forum.core.site import site
from forum.insights.figures.core import (
    MONTH,
    bars,
    by_month,
    of_month,
    rows_at,
    share_of,
    total,
    trend,
)
from forum.insights.figures.hiding import K
from forum.insights.figures.queries import TREND, last_month
from forum.insights.figures.registry import (
    NONE,
    Asked,
    Bars,
    Figure,
    Still,
    Told,
    Written,
    register,
)
from forum.surveys.models import Purpose, Wave
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.results.told import comparable
from forum.surveys.waves import last_day_before
from forum.training.models import Outcome

ENDS = ("opened", Outcome.CLARIFY, Outcome.IDEA, Outcome.PRAISE, Outcome.NONE)


def install() -> None:
    """Register them; each shows while its module is on."""
    for figure in (
        Figure("services", lazy("Services"), _services, "serves", "map"),
        Figure(
            *("satisfaction", lazy("Satisfaction"), _satisfaction, "measured", "surveys"),
            asks=True,
        ),
        Figure("replies", lazy("Replies to surveys"), _replies, "", "surveys"),
        Figure("sessions", lazy("Training"), _sessions, "training", "training"),
        Figure("cases", lazy("Cases"), _cases, "", "training"),
        Figure("thanks", lazy("Thanks"), _thanks, "thanks", "thanks"),
    ):
        register(figure)


def _services(asked: Asked) -> Told:
    names = ("confirmed", "proposed", "disputed")
    last = last_month(asked.period)
    agreed, proposed, disputed = (of_month(asked, last, "services").get(n, 0) for n in names)
    return Told(
        headline=number(agreed),
        said=ngettext(
            "Both sides agree on %(num)d service at the end of %(month)s. Not confirmed: "
            "%(proposed)s, disputed: %(disputed)s.",
            "Both sides agree on %(num)d services at the end of %(month)s. Not confirmed: "
            "%(proposed)s, disputed: %(disputed)s.",
            agreed,
            month=month(last),
            proposed=number(proposed),
            disputed=number(disputed),
        ),
        columns=[
            MONTH,
            ("confirmed", _("Agreed on")),
            ("proposed", _("Not confirmed")),
            ("disputed", _("Disputed")),
        ],
        rows=by_month(asked, "services", names),
        bars=[
            bars(
                _("Services both sides agree on, at the end of each month"),
                asked,
                "services",
                names[:1],
            )
        ],
        flows=agreed > 0 and agreed >= proposed + disputed,
        link=_map_at(asked),
        still=Still(
            _(
                "Agreed on: %(agreed)s, not agreed on: %(others)s. It flows when half of them are "
                "agreed on.",
                agreed=number(agreed),
                others=number(proposed + disputed),
            )
        )
        if proposed + disputed
        else None,
    )


def _map_at(asked: Asked) -> str:
    """The services both sides agreed on when a period ended, or agree on."""
    over = asked.period.until - timedelta(days=1)
    place = f"&provider={asked.branch.slug}" if asked.branch is not None else ""
    then = f"&as-of={over}" if asked.period.until <= company_day() else ""
    return f"/map/services?state=confirmed{place}{then}"


WAVES = (
    select(Wave.id, Wave.title, Wave.closes_at, WaveOverall.mean, WaveOverall.n)
    .add_columns(WaveOverall.versions)
    .join(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
    .join(WaveOverall, WaveOverall.wave_id == Wave.id)
    .where(
        Wave.purpose == Purpose.REGULAR,
        Wave.closes_at <= bindparam("until"),
        WaveOverall.scope == bindparam("scope"),
        WaveOverall.one == bindparam("one"),
        WaveOverall.other == 0,
        WaveOverall.people >= bindparam("k"),
    )
    .order_by(Wave.closes_at.desc(), Wave.id.desc())
    .limit(TREND)
)
"""What surveys told of a branch; all of it is of k people at least, and stands on their pages."""


def _satisfaction(asked: Asked) -> Told:
    """One query. A survey that closes at the midnight a period ends with belongs to it."""
    scope, one = ("tree", asked.branch.id) if asked.branch is not None else ("all", 0)
    wanted = {"until": midnight(asked.period.until), "scope": scope, "one": one}
    rows = list(read_columns(WAVES, {**wanted, "k": site().survey_k}))[::-1]
    columns = [
        ("survey", _("Survey")),
        ("ended", _("Ended")),
        ("mean", _("Mean")),
        ("answers", _("Answers")),
        ("questions", _("Set of questions")),
    ]
    k = site().survey_k
    note = ngettext(
        "Only what a closed survey tells of at least %(num)d person.",
        "Only what a closed survey tells of at least %(num)d people.",
        k,
    )
    if not rows:
        said = _("No survey that has ended tells anything of it: too few answered, or none asked.")
        return Told(NONE, said, columns, [], flows=False, notes=[note])
    last, points = rows[-1], _points(rows)
    gap = _(
        "Where the picture has a gap, other questions were asked, or in other words: means on "
        "either side of it are not compared."
    )
    at = f"/surveys/{last.id}/results"
    return Told(
        headline=_("%(mean)s of 5", mean=number(last.mean, 1)),
        said=_satisfied(rows),
        columns=columns,
        rows=[_row(row, rows) for row in rows],
        bars=[Bars(_("How satisfied customers are, from 1 to 5, by survey"), points)],
        flows=last.closes_at > midnight(asked.period.start),
        link=at if scope == "all" else f"{at}/tree/{one}",
        notes=[note, gap] if GAP in points else [note],
    )


def _row(row: Any, rows: list[Any]) -> list[Any]:
    """A survey; those with the same number asked the same questions in the same words."""
    sets = list(dict.fromkeys(each.versions for each in rows if each.versions))
    ended = last_day_before(row.closes_at)
    mean = Written(number(row.mean, 1), round(row.mean, 2))
    asked = sets.index(row.versions) + 1 if row.versions else None
    return [row.title, Written(day(ended), ended.isoformat()), mean, row.n, asked]


def _satisfied(rows: list[Any]) -> str:
    last = rows[-1]
    said = ngettext(
        "From %(num)d answer in the survey that ended on %(day)s.",
        "From %(num)d answers in the survey that ended on %(day)s.",
        last.n,
        day=day(last_day_before(last.closes_at)),
    )
    if len(rows) < 2:
        return said
    return f"{said} {_against(last, rows[-2])}".rstrip()


def _against(last: Any, before: Any) -> str:
    """What the survey before said, where it asked the same; nothing where nobody knows."""
    if comparable(last.versions, before.versions):
        return _("The survey before: %(mean)s.", mean=number(before.mean, 1))
    if not last.versions or not before.versions:
        return ""
    return _("The survey before asked other questions, or in other words: they are not compared.")


GAP = ("", 0.0)
"""Between bars that are not compared."""


def _points(rows: list[Any]) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for place, row in enumerate(rows):
        if place and not comparable(row.versions, rows[place - 1].versions):
            found.append(GAP)
        found.append((_short(last_day_before(row.closes_at)), round(row.mean, 1)))
    return found


def _short(on: date) -> str:
    return f"{on:%m.%y}"


def _replies(asked: Asked) -> Told | None:
    found = total(asked, "replies")
    names = ("in_time", "late", "open")
    in_time, late, silent = (found.get(name, 0) for name in names)
    whole = in_time + late + silent
    if not whole and not any(of_month(asked, on, "replies") for on in asked.months):
        return None
    return Told(
        headline=share_of(in_time, whole),
        said=_(
            "What departments said to what surveys told of them: %(in_time)s in time, %(late)s "
            "late, %(open)s not yet.",
            in_time=number(in_time),
            late=number(late),
            open=number(silent),
        ),
        columns=[MONTH, ("in_time", _("In time")), ("late", _("Late")), ("open", _("Not yet"))],
        rows=by_month(asked, "replies", names),
        link=rows_at(asked, "replies"),
    )


def _sessions(asked: Asked) -> Told:
    held = sum(total(asked, "sessions").values())
    return Told(
        headline=number(held),
        said=ngettext(
            "%(num)d session was held. Who came is not shown here.",
            "%(num)d sessions were held. Who came is not shown here.",
            held,
        ),
        columns=[MONTH, ("sessions", _("Sessions"))],
        rows=by_month(asked, "sessions", ["held"]),
        bars=[bars(_("Sessions held, by month"), asked, "sessions")],
        flows=held > 0,
        link=rows_at(asked, "sessions"),
    )


def _cases(asked: Asked) -> Told:
    found = total(asked, "cases")
    opened, clearer, ideas, praise, nothing = (found.get(name, 0) for name in ENDS)
    return Told(
        headline=number(opened),
        said=_(
            "New cases to learn from: %(opened)s. Sessions ended cases: %(clearer)s with a clause "
            "that is to be clearer, %(ideas)s with an idea, %(praise)s with praise, %(nothing)s "
            "without a change.",
            opened=number(opened),
            clearer=number(clearer),
            ideas=number(ideas),
            praise=number(praise),
            nothing=number(nothing),
        ),
        columns=[
            MONTH,
            ("opened", _("New cases")),
            ("clarify", _("A clause is to be clearer")),
            ("idea", _("A new idea")),
            ("praise", _("Praise")),
            ("none", _("Nothing changes")),
        ],
        rows=by_month(asked, "cases", ENDS),
        bars=[bars(_("New cases, by month"), asked, "cases", ["opened"])],
        link=rows_at(asked, "cases"),
    )


def _thanks(asked: Asked) -> Told:
    """Of the whole company alone: of a small part it would be a tally of somebody."""
    columns = [MONTH, ("thanks", _("Thanks"))]
    note = _(
        "Public lines, in months in which at least %(k)d different people said thank you and as "
        "many were thanked. Nobody is named, and no department.",
        k=K,
    )
    if asked.branch is not None:
        whole = _("Told for the whole company only.")
        return Told(NONE, whole, columns, [], notes=[note])
    said = total(asked, "thanks").get("said", 0)
    return Told(
        headline=number(said) if said else NONE,
        said=ngettext(
            "%(num)d line of thanks to colleagues and departments.",
            "%(num)d lines of thanks to colleagues and departments.",
            said,
        )
        if said
        else _("Too few people said thank you to tell."),
        columns=columns,
        rows=[[on, of_month(asked, on, "thanks").get("said")] for on in trend(asked)],
        bars=[bars(_("Thanks, by month"), asked, "thanks")],
        flows=said > 0,
        link=rows_at(asked, "thanks"),
        notes=[note],
    )
