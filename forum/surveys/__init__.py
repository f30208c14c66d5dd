"""Surveys: waves that ask customers how well they are served, so that nobody is recognised."""

from flask import Flask


def install(app: Flask) -> None:
    """Register what is stored."""
    from forum.surveys import models  # noqa: F401 -- so that the schema knows the tables
    from forum.surveys.results.install import install as install_results

    install_results(app)
