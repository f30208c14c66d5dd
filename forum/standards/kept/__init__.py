"""Whether promises are kept: anyone on either side says so in ten seconds.

`sides` tells who promises and who is served, `counting` counts beside the marks, `rates` so that
nobody is recognised, `marking` writes, `about` remembers which clause an idea would change.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, what is known of people, and the clause that an idea is about."""
    from forum.core import jobs
    from forum.core.personal import hold
    from forum.ideas.extras import EXTRAS
    from forum.standards.kept import about, counting, evidence, personal
    from forum.standards.kept.shown import since
    from forum.standards.kept.views import bp

    app.register_blueprint(bp)
    hold(personal.HOLDING)
    EXTRAS["about"] = about.EXTRA
    evidence.install()
    jobs.SWEEPS["promises"] = lambda: counting.sweep(since())
