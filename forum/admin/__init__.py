"""Settings, people, imports and exports."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.admin import (
        departments_views,
        erasure_views,
        imports_views,
        mails_views,
        people_reach,
        people_views,
        people_ways_in,
        settings_views,
        site_views,
        stages_views,
        views,
    )

    for part in (
        views,
        settings_views,
        site_views,
        departments_views,
        erasure_views,
        imports_views,
        mails_views,
        people_views,
        people_ways_in,
        people_reach,
        stages_views,
    ):
        app.register_blueprint(part.bp)
