"""The map (module): a matrix of providers and customers, a star for each department, a page for
each service.

`days` says which services count on a day, `names` how their sides are called, `tree` which
departments stand together in the matrix; `figures` is the place that surveys fill.
"""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and what the map adds to those of departments and ideas."""
    from forum.core import modules
    from forum.core.i18n import lazy
    from forum.ideas import suggest
    from forum.insights.map import affected, panels, satisfaction, service_views, views

    app.register_blueprint(views.bp)
    app.register_blueprint(service_views.bp)
    modules.offer(app, "map", modules.Link(lazy("Map of services"), "/map", views.open_to))
    suggest.FURTHER["map"] = affected.affected
    panels.install()
    satisfaction.install()
