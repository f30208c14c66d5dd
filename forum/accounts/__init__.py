"""People, roles, sign-in, invitations, sessions."""

from flask import Flask

from forum.accounts import guard


def install(app: Flask) -> None:
    """Load who is asking before every request, and keep strangers out."""
    guard.install(app)
