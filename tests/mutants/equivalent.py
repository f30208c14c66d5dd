"""Mutants that change nothing anybody could notice, by their key, and why."""

EQUIVALENT: dict[str, str] = {}
