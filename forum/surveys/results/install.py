"""Wires results, what departments answer to them, and before and after into the application."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the sweeps, and what follows when a wave was reported on."""
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.surveys.change import models as _of_changes  # noqa: F401 -- tables
    from forum.surveys.loop import clock
    from forum.surveys.loop import panels as of_replies
    from forum.surveys.loop import personal as replies
    from forum.surveys.loop.views import bp as loop
    from forum.surveys.results import keeping, panels
    from forum.surveys.results.views import bp

    app.register_blueprint(bp)
    panels.install()
    jobs.SWEEPS["survey-results"] = keeping.sweep
    _follow(keeping.TOLD, clock.oblige)
    app.register_blueprint(loop)
    jobs.SWEEPS["survey-replies"] = clock.sweep
    of_replies.install()
    hold(replies.HOLDING)


def _follow(hooks: list[Callable[[int], None]], follow: Callable[[int], None]) -> None:
    if follow not in hooks:
        hooks.append(follow)
