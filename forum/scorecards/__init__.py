"""Scorecards: experts rate an idea, blind until each has submitted their own."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and the way to them from an idea."""
    from forum.core import modules
    from forum.core.i18n import lazy
    from forum.core.personal import hold
    from forum.scorecards import panels, personal, policy
    from forum.scorecards.views import bp

    app.register_blueprint(bp)
    link = modules.Link(lazy("Scorecards"), "/scorecards", policy.may_open)
    modules.offer(app, "scorecards", link)
    panels.install()
    hold(personal.HOLDING)
