"""Commands that run the forum and keep it safe."""

from __future__ import annotations

import os

import click
from flask import current_app
from flask.cli import with_appcontext


def default_workers() -> int:
    """A web worker a core, at least two so that one slow request never stops the house."""
    return max(2, min(8, os.cpu_count() or 2))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=default_workers, help="Web workers.")
@with_appcontext
def serve(host: str, port: int, workers: int) -> None:
    """Serve the forum: web workers and the jobs process."""
    from forum.ops import server

    server.serve(current_app._get_current_object(), host, port, workers)  # type: ignore[attr-defined]


@click.command()
@with_appcontext
def worker() -> None:
    """Run the jobs apart from the web workers."""
    from forum.ops import server
    from forum.ops import worker as jobs_process

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    server.check_schema(app)
    jobs_process.run(app)


COMMANDS: tuple[click.Command, ...] = (serve, worker)
