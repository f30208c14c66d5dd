"""What documents are narrowed by beside their words. Each is a test that the engine can put."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from forum.core.i18n import company_zone
from forum.core.words import normalize, slugify
from forum.ideas.policy import UNSETTLED
from forum.ideas.stage_cards import slugs_of
from forum.search import figures
from forum.search.documents import INDEXED, OLDER
from forum.search.engine.queries import Test
from forum.search.engine.segment import Segment
from forum.search.engine.snapshot import Bools, Docs, Snapshot, concatenated
from forum.search.figures import Figures, Ints
from forum.search.filters.values import FIRST_YEAR, LAST_YEAR, Days, Span, moments


@dataclass(frozen=True, slots=True)
class Labelled:
    """Has one of some labels."""

    name: str
    labels: frozenset[str]

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        return snapshot.labelled(self.name, self.labels, docs)


@dataclass(frozen=True, slots=True)
class Tagged:
    """Has one of some tags, given as they stand in an address."""

    slugs: frozenset[str]

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        names = {name for slug in self.slugs for name in tags(snapshot).get(slug, ())}
        return snapshot.labelled("tag", names, docs)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Has one of some numbers in a column."""

    column: str
    numbers: frozenset[int]

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        return np.isin(snapshot.column(self.column)[docs], list(self.numbers))


@dataclass(frozen=True, slots=True)
class Within:
    """Has a measure in one of some spans."""

    measure: str
    spans: tuple[Span, ...]

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        measured = MEASURES[self.measure](snapshot, docs)
        fits = [(measured >= span.low) & (measured < span.high) for span in self.spans]
        found: Bools = np.logical_or.reduce([np.zeros(len(docs), dtype=bool), *fits])
        return found


@dataclass(frozen=True, slots=True)
class Standardised:
    """Has become part of a standard."""

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        parts = [
            np.diff(labels.starts)[labels.sets[own]] > 0
            for segment, own in snapshot.split(docs)
            for labels in (segment.columns.labels["standard"],)
        ]
        return np.concatenate([np.zeros(0, dtype=bool), *parts])


@dataclass(frozen=True, slots=True)
class Having:
    """Is a standard with a clause of a number, or with words in its heading."""

    wanted: str

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        return snapshot.labelled("clause", headings_with(snapshot, self.wanted), docs)


@dataclass(frozen=True, slots=True)
class Every:
    """Fits every one of some tests."""

    tests: tuple[Test, ...]

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        fits = [test(snapshot, docs) for test in self.tests]
        found: Bools = np.logical_and.reduce([np.ones(len(docs), dtype=bool), *fits])
        return found


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Fits any one of some tests."""

    tests: tuple[Test, ...]

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        fits = [test(snapshot, docs) for test in self.tests]
        found: Bools = np.logical_or.reduce([np.zeros(len(docs), dtype=bool), *fits])
        return found


@dataclass(frozen=True, slots=True)
class Opposite:
    """Does not fit a test."""

    test: Test

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of the documents fit."""
        return ~self.test(snapshot, docs)


def of_kinds(*kinds: str) -> Numbered:
    """Is of one of some kinds."""
    return Numbered("kind", frozenset(map(INDEXED.index, kinds)))


def shown_as(kind: str) -> Numbered:
    """Is shown as of a kind: older versions are standards."""
    return of_kinds(kind, *([OLDER] if kind == "standard" else []))


def in_stages(stages: Iterable[str]) -> Labelled:
    """Is in one of some stages."""
    return Labelled("stage", frozenset(slug for kind in stages for slug in slugs_of(str(kind))))


def in_stage(slug: str) -> Labelled:
    """Is in one stage, not in others of its kind."""
    return Labelled("stage", frozenset((slug,)))


def unsettled(*tests: Test) -> Every:
    """Is an idea that waits for a decision, and fits some tests."""
    return Every((of_kinds("idea"), in_stages(UNSETTLED), *tests))


def ideas(*tests: Test) -> Every:
    """Is an idea, and fits some tests."""
    return Every((of_kinds("idea"), *tests))


def _written(snapshot: Snapshot, docs: Docs) -> Ints:
    return snapshot.column("at")[docs].astype(np.int64)


def _figure(read: Callable[[Figures, Ints], Ints]) -> Callable[[Snapshot, Docs], Ints]:
    """A figure of ideas; nothing for other documents."""

    def measured(snapshot: Snapshot, docs: Docs) -> Ints:
        is_idea = of_kinds("idea")(snapshot, docs)
        ids = snapshot.column("id")[docs].astype(np.int64)
        return np.where(is_idea, read(figures.of(snapshot), np.where(is_idea, ids, 0)), 0)

    return measured


_active = _figure(Figures.active)


def _updated(snapshot: Snapshot, docs: Docs) -> Ints:
    """When something last happened to it; what is no idea stays as it was written."""
    return np.maximum(_active(snapshot, docs), _written(snapshot, docs))


MEASURES: dict[str, Callable[[Snapshot, Docs], Ints]] = {
    "written": _written,
    "updated": _updated,
    "year": lambda snapshot, docs: years(snapshot)[docs],
    "votes": _figure(Figures.votes),
    "comments": _figure(Figures.comments),
    "entered": _figure(Figures.entered),
    "version": lambda snapshot, docs: snapshot.column("version")[docs].astype(np.int64),
}
"""What can be measured of documents, times as microseconds."""


slug_of = lru_cache(50_000)(slugify)
"""What a tag is called in an address. The same tags are asked for again and again."""


def tags(snapshot: Snapshot) -> dict[str, list[str]]:
    """The tags of all segments by what they are called in an address."""
    if "tags" not in snapshot.kept:
        names = {w for segment in snapshot.segments for w in segment.columns.labels["tag"].words}
        found: dict[str, list[str]] = {}
        for name in sorted(names):
            found.setdefault(slug_of(name), []).append(name)
        snapshot.kept["tags"] = found
    known: dict[str, list[str]] = snapshot.kept["tags"]
    return known


def headings_with(snapshot: Snapshot, wanted: str) -> set[str]:
    """The clauses whose number is what was written, or in whose heading it stands from the
    beginning of a word. What is all digits and dots is a number and nothing else."""
    wanted = " ".join(normalize(wanted).split())
    known = {w for segment in snapshot.segments for w in segment.columns.labels["clause"].words}
    if not wanted.replace(".", "").isdigit():
        return {heading for heading in known if f" {wanted}" in f" {heading}"}
    number = wanted.rstrip(".")
    return {heading for heading in known if heading.split(" ", 1)[0].rstrip(".") == number}


def years(snapshot: Snapshot) -> Ints:
    """The company's year in which each document was written; 0 for none."""
    key = ("years", company_zone())
    if key not in snapshot.kept:
        snapshot.kept[key] = concatenated([years_of(segment) for segment in snapshot.segments])
    found: Ints = snapshot.kept[key]
    return found


def years_of(segment: Segment) -> Ints:
    """The same of a segment, where they are kept as long as it is."""
    key = ("years", company_zone())
    if key not in segment.kept:
        edges = [moments(Days(date(year, 1, 1), date(year, 1, 1))).low for year in YEARS]
        places = np.searchsorted(edges, segment.columns.numbers["at"].astype(np.int64), "right")
        segment.kept[key] = np.array([0, *YEARS], dtype=np.uint16)[places]
    found: Ints = segment.kept[key]
    return found


YEARS = range(FIRST_YEAR + 1, LAST_YEAR)
