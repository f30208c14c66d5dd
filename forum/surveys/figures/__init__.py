"""Figures of few answers on a short scale: pure mathematics, each formula with its source.

`student` knows the t distribution, `counts` what was answered and its figure with an interval,
`shares` compares two shares, `verdicts` says whether something changed.
"""
