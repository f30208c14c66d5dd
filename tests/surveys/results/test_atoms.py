"""What may be told of a wave: who adds up everything learns of no fewer than k people."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.surveys.figures.counts import Counts
from forum.surveys.figures.deniable import deniable
from forum.surveys.results.atoms import (
    ALL,
    Place,
    atoms_of,
    cells_of,
    people_of,
)

ABOVE = {0: (9,), 1: (9,), 2: (8, 9), 3: (8, 9)}
"""Providers 0 to 3, and the departments above each."""
CROWDS = {4: (4,), 5: (5,), 6: (5, 6), 7: (7,)}
"""Customers; the sixth is below the fifth."""


def place(service, provider, customer):
    up = (
        ("service", service, 0),
        ("pair", provider, customer),
        ("provider", provider, 0),
        ("tree", provider, 0),
        *(("tree", above, 0) for above in ABOVE[provider]),
        ALL,
    )
    return Place(service, up, customer, CROWDS[customer])


def customers(where):
    return [("customer", where.customer, 0)]


def published(places, answers, k):
    atoms = atoms_of(places, answers, k)
    return atoms, cells_of(atoms, {each.service: each for each in places}, customers)


counts = st.lists(st.integers(1, 5), max_size=9).map(
    lambda said: Counts(tuple(said.count(value) for value in range(1, 6)))
)
services = st.lists(
    st.tuples(st.sampled_from(list(ABOVE)), st.sampled_from(list(CROWDS)), counts),
    min_size=1,
    max_size=12,
)
ks = st.integers(5, 8)


def wave(rows):
    places = [place(number, provider, who) for number, (provider, who, _said) in enumerate(rows)]
    return places, {number: said for number, (_p, _c, said) in enumerate(rows)}


def members_of(node, atoms, places):
    """The services whose answers a figure sums up."""
    inside = [
        atom
        for atom in atoms
        if all(
            node in places[service].up or node in customers(places[service])
            for service in atom.services
        )
    ]
    return [service for atom in inside for service in atom.services]


@given(services, ks)
@settings(max_examples=300, deadline=None)
def test_no_sum_of_figures_tells_of_part_of_an_atom(rows, k):
    """Everything derivable by adding and subtracting, solved as a linear system."""
    places, answers = wave(rows)
    atoms, cells = published(places, answers, k)
    system = np.zeros((len(cells), len(places)))
    for row, node in enumerate(cells):
        system[row, members_of(node, atoms, places)] = 1
    rank = np.linalg.matrix_rank(system) if cells else 0

    for number in range(len(places)):
        alone = np.zeros(len(places))
        alone[number] = 1
        follows = cells and np.linalg.matrix_rank(np.vstack([system, alone])) == rank
        if 0 < answers[number].n < k:
            assert not follows
    for atom in atoms:
        assert sum(answers[service].n for service in atom.services) >= k


@given(services, ks, st.integers(0, 8))
@settings(max_examples=300, deadline=None)
def test_no_sum_of_figures_tells_of_fewer_than_a_k_that_was_raised_since(rows, k, more):
    """Of what was told by an older k, what still is holds whole atoms of enough people only."""
    places, answers = wave(rows)
    raised = k + more
    atoms, cells = published(places, answers, k)
    still = [node for node, (_said, people) in cells.items() if people >= raised]
    system = np.zeros((len(still), len(places)))
    for row, node in enumerate(still):
        system[row, members_of(node, atoms, places)] = 1
    rank = np.linalg.matrix_rank(system) if still else 0

    for atom in atoms:
        alone = np.zeros(len(places))
        alone[list(atom.services)] = 1
        follows = still and np.linalg.matrix_rank(np.vstack([system, alone])) == rank
        if atom.people < raised:
            assert not follows


def test_after_a_raised_k_a_provider_less_its_told_service_is_not_its_hidden_one():
    places = [place(1, 0, 4), place(2, 0, 7)]
    said = {1: Counts((2, 2, 3, 3, 2)), 2: Counts((1, 1, 2, 1, 1))}

    _atoms, cells = published(places, said, 5)

    people = {node[:2]: told for node, (_said, told) in cells.items()}
    assert people["service", 1] == 12
    assert people["service", 2] == people["provider", 0] == people["all", 0] == 6


@given(services, ks)
@settings(max_examples=300, deadline=None)
def test_figures_are_what_they_say_they_sum_up(rows, k):
    places, answers = wave(rows)
    atoms, cells = published(places, answers, k)

    for node, (said, people) in cells.items():
        members = members_of(node, atoms, places)
        assert said.n == sum(answers[service].n for service in members)
        assert said.n >= people >= k
    told = [service for atom in atoms for service in atom.services]
    assert len(told) == len(set(told))


def splits(total, parts, most):
    return [
        each for each in product(range(most + 1), repeat=parts) if sum(each) == total and min(each)
    ]


@given(services, ks)
@settings(max_examples=300, deadline=None)
def test_who_knows_the_rule_still_cannot_tell_how_many_answered_about_a_hidden_service(rows, k):
    """Knowing even which hidden services have answers, more than one split is possible."""
    places, answers = wave(rows)
    for atom in atoms_of(places, answers, k):
        parts = len(atom.services)
        if 1 < parts < 5:
            possible = splits(atom.counts.n, parts, k - 1)
            truth = tuple(answers[service].n for service in atom.services)
            assert truth in possible
            # With one answer each, that they have answers at all is not told.
            assert len(possible) > 1 or set(truth) == {1}


@given(services, ks)
@settings(max_examples=300, deadline=None)
def test_answers_may_have_stood_in_another_service_of_their_atom(rows, k):
    """Nor is any value's count or the sum of a hidden service known: a swap changes no figure."""
    places, answers = wave(rows)
    atoms, cells = published(places, answers, k)
    for atom in atoms:
        swapped = _swapped(atom, answers)
        if swapped is not None:
            assert published(places, {**answers, **swapped}, k)[1] == cells


def _swapped(atom, answers):
    """Two services of an atom that trade two unlike answers, or None where all are alike."""
    for one, other in product(atom.services, repeat=2):
        for high, low in product(range(5), repeat=2):
            if one < other and high != low and answers[one].of[high] and answers[other].of[low]:
                first, second = [*answers[one].of], [*answers[other].of]
                first[high] -= 1
                first[low] += 1
                second[low] -= 1
                second[high] += 1
                return {one: Counts(tuple(first)), other: Counts(tuple(second))}
    return None


@given(services, ks)
@settings(max_examples=300, deadline=None)
def test_no_figure_and_no_difference_of_figures_says_what_everybody_said(rows, k):
    places, answers = wave(rows)

    atoms, _cells = published(places, answers, k)

    for atom in atoms:
        assert max(atom.counts.of) < atom.counts.n


@given(services, ks)
@settings(max_examples=200, deadline=None)
def test_one_changed_answer_that_stays_hidden_changes_nothing_that_is_told(rows, k):
    """What is counted nowhere is told nowhere."""
    places, answers = wave(rows)
    atoms, cells = published(places, answers, k)
    told = {service for atom in atoms for service in atom.services}
    untold = {
        number: Counts(tuple(reversed(said.of)))
        for number, said in answers.items()
        if number not in told
    }

    assert published(places, {**answers, **untold}, k)[1] == cells


def test_all_saying_the_same_looks_like_all_but_one_saying_so():
    assert deniable(Counts((0, 0, 0, 0, 6))) == deniable(Counts((0, 0, 0, 1, 5)))
    assert deniable(Counts((7, 0, 0, 0, 0))) == Counts((6, 1, 0, 0, 0))
    assert deniable(Counts((0, 0, 5, 0, 0))).n == 5
    assert deniable(Counts((0, 2, 5, 0, 0))) == Counts((0, 2, 5, 0, 0))


def test_people_asked_about_several_services_count_once():
    bakery, tools, canteen = place(1, 0, 4), place(2, 0, 4), place(3, 0, 7)
    below, above = place(4, 0, 6), place(5, 0, 5)

    assert people_of([bakery, tools], {1: 3, 2: 4}) == 4
    assert people_of([bakery, canteen], {1: 3, 3: 4}) == 7
    assert people_of([below, above], {4: 3, 5: 4}) == 4


def test_the_same_three_people_are_told_nowhere_however_much_they_answer():
    places = [place(number, number % 4, 4) for number in range(8)]
    said = dict.fromkeys(range(8), Counts((1, 0, 1, 1, 0)))

    assert published(places, said, 5)[1] == {}


def test_a_provider_is_told_without_the_service_that_would_follow():
    places = [place(1, 0, 4), place(2, 0, 7), place(3, 1, 5)]
    said = {1: Counts((1, 2, 3, 2, 1)), 2: Counts((0, 1, 1, 1, 0)), 3: Counts((1, 1, 2, 0, 0))}

    _atoms, cells = published(places, said, 5)

    assert cells["provider", 0, 0][0] == cells["service", 1, 0][0]
    assert ("service", 2, 0) not in cells
    assert cells["tree", 9, 0][0].n == 16


def test_two_services_of_four_answers_each_would_be_known_from_their_sum():
    places = [place(1, 0, 4), place(2, 0, 7)]
    four = Counts((1, 1, 1, 1, 0))

    assert published(places, {1: four, 2: four}, 5)[1] == {}
