"""Where all say the same, everybody's answer would be known: one of them is told otherwise."""

from __future__ import annotations

from forum.surveys.figures.counts import Counts


def deniable(counts: Counts) -> Counts:
    """The same, but where all chose one value, one of them counted a step towards the middle.

    Who knows that all said the same knows what everybody said. Done to an atom before anything is
    added up, so all figures agree, and nobody can tell such an atom from one that is truly so.
    """
    if max(counts.of) < counts.n:
        return counts
    chosen = counts.of.index(counts.n)
    moved = [*counts.of]
    moved[chosen] -= 1
    moved[chosen + (1 if chosen < len(counts.of) // 2 else -1)] += 1
    return Counts(tuple(moved), counts.lowest)


def truths(told: Counts) -> tuple[Counts, ...]:
    """What may have been answered where this is told of a service: it, and where it looks like it,
    that all chose one value. It follows from what is told, so nothing is told by it."""
    chosen = max(range(len(told.of)), key=lambda place: told.of[place])
    alike = [0] * len(told.of)
    alike[chosen] = told.n
    same = Counts(tuple(alike), told.lowest)
    return (told, same) if deniable(same).of == told.of else (told,)
