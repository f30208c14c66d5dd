"""Who may do what to surveys: pure functions."""

from __future__ import annotations

from datetime import datetime

from forum.accounts.models import Person
from forum.surveys.models import Purpose, Wave, WaveState


def may_see(person: Person) -> bool:
    """Everybody but consultants, who see what touches their departments and nothing else."""
    return not person.is_consultant


def may_plan(person: Person) -> bool:
    """Moderators."""
    return person.moderates


def may_set(person: Person) -> bool:
    """Administrators choose how much may be asked of people."""
    return person.administers


def may_change(person: Person, wave: Wave) -> bool:
    """Moderators, until the wave opens."""
    return person.moderates and wave.state == WaveState.PLANNED


def is_bound(wave: Wave) -> bool:
    """Whether what it asks, and whom, belongs to what an idea promised, and stays as it is."""
    return wave.purpose != Purpose.REGULAR


def may_stop(person: Person, wave: Wave) -> bool:
    """Moderators, while the wave runs."""
    return person.moderates and wave.state == WaveState.RUNNING


def is_open(wave: Wave, at: datetime) -> bool:
    """Whether it takes answers at a moment."""
    return wave.state == WaveState.RUNNING and wave.opens_at <= at < wave.closes_at
