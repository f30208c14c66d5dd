"""The figures of the forum itself: ideas, answers, decisions, standards, and who takes part.

Each is made of what was counted; only searches in vain ask a query of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from forum.core.i18n import _, lazy, month, ngettext, number, percent
from forum.ideas.gains import GAINS
from forum.ideas.stages import name_of
from forum.insights.figures import demand
from forum.insights.figures.counting import STAGES
from forum.insights.figures.hiding import K
from forum.insights.figures.periods import Period, months_on
from forum.insights.figures.queries import TREND, last_month
from forum.insights.figures.registry import (
    NONE,
    Asked,
    Bars,
    Figure,
    Share,
    Still,
    Told,
    register,
)
from forum.insights.figures.workdays import quantile

Load = Callable[[Asked], Told | None]
MONTH = ("month", lazy("Month"))


def install() -> None:
    """Register them in the order of the page."""
    for figure in (
        Figure("ideas", lazy("Ideas posted"), of_many(_ideas), "idea"),
        Figure("participation", lazy("Who takes part"), _participation),
        Figure("answers", lazy("Answered in time"), _answers, "answers"),
        Figure("decisions", lazy("Decisions"), of_many(_decisions), "decision"),
        Figure("carried-out", lazy("Carried out"), of_many(_carried)),
        Figure("processing-time", lazy("How long it takes"), of_many(_processing)),
        Figure("standards", lazy("Standards"), _standards, "standard"),
        Figure("confirmations", lazy("To be confirmed"), _confirmations, "acknowledged"),
        Figure("stages", lazy("Ideas by stage"), of_many(_stages)),
        Figure("gains", lazy("Who gains"), of_many(_gains)),
        Figure("searches", lazy("Looked for in vain"), demand.searches, asks=True),
    ):
        register(figure)


def of_many(load: Load) -> Load:
    """A figure of what people wrote, silent where it would tell of few of them."""

    def told(asked: Asked) -> Told | None:
        return load(asked) if not asked.few else Told(NONE, too_few(), [MONTH], [])

    return told


def too_few() -> str:
    """Why a branch is not told of."""
    return _("Too few people: it is counted with the departments around it.")


def total(asked: Asked, figure: str, period: Period | None = None) -> dict[str, int]:
    """What was counted of a figure in a period, the one that is asked for by default."""
    within, found = period or asked.period, dict[str, int]()
    for on, counts in asked.months.items():
        if within.holds(on):
            for name, count in counts.get(figure, {}).items():
                found[name] = found.get(name, 0) + count
    return found


def trend(asked: Asked) -> list[date]:
    """The months that a picture shows, the last of the period at its end."""
    last = last_month(asked.period)
    return [months_on(last, n) for n in range(1 - TREND, 1)]


def of_month(asked: Asked, on: date, figure: str) -> dict[str, int]:
    """What was counted of a figure in a month."""
    return dict(asked.months.get(on, {}).get(figure, {}))


def short(on: date) -> str:
    """A month below its bar."""
    return f"{on:%m}" if on.month > 1 else f"{on:%Y}"


def by_month(asked: Asked, figure: str, names: Iterable[str]) -> list[list[Any]]:
    """A row for each month of a picture, with what was counted under some names."""
    return [
        [on, *(of_month(asked, on, figure).get(name, 0) for name in names)] for on in trend(asked)
    ]


def bars(title: str, asked: Asked, figure: str, names: Iterable[str] | None = None) -> Bars:
    """A figure's bar for each month of a picture."""
    points = []
    for on in trend(asked):
        counts = of_month(asked, on, figure)
        points.append((short(on), sum(counts.get(n, 0) for n in names or counts)))
    return Bars(title, points)


def share_of(part: int, whole: int) -> str:
    """A share in words, a dash of nothing."""
    return percent(round(100 * part / whole)) if whole else NONE


def rows_at(asked: Asked, name: str) -> str:
    """Where the rows behind a figure are."""
    return f"/insights/rows/{name}?{asked.narrowed}"


def _ideas(asked: Asked) -> Told:
    posted = sum(total(asked, "posted").values())
    before = sum(total(asked, "posted", asked.period.moved(-1)).values())
    said = [_("The period before: %(num)s.", num=number(before))]
    if asked.members >= K:
        rate = number(round(100 * posted / asked.members, 1))
        said.append(_("%(rate)s per 100 people.", rate=rate))
    return Told(
        headline=number(posted),
        said=" ".join(said),
        columns=[MONTH, ("ideas", _("Ideas"))],
        rows=[[on, sum(of_month(asked, on, "posted").values())] for on in trend(asked)],
        bars=[bars(_("Ideas posted, by month"), asked, "posted")],
        flows=posted > 0,
        link=rows_at(asked, "ideas"),
    )


def _participation(asked: Asked) -> Told:
    columns = [
        ("quarter", _("Quarter")),
        ("took_part", _("Took part")),
        ("people", _("Active people")),
        ("percent", _("Share")),
        ("votes_counted", _("Support counted")),
    ]
    note = _(
        "Told for quarters that are over and for whole branches, where at least %(k)d people took "
        "part and %(k)d did not, and nothing smaller follows. Nobody is named or counted alone.",
        k=K,
    )
    if not asked.shares:
        few = _("Too few people, or no quarter is over yet.")
        return Told(NONE, few, columns, [], notes=[note])
    last = asked.shares[-1]
    points = [(_quarter(each), round(100 * each.took_part / each.people)) for each in asked.shares]
    return Told(
        headline=share_of(last.took_part, last.people),
        said=_(
            "%(part)s of %(all)s active people wrote, answered or supported in %(quarter)s.",
            part=number(last.took_part),
            all=number(last.people),
            quarter=Period("quarter", last.quarter).label,
        ),
        columns=columns,
        rows=[
            [_quarter(s), s.took_part, s.people, round(100 * s.took_part / s.people), s.with_votes]
            for s in asked.shares
        ],
        bars=[Bars(_("Share of people who took part, per cent, by quarter"), points)],
        notes=[note],
    )


def _quarter(share: Share) -> str:
    return Period("quarter", share.quarter).name


def _answers(asked: Asked) -> Told:
    found = total(asked, "answers")
    in_time, late, silent = (found.get(name, 0) for name in ("in_time", "late", "open"))
    whole = in_time + late + silent
    names = ("in_time", "late", "open")
    return Told(
        headline=share_of(in_time, whole),
        said=_(
            "%(in_time)s in time, %(late)s late, %(open)s not yet.",
            in_time=number(in_time),
            late=number(late),
            open=number(silent),
        ),
        columns=[MONTH, ("in_time", _("In time")), ("late", _("Late")), ("open", _("Not yet"))],
        rows=by_month(asked, "answers", names),
        bars=[
            bars(_("Answers in time, by month"), asked, "answers", ["in_time"]),
            bars(_("Late or not given, by month"), asked, "answers", ["late", "open"]),
        ],
        flows=whole > 0 and 2 * in_time >= whole,
        link=rows_at(asked, "answers"),
        still=_half_in_time(in_time, whole),
    )


def _half_in_time(in_time: int, whole: int) -> Still | None:
    if not whole:
        return None
    numbers = {"part": number(in_time), "all": number(whole)}
    return Still(_("In time: %(part)s of %(all)s. It flows when half of them are.", **numbers))


def _decisions(asked: Asked) -> Told:
    found = total(asked, "decided")
    yes, no = found.get("accept", 0), found.get("decline", 0)
    posted = sum(total(asked, "posted").values())
    return Told(
        headline=number(yes + no),
        said=_("%(yes)s accepted, %(no)s declined.", yes=number(yes), no=number(no)),
        columns=[MONTH, ("accepted", _("Accepted")), ("declined", _("Declined"))],
        rows=by_month(asked, "decided", ("accept", "decline")),
        bars=[
            bars(_("Accepted, by month"), asked, "decided", ["accept"]),
            bars(_("Declined, by month"), asked, "decided", ["decline"]),
        ],
        flows=yes + no > 0 and 2 * (yes + no) >= posted,
        link=rows_at(asked, "decisions"),
        still=_behind(asked, yes + no, posted) if yes + no + posted else None,
    )


def _behind(asked: Asked, decided: int, posted: int) -> Still:
    why = _(
        "Posted: %(posted)s, decided: %(decided)s. It flows when half as many are decided as "
        "posted. Waiting at the end: %(waiting)s.",
        posted=number(posted),
        decided=number(decided),
        waiting=number(_waiting(asked)),
    )
    return Still(why, _("What waits"), rows_at(asked, "stages"))


def _waiting(asked: Asked) -> int:
    """Ideas that wait for a decision at the end of a period."""
    now = of_month(asked, last_month(asked.period), "stages")
    return now.get("open", 0) + now.get("review", 0)


def _carried(asked: Asked) -> Told:
    found = total(asked, "carried")
    yes, no = found.get("yes", 0), found.get("no", 0)
    return Told(
        headline=share_of(yes, yes + no),
        said=_(
            "%(yes)s of %(all)s ideas that were accepted are carried out by now.",
            yes=number(yes),
            all=number(yes + no),
        ),
        columns=[MONTH, ("carried_out", _("Carried out")), ("under_way", _("Under way"))],
        rows=by_month(asked, "carried", ("yes", "no")),
        link=rows_at(asked, "carried-out"),
    )


def _processing(asked: Asked) -> Told:
    ways = {
        "idea_to_decision": (_("Idea to decision"), total(asked, "to_decision")),
        "decision_to_standard": (_("Decision to standard"), total(asked, "to_standard")),
    }
    rows = []
    for name, (words, days) in ways.items():
        quarters = [quantile(days, share) for share in (0.25, 0.5, 0.75)]
        rows.append([name, words, sum(days.values()), *quarters])
    to_decision, to_standard = (quantile(days, 0.5) for _words, days in ways.values())
    return Told(
        headline=_days(to_decision),
        said=_waited(to_decision, to_standard),
        columns=[
            ("way", ""),
            ("words", _("From, to")),
            ("ideas", _("Ideas")),
            ("lower_quartile", _("Lower quartile")),
            ("median", _("Median")),
            ("upper_quartile", _("Upper quartile")),
        ],
        rows=rows,
        bars=[Bars(_("Median to the decision, working days, by month"), _medians(asked))],
        link=rows_at(asked, "to-decision"),
        notes=[_("In working days of the company; half of the ideas lie between the quartiles.")],
    )


def _waited(to_decision: float | None, to_standard: float | None) -> str:
    """Each median in a sentence of its own; that nothing is known in another."""
    decision = (
        _(
            "Half of the ideas waited for their decision for %(days)s or less.",
            days=_days(to_decision),
        )
        if to_decision is not None
        else _("No idea was decided.")
    )
    standard = (
        _(
            "Half of those accepted then waited for their standard for %(days)s or less.",
            days=_days(to_standard),
        )
        if to_standard is not None
        else _("No accepted idea became a standard.")
    )
    return f"{decision} {standard}"


def _medians(asked: Asked) -> list[tuple[str, float]]:
    return [
        (short(on), quantile(of_month(asked, on, "to_decision"), 0.5) or 0) for on in trend(asked)
    ]


def _days(days: float | None) -> str:
    if days is None:
        return NONE
    if days != int(days):
        return _("%(num)s working days", num=number(round(days, 1)))
    return ngettext("%(num)d working day", "%(num)d working days", int(days))


def _standards(asked: Asked) -> Told:
    found = total(asked, "standards")
    new, changed, retired = (found.get(name, 0) for name in ("new", "changed", "retired"))
    names = ("new", "changed", "retired")
    return Told(
        headline=number(new + changed),
        said=_(
            "%(new)s new, %(changed)s with a new version, %(retired)s retired.",
            new=number(new),
            changed=number(changed),
            retired=number(retired),
        ),
        columns=[
            MONTH,
            ("new", _("New")),
            ("changed", _("New version")),
            ("retired", _("Retired")),
        ],
        rows=by_month(asked, "standards", names),
        bars=[bars(_("Into force, by month"), asked, "standards", ["new", "changed"])],
        flows=new + changed > 0,
        link=rows_at(asked, "in-force"),
    )


def _confirmations(asked: Asked) -> Told:
    versions = sum(total(asked, "asked").values())
    return Told(
        headline=number(versions),
        said=ngettext(
            "People were asked to read and confirm %(num)d version.",
            "People were asked to read and confirm %(num)d versions.",
            versions,
        ),
        columns=[MONTH, ("versions", _("Versions"))],
        rows=[[on, sum(of_month(asked, on, "asked").values())] for on in trend(asked)],
        flows=versions > 0,
        link=rows_at(asked, "to-confirm"),
    )


def _stages(asked: Asked) -> Told:
    words = {str(kind): name_of(kind) for kind in STAGES}
    months = trend(asked)
    waiting = _waiting(asked)
    return Told(
        headline=number(waiting),
        said=ngettext(
            "%(num)d idea was waiting for a decision at the end of %(month)s.",
            "%(num)d ideas were waiting for a decision at the end of %(month)s.",
            waiting,
            month=month(months[-1]),
        ),
        columns=[MONTH, *words.items()],
        rows=by_month(asked, "stages", words),
        bars=[bars(name, asked, "stages", [kind]) for kind, name in words.items()],
        link=rows_at(asked, "stages"),
    )


def _gains(asked: Asked) -> Told | None:
    found = total(asked, "posted")
    said = {name: found.get(name, 0) for name in GAINS}
    if not any(said.values()):
        return None
    return Told(
        headline=number(sum(said.values())),
        said=ngettext(
            "%(num)d idea says who gains.", "%(num)d ideas say who gains.", sum(said.values())
        ),
        columns=[("gains", ""), ("words", _("Who gains")), ("ideas", _("Ideas"))],
        rows=[[name, str(GAINS[name]), count] for name, count in said.items()],
        bars=[Bars(_("Who gains"), [(str(GAINS[n]), count) for n, count in said.items()])],
        link=rows_at(asked, "gains"),
    )
