"""Two people's changes of one text put together: nothing lost, or said that it does not fit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core.richtext.threeway import merged

BASE = "Invoices arrive late.\nNobody knows why.\nWe wait for a week."


@pytest.mark.parametrize(
    ("ours", "theirs", "together"),
    [
        (BASE, BASE.replace("late", "too late"), BASE.replace("late", "too late")),
        (BASE.replace("week", "month"), BASE, BASE.replace("week", "month")),
        (
            BASE.replace("week", "month"),
            BASE.replace("Invoices", "Bills"),
            BASE.replace("week", "month").replace("Invoices", "Bills"),
        ),
        (BASE + "\nAlways.", "Today: " + BASE, "Today: " + BASE + "\nAlways."),
        (
            BASE.replace("week", "month"),
            BASE.replace("week", "month"),
            BASE.replace("week", "month"),
        ),
        (BASE.replace("week", "month"), BASE.replace("week", "day"), None),
        ("", BASE.replace("week", "day"), None),
        (BASE + " A", BASE + " B", None),
    ],
)
def test_changes_in_different_places_go_together(ours, theirs, together) -> None:
    assert merged(BASE, ours, theirs) == together


WORDS = st.lists(st.sampled_from(["late", "why", "week", ",", "\n", "счета"]), max_size=12)
TEXTS = WORDS.map(" ".join)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the texts."""


@SLOW
@given(TEXTS, TEXTS, TEXTS)
def test_it_is_the_same_whoever_comes_first(base, ours, theirs) -> None:
    assert merged(base, ours, theirs) == merged(base, theirs, ours)


@SLOW
@given(TEXTS, TEXTS)
def test_alone_everything_fits(base, other) -> None:
    assert merged(base, base, other) == merged(base, other, base) == merged(base, other, other)
    assert merged(base, base, other) == other
