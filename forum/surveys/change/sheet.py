"""What ideas changed as a CSV file: the same figures, surveys and verdicts as the library's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forum.surveys.change import queries
from forum.surveys.change.queries import After, Before, Change, Promise, Said
from forum.surveys.figures.verdicts import Verdict
from forum.surveys.models import WaveState
from forum.surveys.results.sheet import ends_of
from forum.surveys.waves import last_day_before

SIDE = ("survey", "ended", "wording", "n", "figure", "low", "high")
COLUMNS = (
    *("idea", "title", "standard", "since", "service", "service_name", "provider"),
    *("item", "measure"),
    *(f"{side}_{name}" for side in ("before", "after") for name in SIDE),
    *("verdict", "why"),
)
WORDS = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.UNCLEAR: "no clear change",
    Verdict.TOO_FEW: "too few answers",
}
OTHER_WORDS, NOT_LATELY = "asked in other words", "nothing measured in the year before"
BATCH = 100


def rows(ideas: Sequence[int]) -> Iterator[list[object]]:
    """A line for each promise of these ideas by the last survey after; in no reader's language.
    Five queries for a hundred ideas."""
    for start in range(0, len(ideas), BATCH):
        part = ideas[start : start + BATCH]
        found = queries.changes_of(part)
        for change in (found[number] for number in part if number in found):
            last = next((wave for wave in reversed(change.waves) if wave.verdict), None)
            yield from (_line(change, promise, last) for promise in change.promises)


def _line(change: Change, promise: Promise, last: After | None) -> list[object]:
    after, verdict = promise.after[last.id] if last is not None else (None, None)
    told = promise.before or after
    measure = ("share" if told.counts.tells_share else "mean") if told is not None else ""
    return [
        *(change.idea_id, change.title, change.standard, change.since),
        *(promise.cell[0], promise.service, promise.provider, promise.item.key, measure),
        *_side(promise.asked, promise.before),
        *_side(last, after),
        WORDS[verdict] if verdict is not None else "",
        _why(promise, after) if verdict == Verdict.TOO_FEW else "",
    ]


def _side(wave: Before | After | None, told: Said | None) -> list[object]:
    named: list[object] = ["", ""]
    if wave is not None:
        is_over = wave.state == WaveState.CLOSED
        named = [wave.title, last_day_before(wave.closes_at) if is_over else ""]
    if told is None:
        return [*named, *[""] * 5]
    figure = f"{told.counts.figure:.3f}"
    return [*named, told.item.number, told.counts.n, figure, *ends_of(told.counts.within)]


def _why(promise: Promise, after: Said | None) -> str:
    """Where too few answers is not all that there is to say."""
    if promise.asked is None:
        return NOT_LATELY
    return OTHER_WORDS if queries.in_other_words(promise.before, after) else ""
