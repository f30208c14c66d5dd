"""Uploads and what may be done with them."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.files import actions, personal
    from forum.files.views import bp

    app.register_blueprint(bp)
    hold(personal.HOLDING)
    jobs.SWEEPS["uploads"] = actions.sweep_uploads
    jobs.SWEEPS["files"] = actions.sweep_files
