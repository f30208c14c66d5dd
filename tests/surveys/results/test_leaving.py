"""What leaves with an export: atoms of enough people, whose answers nobody finds by service."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.surveys.figures.counts import Counts
from forum.surveys.results.atoms import atoms_of
from forum.surveys.results.leaving import dealt
from tests.surveys.results.test_atoms import ks, services, wave

VERSION = 1
Row = dict[str, Any]


def rows_of(answers: dict[int, Counts], lot: Any) -> list[Row]:
    """Answers as the database keeps them, under random keys."""
    return [
        {
            "key": f"{lot.getrandbits(128):032x}",
            "version_id": VERSION,
            "service_id": service,
            "value": value,
        }
        for service, counts in answers.items()
        for value, count in counts.pairs()
        for _each in range(count)
    ]


def counted(rows: list[Row]) -> dict[int, Counts]:
    """The same rows counted again, as where they are imported."""
    said: dict[int, Counter[int]] = {}
    for row in rows:
        said.setdefault(row["service_id"], Counter())[row["value"]] += 1
    return {
        service: Counts(tuple(of[value] for value in range(1, 6))) for service, of in said.items()
    }


def leave(places: Any, rows: list[Row], k: int, smallest: int) -> list[Row]:
    atoms = {VERSION: atoms_of(places, counted(rows), k)}
    return sorted(dealt(atoms, rows, smallest), key=lambda row: row["key"])


@given(services, ks, st.integers(0, 4), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_what_arrives_says_the_same_and_leaves_again_as_it_came(rows, k, more, lot):
    places, answers = wave(rows)
    here = rows_of(answers, lot)
    told = [atom for atom in atoms_of(places, answers, k) if atom.people >= k + more]

    there = leave(places, here, k, k + more)

    assert atoms_of(places, counted(there), k) == told
    assert leave(places, there, k, k) == there


@given(services, ks, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_answers_that_trade_places_within_an_atom_leave_alike(rows, k, lot):
    places, answers = wave(rows)
    here = rows_of(answers, lot)
    left = leave(places, here, k, k)

    for atom in atoms_of(places, answers, k):
        met = [row for row in here if row["service_id"] in atom.services]
        values = [row["value"] for row in met]
        lot.shuffle(values)
        for row, value in zip(met, values, strict=True):
            row["value"] = value

    assert leave(places, here, k, k) == left


@given(services, ks, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_answers_of_too_few_stay_whatever_they_say(rows, k, lot):
    places, answers = wave(rows)
    here = rows_of(answers, lot)
    left = leave(places, here, k, k)

    told = {service for atom in atoms_of(places, answers, k) for service in atom.services}
    for row in here:
        if row["service_id"] not in told:
            row["value"] = lot.randint(1, 5)

    assert {row["service_id"] for row in left} == told
    assert leave(places, here, k, k) == left


@given(services, ks, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_an_answer_outside_the_scale_stays_out_and_changes_nothing(rows, k, lot):
    places, answers = wave(rows)
    here = rows_of(answers, lot)
    odd = [{**row, "key": "f" * 32, "value": 9} for row in here[:1]]

    assert leave(places, here + odd, k, k) == leave(places, here, k, k)
