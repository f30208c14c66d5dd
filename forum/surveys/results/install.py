"""Wires results, replies to them, the relay, and before and after into the application."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages and the sweep that reports on closed waves, and what follows from it."""
    from forum.core import jobs
    from forum.surveys.results import keeping, panels
    from forum.surveys.results.views import bp

    app.register_blueprint(bp)
    panels.install()
    jobs.SWEEPS["survey-results"] = keeping.sweep
    _replies(app)
    _changes(app)
    _relay(app)


def _replies(app: Flask) -> None:
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.ideas.extras import EXTRAS
    from forum.surveys.loop import clock, ideas, panels, personal
    from forum.surveys.loop.views import bp

    app.register_blueprint(bp)
    panels.install()
    hold(personal.HOLDING)
    EXTRAS["survey-replies"] = ideas.EXTRA
    jobs.SWEEPS["survey-replies"] = clock.sweep
    _follow(clock.oblige)


def _changes(app: Flask) -> None:
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.surveys.change import (
        comparing,
        evidence,
        measuring,
        naming,
        panels,
        personal,
        whence,
    )
    from forum.surveys.change.views import bp

    app.register_blueprint(bp)
    panels.install()
    whence.install()
    evidence.install()
    hold(personal.HOLDING)
    jobs.SWEEPS["survey-changes"] = measuring.sweep
    jobs.SWEEPS["survey-verdicts"] = comparing.sweep
    jobs.SWEEPS["survey-names"] = naming.sweep
    _follow(comparing.follow)


def _relay(app: Flask) -> None:
    from forum.core.personal import hold
    from forum.surveys.relay import panels, personal
    from forum.surveys.relay.views import bp

    app.register_blueprint(bp)
    panels.install()
    hold(personal.HOLDING)


def _follow(follow: Callable[[int], None]) -> None:
    from forum.surveys.results.keeping import TOLD

    if follow not in TOLD:
        TOLD.append(follow)
