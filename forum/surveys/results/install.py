"""Wires results, what departments answer to them, and before and after into the application."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and the sweep that reports on closed waves."""
    from forum.core import jobs
    from forum.surveys.change import models as _of_changes  # noqa: F401 -- tables
    from forum.surveys.loop import models as _of_replies  # noqa: F401 -- tables
    from forum.surveys.results import keeping, panels
    from forum.surveys.results.views import bp

    app.register_blueprint(bp)
    panels.install()
    jobs.SWEEPS["survey-results"] = keeping.sweep
