"""Figures of few answers on a short scale: pure mathematics, each formula with its source.

`student` knows the t distribution, `counts` what was answered and its figure with an interval,
`clusters` as how many answers those of the same people count, `deniable` keeps it open whether all
said the same, `shares` compares two shares, `verdicts` says whether something changed.
"""
