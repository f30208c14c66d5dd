"""A department's passport: what a newcomer or a new head needs, on one page and as PDF."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the sections of the forum itself, and the way from the department."""
    from forum.core import slots
    from forum.insights.passport import beyond, sections, ways
    from forum.insights.passport.views import bp

    app.register_blueprint(bp)
    sections.install()
    beyond.install()
    panel = slots.Panel("passport", "insights/passport/_on_department.html", ways.on_departments)
    slots.fill("ways-of-department", panel)
