"""Who has to say yes before a version comes into force, and on which day it does.

`asking` says who is asked, `actions` sends and answers, `gate` decides whether a version may be
published, `release` publishes for a later day or in an emergency, `clock` reminds.
"""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, what waits on Home, and what is due by the clock."""
    from forum.core import jobs, slots
    from forum.core.personal import hold
    from forum.departments import hooks
    from forum.standards.approvals import (
        clock,
        coming,
        following_departments,
        panels,
        personal,
    )
    from forum.standards.approvals.views import bp

    app.register_blueprint(bp)
    slots.fill("home", slots.Panel("approvals", "standards/approvals/_on_home.html", panels.home))
    jobs.SWEEPS["approvals"] = clock.sweep
    jobs.SWEEPS["coming-versions"] = coming.sweep
    hold(personal.HOLDING)
    hooks.follow(following_departments.FOLLOWER)
