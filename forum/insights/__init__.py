"""Pages that read across features: the map of who serves whom."""

from flask import Flask


def install(app: Flask) -> None:
    """Register each part."""
    from forum.insights.map import install as install_map

    install_map(app)
