"""Wires reviews, links, the register, curating and categories into the application."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the panels, the sweeps, the reader of links and the kinds of evidence."""
    from forum.core import jobs, readers
    from forum.core.personal import hold
    from forum.standards.categories.views import bp as categories
    from forum.standards.curating.views import bp as curating
    from forum.standards.links.reader import READER
    from forum.standards.register.views import bp as register
    from forum.standards.review import clock, kinds, opening, panels, personal
    from forum.standards.review.views import bp
    from forum.standards.serving.views import bp as serving

    for blueprint in (bp, register, categories, curating, serving):
        app.register_blueprint(blueprint)
    kinds.install()
    panels.install()
    readers.register(READER)
    jobs.SWEEPS["standard-reviews"] = clock.sweep
    jobs.SWEEPS["standard-evidence"] = opening.sweep
    hold(personal.HOLDING)
