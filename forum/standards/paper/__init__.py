"""Standards outside the forum: on paper, as files that leave, as files that come in.

`sheet` says what stands on paper, `printing` lays it out, `queue` does so for long ones in a job,
`kept` holds what was printed; `leaving` makes the other files; `coming` takes in a company's own.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register the pages, and have long standards printed in the jobs process."""
    from forum.core import jobs
    from forum.standards.paper import queue
    from forum.standards.paper.views import bp

    app.register_blueprint(bp)
    jobs.LOOKS["printing"] = queue.print_next
    jobs.SWEEPS["printed"] = queue.sweep
