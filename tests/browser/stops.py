"""One stop of the tour through all pages."""

from __future__ import annotations

from typing import NamedTuple

NOBODY = ""


class Stop(NamedTuple):
    """One address as one person sees it, and the route it stands for."""

    rule: str
    address: str
    who: str = "admin"
    status: int = 200

    @property
    def name(self) -> str:
        """Short enough for a report."""
        return f"{self.who or 'nobody'} {self.address}"
