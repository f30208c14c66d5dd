"""Running the forum: the server and its jobs, backups, upgrades, checks and figures."""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, the log and the sweeps."""
    from forum.ops import logs, metrics, worker

    logs.install(app)
    metrics.install(app)
    worker.install(app)
