"""Uploads and what may be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def install(app: Flask) -> None:
    """Register the pages."""
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.files import actions, extraction, personal
    from forum.files.views import bp

    app.register_blueprint(bp)
    hold(personal.HOLDING)
    jobs.LOOKS["documents"] = extraction.read_next
    jobs.SWEEPS["uploads"] = actions.sweep_uploads
    jobs.SWEEPS["files"] = actions.sweep_files
