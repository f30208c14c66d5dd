"""The memory of a No: what brings a declined idea back, once."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages and the sweep that watches the conditions."""
    from forum.core import jobs
    from forum.ideas.again import watching
    from forum.ideas.again.views import bp

    app.register_blueprint(bp)
    jobs.SWEEPS["conditions"] = watching.look
