"""What is counted of the loop: month by month in rows, shown on a page, a report and in files."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the figures of the forum itself, and the daily count."""
    from forum.core import jobs, modules
    from forum.core.i18n import lazy
    from forum.insights.figures import beyond, building, core, policy
    from forum.insights.figures.views import bp

    app.register_blueprint(bp)
    link = modules.Link(lazy("Insights"), "/insights", policy.may_see)
    modules.offer(app, "insights", link)
    core.install()
    beyond.install()
    jobs.SWEEPS["insights"] = building.sweep
