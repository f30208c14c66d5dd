"""Which shares may be told: nobody derives a group of fewer than k from what is shown."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.insights.figures.hiding import K, Part, shown_branches
from forum.insights.figures.models import WHOLE


@st.composite
def companies(draw: st.DrawFn) -> tuple[dict[int, list[int]], list[tuple[int, str]]]:
    """A tree of up to a dozen departments, and people: where each is and what they did."""
    size = draw(st.integers(1, 12))
    children: dict[int, list[int]] = {}
    for branch in range(1, size + 1):
        children.setdefault(draw(st.integers(0, branch - 1)), []).append(branch)
    people = []
    for place in range(size + 1):
        for did in ("nothing", "openly", "secretly"):
            people += [(place, did)] * draw(st.sampled_from((0, 0, 1, 3, 5, 6, 9)))
    return children, people


def groups(children: dict[int, list[int]], people: list[tuple[int, str]]) -> dict[int, set[int]]:
    """Who belongs to each branch, by their places in the list."""

    def below(branch: int) -> set[int]:
        return {branch}.union(*(below(child) for child in children.get(branch, [])))

    branches = {WHOLE}.union(*children.values())
    return {b: {n for n, who in enumerate(people) if who[0] in below(b)} for b in branches}


def parts(people: list[tuple[int, str]]) -> dict[int, Part]:
    own: dict[int, Part] = {}
    for place, did in people:
        one = Part(1, int(did != "nothing"), int(did == "secretly"))
        own[place] = own.get(place, Part()).and_also(one)
    return own


def derivable(told: list[set[int]]) -> list[frozenset[int]]:
    """Every group that an attacker gets by adding and taking away the shown ones: unions of what
    lies inside the same of them."""
    everybody = set().union(*told)
    cells: dict[frozenset[int], set[int]] = {}
    for person in everybody:
        inside = frozenset(n for n, group in enumerate(told) if person in group)
        cells.setdefault(inside, set()).add(person)
    found = [frozenset(cell) for cell in cells.values()]
    sums = [a | b for a, b in combinations(found, 2)]
    return found + sums


@settings(max_examples=300, deadline=None)
@given(companies())
def test_no_smaller_group_follows_from_the_shown_branches(
    company: tuple[dict[int, list[int]], list[tuple[int, str]]],
) -> None:
    children, people = company
    told = shown_branches(parts(people), children, WHOLE, votes=True)
    members = groups(children, people)

    for branch, part in told.items():
        assert part.people == len(members[branch])
    for group in derivable([members[branch] for branch in told]) if told else ():
        did = [people[number][1] for number in group]
        assert did.count("nothing") >= K
        assert len(did) - did.count("nothing") >= K
        assert did.count("secretly") >= K


@settings(max_examples=200, deadline=None)
@given(companies())
def test_the_company_is_told_wherever_it_may_be(
    company: tuple[dict[int, list[int]], list[tuple[int, str]]],
) -> None:
    children, people = company
    did = [each[1] for each in people]

    told = shown_branches(parts(people), children, WHOLE, votes=True)

    enough = min(did.count("nothing"), did.count("secretly")) >= K
    assert (WHOLE in told) == (enough and bool(people))


def test_a_branch_whose_sister_is_too_small_is_not_told_beside_the_company() -> None:
    large, small = Part(30, 10, 0), Part(4, 1, 0)

    told = shown_branches({1: large, 2: small}, {WHOLE: [1, 2]}, WHOLE, votes=False)

    assert set(told) == {WHOLE}
