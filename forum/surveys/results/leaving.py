"""Answers and texts as an export tells them: of no fewer people than any figure.

Only whole atoms leave, where so many people are enough today: an export takes no settings along.
Of each atom leaves how often every value was chosen, dealt out anew to its rows, and what it is a
part of, so that no row says what was said of one service among several. Figures follow from atoms,
so they are the same where the rows arrive; told again, the same rows are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from forum.core.db import db
from forum.core.site import site
from forum.surveys.figures.counts import Counts
from forum.surveys.relay.models import VoiceQuestion
from forum.surveys.results import computing
from forum.surveys.results.atoms import Atom, Node
from forum.surveys.results.models import WaveReport

Row = dict[str, Any]


def answers(rows: list[Row]) -> list[Row]:
    """Answers of reported waves, as they may leave. Five queries a wave."""
    smallest = site().survey_k
    return [
        row
        for wave_id, theirs in _by(rows, "wave_id")
        for row in dealt(computing.atoms(wave_id, _k(wave_id)), theirs, smallest)
    ]


def dealt(atoms: Mapping[int, Sequence[Atom]], rows: Iterable[Row], smallest: int) -> Iterator[Row]:
    """Answers of a wave that lie in atoms of so many people, by version of the item, each with one
    of the values of its atom."""
    of_service = dict(_by(rows, "version_id", "service_id"))
    for version_id, found in atoms.items():
        for atom in found:
            if atom.people < smallest:
                continue
            scale = atom.counts.values
            rows_met = (row for each in atom.services for row in of_service[version_id, each])
            # One from elsewhere may lie outside the scale: it is counted nowhere.
            met = [row for row in rows_met if row["value"] in scale]
            # By their random keys, so that values lie among the services as by lot.
            pairs = zip(sorted(met, key=_key), _values(atom.counts), strict=True)
            yield from ({**row, "value": value} for row, value in pairs)


def texts(rows: list[Row]) -> list[Row]:
    """Texts of reported waves, as they may leave. Four queries a wave."""
    return [
        row for wave_id, theirs in _by(rows, "wave_id") for row in mixed(theirs, _told(wave_id))
    ]


def mixed(rows: Iterable[Row], nodes: Mapping[str, Node]) -> Iterator[Row]:
    """Texts that are told, by where each is; those told together each with the service of one of
    them. Done again, the same comes out."""
    met: dict[Hashable, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=_key):
        if row["key"] in nodes:
            met[row["version_id"], nodes[row["key"]]].append(row)
    for group in met.values():
        services = sorted(row["service_id"] for row in group)
        pairs = zip(group, services, strict=True)
        yield from ({**row, "service_id": service_id} for row, service_id in pairs)


def of_texts(rows: list[Row]) -> list[Row]:
    """Of questions about texts, or answers to them, those whose text leaves. Four queries a wave
    about whose texts something was asked, and two."""
    waves = db.session.scalars(select(VoiceQuestion.wave_id).distinct()).all() if rows else ()
    leaving = {key for wave_id in _reported(waves) for key in _told(wave_id)}
    return [row for row in rows if row["key"] in leaving]


def _told(wave_id: int) -> dict[str, Node]:
    """The texts of a wave that are told, each with where."""
    voices, smallest = computing.voices(wave_id, _k(wave_id)), site().survey_k
    return {voice.key: voice.node for voice in voices if voice.people >= smallest}


def _reported(waves: Iterable[int]) -> list[int]:
    query = select(WaveReport.wave_id).where(WaveReport.wave_id.in_(list(waves)))
    return list(db.session.scalars(query))


def _k(wave_id: int) -> int:
    return db.session.get_one(WaveReport, wave_id).k


def _values(counts: Counts) -> Iterator[int]:
    for value, count in counts.pairs():
        yield from [value] * count


def _key(row: Row) -> str:
    return str(row["key"])


def _by(rows: Iterable[Row], *names: str) -> Iterable[tuple[Any, list[Row]]]:
    """Rows grouped by a column, or several."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)].append(row)
    return found.items()
