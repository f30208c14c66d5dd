"""The rule of before and after."""

import pytest

from forum.surveys.figures.counts import Counts
from forum.surveys.figures.verdicts import Compared, Verdict, together, verdicts

LOW, MIDDLE, HIGH = Counts((6, 5, 1, 0, 0)), Counts((1, 3, 4, 3, 1)), Counts((0, 0, 1, 5, 6))


def test_each_of_the_four_is_said_when_it_is_so():
    assert verdicts([Compared(LOW, HIGH)]) == [Verdict.BETTER]
    assert verdicts([Compared(HIGH, LOW)]) == [Verdict.WORSE]
    assert verdicts([Compared(MIDDLE, MIDDLE)]) == [Verdict.UNCLEAR]
    assert verdicts([Compared(MIDDLE, None)]) == [Verdict.TOO_FEW]
    assert verdicts([Compared(None, HIGH)]) == [Verdict.TOO_FEW]


def test_the_same_answers_get_the_same_verdict():
    cells = [Compared(MIDDLE, Counts((0, 2, 3, 5, 3)))]

    assert verdicts(cells) == verdicts(cells)


def test_what_is_just_clear_alone_is_not_clear_among_ten():
    just = Compared(Counts((2, 4, 4, 2, 0)), Counts((0, 2, 4, 4, 2)))

    alone = verdicts([just])
    among_ten = verdicts([just, *[Compared(MIDDLE, MIDDLE)] * 9])

    assert alone == [Verdict.BETTER]
    assert among_ten[0] == Verdict.UNCLEAR


def test_answers_without_any_spread_can_be_compared():
    assert verdicts([Compared(Counts((9, 0, 0, 0, 0)), Counts((0, 0, 0, 0, 9)))]) == [
        Verdict.BETTER
    ]
    assert verdicts([Compared(Counts((0, 0, 9, 0, 0)), Counts((0, 0, 9, 0, 0)))]) == [
        Verdict.UNCLEAR
    ]


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([], Verdict.TOO_FEW),
        (["too_few", "unclear"], Verdict.UNCLEAR),
        (["better", "unclear", "too_few"], Verdict.BETTER),
        (["better", "worse"], Verdict.WORSE),
    ],
)
def test_several_verdicts_are_one_that_never_praises_too_much(said, verdict):
    assert together([Verdict(each) for each in said]) == verdict
