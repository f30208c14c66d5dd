"""Read and confirmed: whom a version asks, by when, who has confirmed it and how.

`audience` says whom it asks, `confirmed` who has, `due` by when; `standing` reads both for one
person, `pending` what waits for somebody, `report` what is shown to editors. `carrying` keeps
confirmations through a minor change, `paper` enters those of paper, `reminding` reminds.
"""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and the sweep that reminds."""
    from forum.core import jobs
    from forum.standards.confirming import reminding
    from forum.standards.confirming.views import bp

    app.register_blueprint(bp)
    jobs.SWEEPS["confirmations"] = reminding.sweep
