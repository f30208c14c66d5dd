"""Who gains from an idea: one word that its author may say, and nobody has to."""

from __future__ import annotations

from forum.core.i18n import lazy

GAINS = {
    "colleagues": lazy("Colleagues"),
    "customers": lazy("Customers"),
    "safety": lazy("Safety"),
}


def read_gains(sent: str) -> str:
    """What was chosen; empty for anything that is none."""
    return sent if sent in GAINS else ""
