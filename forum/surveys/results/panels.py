"""The way from a wave to its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.surveys.models import WaveState
from forum.surveys.results import beside
from forum.surveys.results.models import WaveReport


def install() -> None:
    """Fill the places on other pages."""
    slots.fill("wave", slots.Panel("results", "surveys/results/_on_wave.html", _on_waves))
    panel = slots.Panel("results", "surveys/results/_on_service.html", beside.on_services)
    slots.fill("service", panel)


def _on_waves(_reader: Person, waves: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Whether a closed wave has its figures. One query each."""
    found = {}
    for wave in waves:
        if wave.state == WaveState.CLOSED:
            report = db.session.get(WaveReport, wave.id)
            found[wave.id] = {"ready": report is not None and report.ready}
    return found
