"""What an address asks for beside the words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filters:
    """Values by the name of their operator, as they were written, and an order."""

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = ""

    def of(self, name: str) -> tuple[str, ...]:
        """The values of one operator."""
        return next((values for known, values in self.values if known == name), ())
