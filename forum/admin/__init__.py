"""Settings, people, imports and exports."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.admin import departments_views, people_views, people_ways_in, views

    for part in (views, departments_views, people_views, people_ways_in):
        app.register_blueprint(part.bp)
