"""Pages that read across features: the map, the figures of the loop, passports of departments.

`map` shows services, `figures` counts and knows no person, `passport` tells of one department.
"""

from flask import Flask


def install(app: Flask) -> None:
    """Register every part."""
    from forum.insights import figures, gains, passport
    from forum.insights.map import install as install_map

    install_map(app)
    figures.install(app)
    gains.install(app)
    passport.install(app)
